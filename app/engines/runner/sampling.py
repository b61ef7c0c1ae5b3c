"""Choosing the next token from raw scores: pure, and repeatable by its seed."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.models import Sampling

Scores = NDArray[np.float32]
PENALTY_WINDOW: Final = 64  # how many recent tokens the repeat penalty looks at


def log_softmax(logits: Scores) -> NDArray[np.float32]:
    """Return natural log-probabilities at temperature 1."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum(dtype=np.float64)), np.float32)


def top_logprobs(logits: Scores, token: int, count: int) -> tuple[float, list[tuple[int, float]]]:
    """Return the log-probability of a token and of the `count` likeliest ones, best first."""
    scores = log_softmax(logits)
    best = _best(scores, count)
    return float(scores[token]), [(int(each), float(scores[each])) for each in best]


def penalise(logits: Scores, recent: Sequence[int], penalty: float) -> Scores:
    """Return scores in which tokens of the recent past are less likely (penalty above 1)."""
    if penalty == 1.0 or not recent:
        return logits
    seen = np.unique(np.asarray(recent[-PENALTY_WINDOW:], np.int64))
    changed = logits.copy()
    held = changed[seen]
    changed[seen] = np.where(held > 0, held / penalty, held * penalty)
    return changed


def _best(scores: Scores, count: int) -> NDArray[np.intp]:
    """The indices of the `count` highest scores, best first; equal scores go by index."""
    if count <= 0:
        return np.empty(0, np.intp)
    if count >= scores.size:
        return np.argsort(-scores, kind="stable")
    edge = np.partition(scores, scores.size - count)[scores.size - count]
    found = np.flatnonzero(scores >= edge)
    return found[np.argsort(-scores[found], kind="stable")][:count]


def candidates(logits: Scores, sampling: Sampling) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the tokens that may be chosen, likeliest first, and their probabilities.

    top_k, top_p and min_p look at the model's own distribution; the temperature then reshapes
    what they left.
    """
    kept = _best(logits, sampling.top_k or logits.size)
    scores = logits[kept].astype(np.float64)
    weights = np.exp(scores - scores[0])
    shares = weights / weights.sum()
    # The token that crosses top_p still belongs to the set.
    within = np.searchsorted(np.cumsum(shares), sampling.top_p, side="left") + 1
    likely = np.count_nonzero(weights >= sampling.min_p)
    count = max(1, min(int(within), likely))
    warmed = np.exp((scores[:count] - scores[0]) / sampling.temperature)
    return kept[:count], warmed / warmed.sum()


class Sampler:
    """Chooses tokens for one answer; every choice takes exactly one random number.

    So a seed gives the same text however many positions one evaluation covers.
    """

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._random = np.random.Generator(np.random.PCG64(sampling.seed))

    def choose(self, logits: Scores, recent: Sequence[int]) -> int:
        """Return the next token after `recent`; at temperature 0 the likeliest one."""
        scores = penalise(logits, recent, self._sampling.repeat_penalty)
        if self._sampling.temperature == 0:
            return int(scores.argmax())
        tokens, shares = candidates(scores, self._sampling)
        place = int(np.searchsorted(np.cumsum(shares), self._random.random(), side="right"))
        return int(tokens[min(place, tokens.size - 1)])

    def ties(self, logits: Scores, recent: Sequence[int], tolerance: float) -> bool:
        """Return whether the likeliest token leads by so little that another is as good.

        Only the choice at temperature 0 hangs on that.
        """
        if self._sampling.temperature > 0 or logits.size < 2:
            return False
        scores = penalise(logits, recent, self._sampling.repeat_penalty)
        second, first = np.partition(scores, scores.size - 2)[-2:]
        return bool(first - second <= tolerance)
