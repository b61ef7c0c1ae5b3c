"""The numbers behind the simulated models: read from the tables at hand, else those shipped here.

`python -m benchmarks.simulator fit TRACE.csv --models DIR` writes the shipped ones anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from benchmarks.simulator import tables, trace
from benchmarks.simulator.curves import Curve
from benchmarks.simulator.tables import ANSWERING, Cell, Tables

SHIPPED: Final = Path(__file__).with_name("fitted.json")
EXAM: Final = "exam"
# Where the trace knows two models, the others stand between or beside them.
_BETWEEN: Final = {"front": 0.0, "worker": 0.5, "coder": 0.6, "architect": 1.0}
# Until the tables of all models exist: how far a share moves towards 1, by model.
_STEPS: Final = {"front": 0.0, "worker": 0.45, "coder": 0.40, "architect": 0.70}
_CODER_AT_CODE: Final = 0.85
_SEPARATION: Final = 0.80


@dataclass(frozen=True)
class Fitted:
    """Abilities by model and cell, with the curves they belong to; AUROCs by model and family.

    `source` says what the abilities of the starter models were fitted to.
    """

    source: str
    open: Curve
    exam: Curve
    abilities: Mapping[str, Mapping[Cell, float]]
    separation: Mapping[str, Mapping[str, float]]

    def curve(self, family: str) -> Curve:
        """Return the curve of a family of questions."""
        return self.exam if family == EXAM else self.open

    def auroc(self, model: str, family: str) -> float:
        """Return how well the log-probabilities of a model tell right from wrong."""
        known = self.separation.get(model, {})
        return known.get(family, known.get("", _SEPARATION))


@lru_cache(maxsize=8)
def load(models: Path) -> Fitted:
    """Return what the simulation runs on: `models` has the tables of the starter family."""
    shipped = json.loads(SHIPPED.read_text("utf-8"))
    found = tables.read(models)
    used = found if found.complete else _shipped_tables(shipped["starter"])
    exam, open_curve = Curve(**shipped["exam"]["curve"]), Curve(**shipped["open"])
    abilities = {name: _abilities(used.shares[name], open_curve) for name in ANSWERING}
    for grade, (weak, strong) in enumerate(shipped["exam"]["abilities"], start=1):
        for name, share in _BETWEEN.items():
            abilities[name][EXAM, grade] = weak + share * (strong - weak)
    separation = {**used.separation, **found.separation}
    return Fitted(used.source, open_curve, exam, abilities, separation)


def write(path: Path, models: Path) -> dict[str, Any]:
    """Fit everything anew to the trace in `path` and the tables in `models`; keep it, return it."""
    fit = trace.fit(trace.read(path).values())
    found = tables.read(models)
    data = {
        "how": (
            "exam: the likeliest curve and abilities by quarters of subjects, for the joint "
            "outcomes of two models on multiple-choice questions. open: the same curve without "
            "guessing. starter: shares of right answers by family and grade as evaluated; "
            "models that are missing stand at fixed steps above the front model."
        ),
        "exam": {
            "questions": fit.questions,
            "only_weak": {"trace": round(fit.only_weak[0], 4), "fit": round(fit.only_weak[1], 4)},
            "curve": _plain(fit.curve),
            "abilities": [[round(each, 3) for each in pair] for pair in fit.abilities],
        },
        "open": _plain(Curve(0.0, fit.curve.steep, fit.curve.spread)),
        "starter": _packed(found if found.complete else _grown(found)),
    }
    SHIPPED.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    return data


def _plain(curve: Curve) -> dict[str, float]:
    return {"guess": curve.guess, "steep": curve.steep, "spread": curve.spread}


def _abilities(shares: Mapping[Cell, float], curve: Curve) -> dict[Cell, float]:
    return {cell: curve.ability(share) for cell, share in shares.items()}


def _grown(found: Tables) -> Tables:
    """Return tables of all models, made from that of the front model alone."""
    front = found.shares["front"]
    grown = Tables("the front model's evaluation, other models at fixed steps above it")
    for name, step in _STEPS.items():
        grown.shares[name] = {
            (family, grade): share
            + (1 - share) * (_CODER_AT_CODE if (name, family) == ("coder", "code") else step)
            for (family, grade), share in front.items()
        }
    grown.separation = found.separation
    return grown


def _packed(found: Tables) -> dict[str, Any]:
    """Return tables in the form of the shipped file: by model, by family, grades in order."""
    packed: dict[str, Any] = {"source": found.source, "separation": found.separation, "shares": {}}
    for name in ANSWERING:
        rows: dict[str, list[float]] = {}
        for (family, _), share in sorted(found.shares[name].items()):
            rows.setdefault(family, []).append(round(share, 3))
        packed["shares"][name] = rows
    return packed


def _shipped_tables(packed: Mapping[str, Any]) -> Tables:
    shares = {
        name: {
            (family, grade): share
            for family, row in rows.items()
            for grade, share in enumerate(row, start=1)
        }
        for name, rows in packed["shares"].items()
    }
    return Tables(packed["source"], shares, packed["separation"])
