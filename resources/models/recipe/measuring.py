"""The commands that need llama.cpp, but not PyTorch: evaluation, calibration data, report."""

import logging
from collections.abc import Sequence
from pathlib import Path

from resources.models.recipe import calibrate, probes, report, source
from resources.models.recipe.evaluate import evaluate
from resources.models.recipe.outcomes import outcomes

log = logging.getLogger(__name__)


def evaluate_all(files: Sequence[Path], work: Path, items: int, workers: int) -> None:
    """Ask every model the held-out questions; write what the program shall know beside them."""
    questions = source.questions(items)
    asked = []
    for path in files:
        found = outcomes(evaluate(path, questions, _folder(work), workers))
        calibrate.write(path.stem, found, path.with_suffix(".calibration.json"))
        asked.append((path, found))
    probes.write(questions, asked, files[0].parent)


def report_all(files: Sequence[Path], work: Path, readme: Path) -> None:
    """Write the figures of the models that were asked into `readme`."""
    asked = [path for path in files if _lines(work, path).exists()]
    results = {path.stem: outcomes(_lines(work, path)) for path in asked}
    checks = report.write(results, [report.made(path) for path in asked], readme)
    for check in checks:
        log.info("%s  %s: %s", "yes" if check.holds else "NO ", check.what, check.figure)


def _folder(work: Path) -> Path:
    return work / "outcomes"


def _lines(work: Path, model: Path) -> Path:
    return _folder(work) / f"{model.stem}.jsonl"
