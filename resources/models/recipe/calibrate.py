"""Writes beside each model what its confidence is worth, for a gate that has seen nothing yet.

Every second held-out question goes into these files; the others stay unseen for whoever measures
the gate. For each family and each score, the answers lie in bins between fixed edges: how many, and
how many of them were right.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from math import exp
from pathlib import Path
from typing import Any, Final

from resources.models.recipe.figures import auroc
from resources.models.recipe.outcomes import Outcome

FORM: Final = 1
# Edges where small models spread: most answers are very sure, so the bins get narrower towards 1.
EDGES: Final = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.87, 0.92, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)

SCORES: Final[dict[str, Callable[[Outcome], float]]] = {
    "mean": lambda outcome: exp(outcome.mean),
    "least": lambda outcome: exp(outcome.least),
    "whole": lambda outcome: exp(outcome.total),
    "margin": lambda outcome: outcome.margin,
}


def is_calibration(outcome: Outcome) -> bool:
    """Return whether a question's outcome may go into the files beside the models."""
    return outcome.number % 2 == 0


def calibration(model: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the calibration data of one model."""
    used = [outcome for outcome in outcomes if is_calibration(outcome)]
    families: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in used:
        families[outcome.family].append(outcome)
    return {
        "form": FORM,
        "model": model,
        "edges": list(EDGES),
        "scores": {
            "mean": "exp of the mean log-probability of the answer's tokens",
            "least": "probability of the least likely token",
            "whole": "probability of the whole answer",
            "margin": "smallest lead of a token over the next one, in probability",
        },
        "all": _entry(used),
        "families": {family: _entry(found) for family, found in families.items()},
    }


def write(model: str, outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the calibration data of one model to `path`, one line for each family."""
    data = calibration(model, outcomes)
    families = data.pop("families")
    head = json.dumps(data)[:-1]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(each)}" for name, each in families.items())
    fresh = path.with_suffix(".new")
    fresh.write_text(f'{head}, "families": {{\n{lines}\n}}}}\n', "utf-8")
    fresh.replace(path)


def _entry(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    right = [outcome.right for outcome in outcomes]
    entry: dict[str, Any] = {"count": len(right), "right": sum(right)}
    for name, score in SCORES.items():
        values = [score(outcome) for outcome in outcomes]
        entry[name] = {"bins": _bins(values, right), "auroc": _number(auroc(values, right))}
    return entry


def _bins(values: Sequence[float], right: Sequence[bool]) -> list[list[int]]:
    bins = [[0, 0] for _ in range(len(EDGES) + 1)]
    for value, ok in zip(values, right, strict=True):
        found = bins[bisect_right(EDGES, value)]
        found[0] += 1
        found[1] += ok
    return bins


def _number(value: float) -> float | None:
    return round(value, 3) if value == value else None  # noqa: PLR0124 - not a number
