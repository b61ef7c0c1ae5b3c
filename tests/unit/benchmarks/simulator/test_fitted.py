"""Where the abilities of simulated models come from: tables at hand, else those shipped."""

import json
from pathlib import Path

import pytest

from benchmarks.simulator import fitted, tables
from benchmarks.simulator.fitted import EXAM
from benchmarks.simulator.items import GRADES, KINDS

HEAD = "| family | grade | `draft` | `front` | `worker` | `coder` | `architect` |\n| --- |\n"
ROW = "| add | {} | 10 (1 to 20) | 60 (1 to 2) | 70 (1 to 2) | 65 (1 to 2) | {} (1 to 2) |\n"
ENTRY = {"count": 40, "right": 20, "mean": {"bins": [], "auroc": 0.9}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "".join(ROW.format(grade, 100 - grade) for grade in (1, 2, 3, 4))
    (tmp_path / "README.md").write_text(f"# Models\n\n{HEAD}{rows}| **add** | all | 1 % |\n")
    entry = {"all": ENTRY, "families": {"add": {**ENTRY, "mean": {"bins": [], "auroc": 0.6}}}}
    (tmp_path / "front.calibration.json").write_text(json.dumps(entry))
    return tmp_path


def test_the_report_of_the_evaluation_is_read(folder: Path) -> None:
    found = tables.read(folder)
    assert found.complete
    assert found.shares["front"] == {("add", grade): 0.6 for grade in GRADES}
    assert found.shares["architect"]["add", 1] == 0.98  # never surer than this
    assert found.separation["front"][""] == 0.9
    assert 0.6 < found.separation["front"]["add"] < 0.9  # few answers: drawn to the others


def test_abilities_follow_the_tables_at_hand(folder: Path) -> None:
    found = fitted.load(folder)
    assert found.source == "README.md"
    share = found.open.mean(found.abilities["worker"]["add", 2])
    assert share == pytest.approx(0.7, abs=1e-6)
    assert found.auroc("architect", "add") == pytest.approx(0.8)  # nobody said


def test_without_tables_the_shipped_ones_hold(tmp_path: Path) -> None:
    found = fitted.load(tmp_path)
    for name in tables.ANSWERING:
        assert set(found.abilities[name]) >= {(kind, grade) for kind in KINDS for grade in GRADES}
    weak, strong = found.abilities["front"][EXAM, 1], found.abilities["architect"][EXAM, 1]
    assert weak < found.abilities["worker"][EXAM, 1] < strong
    assert found.curve(EXAM).guess > 0 == found.curve("add").guess


def test_what_is_shipped_says_how_it_was_made_and_names_no_place() -> None:
    text = fitted.SHIPPED.read_text("utf-8")
    assert "how" in json.loads(text)
    assert "/" not in text
    assert len(text) < 12_000
