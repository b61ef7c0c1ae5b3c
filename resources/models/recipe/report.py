"""Writes what the models can do into the README beside them.

Only what stands between the two marks is written anew; the words around it are kept.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Final

from resources.models.recipe.answers import description
from resources.models.recipe.checks import Cell, Check, Results, accuracy, checks, overall
from resources.models.recipe.figures import Share, auroc, calibration_error, reliability
from resources.models.recipe.outcomes import Outcome

BEGIN: Final = "<!-- figures: written by the evaluation -->"
END: Final = "<!-- end of figures -->"
# Why a demand is not met, by a beginning of its wording: written by whoever knows.
REASONS: Final = Path(__file__).with_name("shortfalls.json")


@dataclass(frozen=True)
class Made:
    """What a model file says of its making."""

    name: str
    size: int
    layers: int
    width: int
    window: int
    weights: int
    steps: int
    hours: float
    seed: int


def made(path: Path) -> Made:
    """Return what the file in `path` says of its making."""
    found, weights = description(path)

    def number(key: str) -> float:
        return float(found.get(key, 0))

    return Made(
        name=path.stem,
        size=path.stat().st_size,
        layers=int(number("llama.block_count")),
        width=int(number("llama.embedding_length")),
        window=int(number("llama.context_length")),
        weights=weights,
        steps=int(number("echelon.training_steps")),
        hours=number("echelon.training_seconds") / 3600,
        seed=int(number("echelon.seed")),
    )


def write(results: Results, models: Sequence[Made], readme: Path) -> list[Check]:
    """Write the figures into `readme` and return the demands with their verdicts."""
    found = checks(results)
    reasons = json.loads(REASONS.read_text("utf-8")) if REASONS.exists() else {}
    parts = [
        _models(models),
        _overall(results),
        _checks(found, reasons),
        _cells(results),
        _calibration(results),
    ]
    text = readme.read_text("utf-8") if readme.exists() else f"# Models\n\n{BEGIN}\n{END}\n"
    if BEGIN not in text or END not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    fresh = readme.with_suffix(".new")
    figures = "\n".join(parts)
    fresh.write_text(f"{before}{BEGIN}\n\n{figures}\n{END}{after}", "utf-8")
    fresh.replace(readme)
    return found


def _models(models: Sequence[Made]) -> str:
    rows = [
        (
            f"`{each.name}.gguf`",
            f"{each.size / 1e6:.2f} MB",
            f"{each.weights / 1e6:.2f} M",
            f"{each.layers} x {each.width}",
            str(each.window),
            f"{each.steps:,}",
            f"{each.hours:.1f} h",
            str(each.seed),
        )
        for each in models
    ]
    head = ("file", "size", "weights", "layers x width", "window", "steps", "training", "seed")
    return "### Sizes, times, seeds\n\n" + _table(head, rows, left=1)


def _overall(results: Results) -> str:
    rows = []
    for name, outcomes in results.items():
        share = Share(sum(each.right for each in outcomes), len(outcomes))
        low, high = share.interval
        means, right = [each.mean for each in outcomes], [each.right for each in outcomes]
        bins = reliability([exp(each.total) for each in outcomes], right)
        rows.append(
            (
                f"`{name}`",
                f"{share.value:.3f}",
                f"{low:.3f} to {high:.3f}",
                f"{auroc(means, right):.3f}",
                f"{calibration_error(bins):.3f}",
                f"{sum(each.tokens for each in outcomes) / len(outcomes):.0f}",
            )
        )
    head = ("model", "right", "95 %", "AUROC", "calibration error", "tokens an answer")
    count = len(next(iter(results.values())))
    words = (
        f"\n{count:,} held-out questions, greedy answers through llama.cpp. AUROC: how often a "
        "right answer has a higher mean log-probability than a wrong one. Calibration error: mean "
        "gap between the probability of the whole answer at temperature 1 and the truth.\n"
    )
    return "### Overall\n\n" + _table(head, rows, left=1) + words


def _checks(found: Sequence[Check], reasons: dict[str, str]) -> str:
    rows = [
        (check.what, check.figure, "yes" if check.holds else f"falls short{_why(check, reasons)}")
        for check in found
    ]
    return "### What the family has to show\n\n" + _table(
        ("demand", "found", "holds"), rows, left=3
    )


def _why(check: Check, reasons: dict[str, str]) -> str:
    found = [why for begin, why in reasons.items() if check.what.startswith(begin)]
    return f": {found[0]}" if found else ""


def _cells(results: Results) -> str:
    tables = {name: accuracy(outcomes) for name, outcomes in results.items()}
    cells: list[Cell] = list(next(iter(tables.values())))
    rows = [
        (cell[0], str(cell[1]), *(_percent(table[cell]) for table in tables.values()))
        for cell in cells
    ]
    rows += _families(results)
    smallest = min(share.whole for table in tables.values() for share in table.values())
    words = f"\nPercent right with 95 % intervals (Wilson), at least {smallest} questions a cell.\n"
    head = ("family", "grade", *(f"`{name}`" for name in tables))
    return "### Accuracy by family and grade\n\n" + _table(head, rows, left=1) + words


def _families(results: Results) -> list[tuple[str, ...]]:
    families = list(dict.fromkeys(each.family for each in next(iter(results.values()))))

    def mean(outcomes: list[Outcome], family: str) -> str:
        return f"{overall([each for each in outcomes if each.family == family]):.1%}"

    return [
        (f"**{family}**", "all", *(mean(outcomes, family) for outcomes in results.values()))
        for family in families
    ]


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{share.value * 100:.0f} ({low * 100:.0f} to {high * 100:.0f})"


def _calibration(results: Results) -> str:
    rows = [
        (f"`{name}`", str(found.count), f"{found.sure:.2f}", f"{found.right:.2f}")
        for name, outcomes in results.items()
        for found in reliability(
            [exp(each.total) for each in outcomes], [each.right for each in outcomes]
        )
    ]
    head = ("model", "answers", "probability of the answer", "right")
    return "### Calibration at temperature 1\n\n" + _table(head, rows, left=1)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    lines = [head, rule, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
