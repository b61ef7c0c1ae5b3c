"""What the starter models can do: the tables that the evaluation wrote beside them."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Cell = tuple[str, int]

ANSWERING: Final = ("front", "worker", "coder", "architect")
REPORT: Final = "README.md"
_HEAD: Final = re.compile(r"^\| family \| grade \|(.*)\|$", re.MULTILINE)
_ROW: Final = re.compile(r"^\| ([a-z-]+) \| (\d) \|(.*)\|$", re.MULTILINE)
_SHARE: Final = re.compile(r"\s*(\d+) \(")
_LEAST, _MOST = 0.02, 0.98


@dataclass
class Tables:
    """By model: the share of right answers in each cell, and how well confidence tells, by family.

    `source` says where they come from.
    """

    source: str = ""
    shares: dict[str, dict[Cell, float]] = field(default_factory=dict)
    separation: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all models that answer are in them."""
        return all(self.shares.get(name) for name in ANSWERING)


def read(folder: Path) -> Tables:
    """Return what the report and the calibration files in `folder` say of the models they name.

    The report has the grades, the calibration files only families.
    """
    tables = Tables(source=REPORT)
    report = folder / REPORT
    if report.exists():
        tables.shares = shares(report.read_text("utf-8"))
    for name in ANSWERING:
        path = folder / f"{name}.calibration.json"
        if path.exists():
            tables.separation[name] = separation(json.loads(path.read_text("utf-8")))
    return tables


def shares(report: str) -> dict[str, dict[Cell, float]]:
    """Return the accuracy table of a report, kept away from never and always."""
    head = _HEAD.search(report)
    if head is None:
        return {}
    names = [each.strip(" `") for each in head[1].split("|")]
    found: dict[str, dict[Cell, float]] = {name: {} for name in names}
    for family, grade, rest in _ROW.findall(report):
        for name, cell in zip(names, rest.split("|"), strict=False):
            share = _SHARE.match(cell)
            if share:
                found[name][family, int(grade)] = min(_MOST, max(_LEAST, int(share[1]) / 100))
    return found


def separation(calibration: dict[str, object]) -> dict[str, float]:
    """Return by family how well the mean log-probability tells right from wrong (AUROC).

    Few answers of a family were counted, so its figure is drawn to that of all.
    """
    everything = calibration["all"]
    families = calibration["families"]
    assert isinstance(everything, dict)
    assert isinstance(families, dict)
    general = float(everything["mean"]["auroc"] or 0.75)
    found = {"": general}
    for name, entry in families.items():
        own, right = entry["mean"]["auroc"], int(entry["right"])
        pairs = min(right, int(entry["count"]) - right)
        weight = pairs / (pairs + 10)
        found[str(name)] = round(weight * (own or general) + (1 - weight) * general, 3)
    return found
