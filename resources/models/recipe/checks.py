"""What the family has to show, each with its figure and whether it holds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from resources.models.recipe.figures import Share, auroc
from resources.models.recipe.outcomes import Outcome

Cell = tuple[str, int]
Results = dict[str, list[Outcome]]

# From the weakest to the strongest; the coder is a specialist and stands beside this order.
LADDER: Final = ("draft", "front", "worker", "architect")
CODE: Final = "code"
# Two cells of 200 that differ by less than this do not differ.
NOISE: Final = 0.02


@dataclass(frozen=True)
class Check:
    """One demand: what, the figure found, and whether it holds."""

    what: str
    figure: str
    holds: bool


def accuracy(outcomes: Sequence[Outcome]) -> dict[Cell, Share]:
    """Return the share of right answers in every cell."""
    right: dict[Cell, int] = {}
    whole: dict[Cell, int] = {}
    for outcome in outcomes:
        whole[outcome.cell] = whole.get(outcome.cell, 0) + 1
        right[outcome.cell] = right.get(outcome.cell, 0) + outcome.right
    return {cell: Share(right[cell], whole[cell]) for cell in whole}


def overall(outcomes: Sequence[Outcome]) -> float:
    """Return the share of right answers; every cell has the same number of questions."""
    return sum(outcome.right for outcome in outcomes) / len(outcomes) if outcomes else math.nan


def checks(results: Results) -> list[Check]:
    """Return all demands that the models at hand allow to be judged."""
    tables = {name: accuracy(found) for name, found in results.items()}
    ladder: list[str] = [name for name in LADDER if name in results]
    found: list[Check] = []
    if len(ladder) > 1:
        found.append(_rises(ladder, tables))
        found += [_only_weaker(*pair, results) for pair in pairwise(ladder)]
    found += [_separation(name, results[name]) for name in ("front", "worker") if name in results]
    found.append(_room(tables))
    if {"coder", "architect"} <= results.keys():
        found += _specialist(results)
    if "architect" in results:
        value = overall(results["architect"])
        found.append(Check("architect: at least 0.80 overall", f"{value:.3f}", value >= 0.80))
    if "front" in results:
        value = overall(results["front"])
        held = 0.35 <= value <= 0.65
        found.append(Check("front: 0.35 to 0.65 overall", f"{value:.3f}", held))
    return found


def _rises(ladder: list[str], tables: dict[str, dict[Cell, Share]]) -> Check:
    cells = list(tables[ladder[0]])

    def share(noise: float) -> Share:
        rising = 0
        for cell in cells:
            values = [tables[name][cell].value for name in ladder]
            steps = pairwise(values)
            rising += all(after >= before - noise for before, after in steps)
        return Share(rising, len(cells))

    loose, strict = share(NOISE), share(0.0)
    return Check(
        f"accuracy rises from {' to '.join(ladder)} in at least 80 % of the cells",
        f"{loose.value:.0%} ({loose.part} of {loose.whole}); {strict.value:.0%} without allowing "
        f"{NOISE * 100:.0f} points of noise",
        loose.value >= 0.80,
    )


def _only_weaker(weaker: str, stronger: str, results: Results) -> Check:
    pairs = list(zip(results[weaker], results[stronger], strict=True))
    share = Share(sum(a.right and not b.right for a, b in pairs), len(pairs))
    return Check(
        f"only the weaker one is right, {weaker} before {stronger}: 1 to 10 %",
        f"{share.value:.1%}",
        0.01 <= share.value <= 0.10,
    )


def _separation(name: str, outcomes: list[Outcome]) -> Check:
    value = auroc([each.mean for each in outcomes], [each.right for each in outcomes])
    return Check(
        f"{name}: mean log-probability tells right from wrong, AUROC at least 0.65",
        f"{value:.3f}",
        value >= 0.65,
    )


def _room(tables: dict[str, dict[Cell, Share]]) -> Check:
    best: dict[str, list[float]] = {}
    for cell in next(iter(tables.values())):
        top = max(table[cell].value for table in tables.values())
        best.setdefault(cell[0], []).append(top)
    full = [family for family, tops in best.items() if sum(top < 0.90 for top in tops) < 2]
    missing = f"; fewer in {', '.join(full)}" if full else ""
    return Check(
        "in every family at least two grades where the best is below 90 %",
        f"{len(best) - len(full)} of {len(best)} families{missing}",
        not full,
    )


def _specialist(results: Results) -> list[Check]:
    def by_family(name: str) -> dict[str, float]:
        families: dict[str, list[Outcome]] = {}
        for outcome in results[name]:
            families.setdefault(outcome.family, []).append(outcome)
        return {family: overall(found) for family, found in families.items()}

    coder, architect = by_family("coder"), by_family("architect")
    found = []
    if CODE in coder:
        figure = f"{coder[CODE]:.3f} against {architect[CODE]:.3f}"
        holds = coder[CODE] > architect[CODE]
        found.append(Check("code: coder beats architect", figure, holds))
    others = [family for family in coder if family != CODE]
    kept = [family for family in others if coder[family] >= architect[family]]
    missing = f"; not in {', '.join(kept)}" if kept else ""
    figure = f"{len(others) - len(kept)} of {len(others)} families{missing}"
    found.append(Check("elsewhere: coder loses to architect", figure, not kept))
    return found
