"""The gate on a trace: how well weak answers are told by their texts, and what a cascade costs."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.orchestration.gate.acceptance import Acceptance, Judged
from app.orchestration.gate.checks import is_refusal
from app.orchestration.gate.signals import signals
from app.orchestration.gate.validators import validated
from app.orchestration.router.families import family_of
from benchmarks.traces.figures import folds
from benchmarks.traces.reading import Item, Trace, Vector

COST_RATIOS: Final = (0.05, 0.1, 0.3, 0.5)
SHARES: Final = (0.95, 0.99)
GRID: Final = 101


def judged(items: Sequence[Item], expected: Vector) -> Vector:
    """Return the probability that each weak answer is right, from folds without it.

    Args:
        items: questions and answers.
        expected: what is expected of each answer before it is there, from folds without it.
    """
    rows = [_row(item, prior) for item, prior in zip(items, expected.tolist(), strict=True)]
    found = np.zeros(len(items))
    for train, test in folds(len(items)):
        fit = Acceptance.fitted([rows[at] for at in train])
        found[test] = fit.probabilities([rows[at] for at in test])
    return found


def cost_at(trace: Trace, scores: Vector, ratio: float, share: float) -> tuple[float, float]:
    """Return cost in strong calls, and quality against the strong model, of a cascade.

    The threshold for each fold is chosen on the other folds.

    Args:
        trace: how both answered.
        scores: of the weak answers.
        ratio: what a weak call costs, in strong calls.
        share: how much of the strong model's quality is wanted.
    """
    weak, strong = trace.weak, trace.strong
    cost = right = 0.0
    for train, test in folds(len(weak)):
        threshold = _cheapest(scores[train], weak[train], strong[train], share)
        if threshold is None:  # the weak model is never asked where nothing of it may pass
            cost, right = cost + len(test), right + float(strong[test].sum())
            continue
        passes = scores[test] >= threshold
        cost += ratio * len(test) + float((~passes).sum())
        right += float(np.where(passes, weak[test], strong[test]).sum())
    return cost / len(weak), right / float(strong.sum())


def _cheapest(scores: Vector, weak: Vector, strong: Vector, share: float) -> float | None:
    """Return the lowest threshold that keeps the share of quality, None if none does."""
    goal = share * strong.mean()
    for threshold in np.quantile(scores, np.linspace(0, 1, GRID)):
        if np.where(scores >= threshold, weak, strong).mean() >= goal:
            return float(threshold)
    return None


def _row(item: Item, prior: float) -> Judged:
    family = family_of(item.question)
    checked = validated(item.question, family, item.response)
    refused = is_refusal(item.response)
    values = signals((), (), checked.verdicts, prior=prior, refused=refused)
    values["log_count"] = float(np.log1p(len(item.response)))
    return Judged("weak", "other", values, item.weak)
