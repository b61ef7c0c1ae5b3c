"""Choosing the next token from raw scores: pure, and repeatable by its seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.models import Sampling

Scores = NDArray[np.float32]
Ranked = NDArray[np.intp]
Bias = Sequence[tuple[int, float]]  # what is added to the scores of tokens
Allows = Callable[[NDArray[np.int32]], NDArray[np.bool_]]
FIRST_LOOK: Final = 64
FEW: Final = 4
COLDEST: Final = 1e-6  # a smaller temperature would only overflow
NO_TOKEN: Final = -1
PENALTY_WINDOW: Final = 64  # how many recent tokens the repeat penalty looks at


def log_softmax(logits: Scores) -> NDArray[np.float32]:
    """Return natural log-probabilities at temperature 1."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum(dtype=np.float64)), np.float32)


def top_logprobs(logits: Scores, token: int, count: int) -> tuple[float, list[tuple[int, float]]]:
    """Return the log-probability of a token and of the `count` likeliest ones, best first.

    As `log_softmax` has them, but only of the tokens that are told: in a large vocabulary, writing
    down all of them takes longer than everything else here.
    """
    shifted = logits - logits.max()
    whole = np.log(np.exp(shifted).sum(dtype=np.float64))

    def score(at: int) -> float:
        return float(np.float32(shifted[at] - whole))

    return score(token), [(int(each), score(each)) for each in _best(logits, count)]


@dataclass(frozen=True, slots=True)
class TokenScores:
    """A token of a prompt among the likeliest ones: their log-probabilities and ranks."""

    token: int
    logprob: float
    rank: int  # 1 for the likeliest
    best: tuple[tuple[int, float], ...]


def token_scores(logits: Scores, token: int, count: int) -> TokenScores:
    """Return how likely a token was where it stands, and the `count` likeliest ones."""
    own, best = top_logprobs(logits, token, count)
    rank = 1 + int(np.count_nonzero(logits > logits[token]))
    return TokenScores(token, own, rank, tuple(best))


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
    if count <= FEW:
        return _few_best(scores, count)
    edge = np.partition(scores, scores.size - count)[scores.size - count]
    found = np.flatnonzero(scores >= edge)
    return found[np.argsort(-scores[found], kind="stable")][:count]


def _few_best(scores: Scores, count: int) -> NDArray[np.intp]:
    """The same, several times as fast for a handful."""
    left = scores.copy()
    found = np.empty(count, np.intp)
    for place in range(count):
        found[place] = left.argmax()
        left[found[place]] = -np.inf
    return found


def biased(logits: Scores, bias: Bias) -> Scores:
    """Return scores to which something is added for some tokens."""
    if not bias:
        return logits
    changed = logits.copy()
    for token, value in bias:
        changed[token] += np.float32(value)
    return changed


def candidates(
    logits: Scores, sampling: Sampling, ranked: Ranked | None = None
) -> tuple[Ranked, NDArray[np.float64]]:
    """Return the tokens that may be chosen, likeliest first, and their probabilities.

    top_k, top_p and min_p look at the model's own distribution; the temperature then reshapes
    what they left.

    Args:
        logits: the scores of all tokens.
        sampling: the limits.
        ranked: the only tokens that count, likeliest first.
    """
    most = sampling.top_k or logits.size
    kept = _best(logits, most) if ranked is None else ranked[:most]
    scores = logits[kept].astype(np.float64)
    weights = np.exp(scores - scores[0])
    shares = weights / weights.sum()
    # The token that crosses top_p still belongs to the set.
    within = np.searchsorted(np.cumsum(shares), sampling.top_p, side="left") + 1
    likely = np.count_nonzero(weights >= sampling.min_p)
    count = max(1, min(int(within), likely))
    warmed = np.exp((scores[:count] - scores[0]) / max(sampling.temperature, COLDEST))
    return kept[:count], warmed / warmed.sum()


def allowed(scores: Scores, allows: Allows, wanted: int, min_p: float = 0) -> Ranked:
    """Return the likeliest tokens a grammar allows, best first.

    Asking about a token costs more than scoring it, so the likeliest are asked about first.

    Args:
        scores: the scores of all tokens.
        allows: knows the grammar.
        wanted: how many tokens are enough.
        min_p: tokens with less than this share of the best one's chance are of no use.
    """
    unlikely = np.log(min_p) if min_p > 0 else -np.inf
    count = FIRST_LOOK
    while True:
        best = _best(scores, count)
        fine = best[allows(best.astype(np.int32))]
        fine = fine[np.isfinite(scores[fine])]
        done = count >= scores.size or fine.size >= wanted
        if done or (fine.size and scores[best[-1]] - scores[fine[0]] < unlikely):
            return fine
        count *= 16


class Sampler:
    """Chooses tokens for one answer; every choice takes exactly one random number.

    So a seed gives the same text however many positions one evaluation covers.
    """

    def __init__(self, sampling: Sampling, bias: Bias = ()) -> None:
        self._sampling = sampling
        self._bias = bias
        self._random = np.random.Generator(np.random.PCG64(sampling.seed))

    def choose(self, logits: Scores, recent: Sequence[int], allows: Allows | None = None) -> int:
        """Return the next token after `recent`; at temperature 0 the likeliest one.

        It is `NO_TOKEN` when `allows`, which knows the grammar, allows none.
        """
        scores, sampling = self._scores(logits, recent), self._sampling
        ranked = None
        if allows is not None:
            wanted = 1 if sampling.temperature == 0 else sampling.top_k or scores.size
            ranked = allowed(scores, allows, wanted, sampling.min_p)
            if not ranked.size:
                return NO_TOKEN
        if sampling.temperature == 0:
            return int(scores.argmax() if ranked is None else ranked[0])
        tokens, shares = candidates(scores, self._sampling, ranked)
        place = int(np.searchsorted(np.cumsum(shares), self._random.random(), side="right"))
        return int(tokens[min(place, tokens.size - 1)])

    def _scores(self, logits: Scores, recent: Sequence[int]) -> Scores:
        return penalise(biased(logits, self._bias), recent, self._sampling.repeat_penalty)

    def ties(
        self,
        logits: Scores,
        recent: Sequence[int],
        tolerance: float,
        allows: Allows | None = None,
    ) -> bool:
        """Return whether the likeliest token leads by so little that another is as good.

        Only the choice at temperature 0 hangs on that.
        """
        if self._sampling.temperature > 0 or logits.size < 2:
            return False
        scores = self._scores(logits, recent)
        if allows is not None:
            best = scores[allowed(scores, allows, 2, exp(-tolerance))]
            return best.size > 1 and bool(best[0] - best[1] <= tolerance)
        second, first = np.partition(scores, scores.size - 2)[-2:]
        return bool(first - second <= tolerance)
