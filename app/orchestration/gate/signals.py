"""What the probability of an answer is computed from, as named numbers in a fixed order."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import logit
from app.orchestration.gate.statistics import confidence
from app.orchestration.holdback import FIRST_LOOK, LAST_LOOK

# Log-probabilities below this are all the same: hopeless.
FLOOR: Final = -20.0
NAMES: Final = (
    "mean",
    "least",
    "low",
    "tenth",
    "quarter",
    "half",
    "first",
    "total",
    "log_count",
    "margin",
    "least_margin",
    "scored",  # 1 where log-probabilities are known
    "with_margins",
    "prior",  # log-odds before anything was written
    "passed",  # checks that passed, at most 2
    "failed",
    "refused",
)

# After so many tokens there is an opinion on an answer that is still being written,
LOOKS: Final = (FIRST_LOOK, LAST_LOOK)
# which rests on these signals of its beginning.
PARTS: Final = ("mean", "least", "tenth", "first", "margin", "least_margin")


def signals(
    logprobs: Sequence[float],
    margins: Sequence[float],
    verdicts: Mapping[str, int],
    *,
    prior: float,
    refused: bool,
) -> dict[str, float]:
    """Return the signals of an answer; what is not known is 0, and said to be unknown.

    Args:
        logprobs: natural log-probability of every token.
        margins: lead of each token over the next best, or nothing.
        verdicts: of the checks.
        prior: probability that this model answers such a question rightly.
        refused: the answer says that it cannot or will not answer.
    """
    kept, leads = _within(logprobs, FLOOR, 0.0), _within(margins, -1.0, 1.0)
    found = confidence(kept, leads)
    values = {
        "prior": logit(prior),
        "passed": float(min(2, sum(each > 0 for each in verdicts.values()))),
        "failed": float(min(2, sum(each < 0 for each in verdicts.values()))),
        "refused": float(refused),
    }
    if found is not None:
        values |= {
            "mean": found.mean,
            "least": found.least,
            "low": found.low,
            "tenth": found.tenth,
            "quarter": found.quarter,
            "half": found.half,
            "first": found.first,
            "total": max(found.mean * len(kept), 10 * FLOOR),
            "log_count": found.log_count,
            "margin": found.margin,
            "least_margin": found.least_margin,
            "scored": 1.0,
            "with_margins": float(bool(leads)),
        }
    return {name: values.get(name, 0.0) for name in NAMES}


def _within(values: Sequence[float], least: float, most: float) -> list[float]:
    """Return what are numbers, none beyond the limits."""
    numbers = np.asarray(values, np.float64)
    found: list[float] = np.clip(numbers[np.isfinite(numbers)], least, most).tolist()
    return found


def early_name(part: str, look: int) -> str:
    """Return the name of a signal of an answer's first tokens."""
    return f"{part}@{look}"


EARLY_NAMES: Final = tuple(early_name(part, look) for look in LOOKS for part in PARTS)


def early_signals(logprobs: Sequence[float], margins: Sequence[float]) -> dict[str, float]:
    """Return the signals of the beginnings of a whole answer, for looks it went on behind."""
    found: dict[str, float] = {}
    for look in LOOKS:
        if len(logprobs) > look:
            begun = signals(logprobs[:look], margins[:look], {}, prior=0.5, refused=False)
            found |= {early_name(part, look): begun[part] for part in PARTS}
    return found


def vector(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Return signals as numbers in the order of `NAMES`."""
    return np.array([values.get(name, 0.0) for name in NAMES], np.float64)
