"""The trace benchmark: any CSV of its form runs through, and odd ones are refused in words."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.router_trace import main
from benchmarks.traces.figures import auroc, figures, folds, interval
from benchmarks.traces.gating import cost_at
from benchmarks.traces.reading import LEAST, Unusable, read

WORDS = {
    "easy": ("Name the capital of Peru", "Which colour is grass", "Name a long river"),
    "hard": ("Prove the theorem of Gauss", "Derive the integral", "Prove that it halts"),
}
Row = Mapping[str, str]


def rows(count: int = 120, *, subject: bool = True, responses: bool = False) -> list[Row]:
    """Return questions where the weak model fails on what is hard."""
    dice, found = Random(7), list[Row]()
    for at in range(count):
        kind = dice.choice(["easy", "hard"])
        weak = dice.random() < (0.9 if kind == "easy" else 0.2)
        row = {
            "prompt": f"{dice.choice(WORDS[kind])} {'again ' * (at % 7)}?",
            "weak_correct": str(weak),
            "strong_correct": str(int(dice.random() < 0.9)),
        }
        if subject:
            row["subject"] = kind
        if responses:
            row["weak_response"] = "It is 2 + 2 = 4." if weak else "2 + 2 = 5, I think. " * 3
            row["strong_response"] = "Yes."
        found.append(row)
    return found


def written(folder: Path, found: Sequence[Row], name: str = "trace.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(found[0]))
        out.writeheader()
        out.writerows(found)
    return path


@pytest.mark.parametrize("subject", [True, False])
def test_the_product_beats_chance_with_and_without_subjects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], subject: bool
) -> None:
    path = written(tmp_path, rows(subject=subject))
    assert main([str(path)]) == 0
    table = capsys.readouterr().out
    cells = {line.split("|")[1].strip(): line for line in table.splitlines() if "|" in line}
    areas = {
        name: float(cells[name].split("|")[2].split()[0]) for name in ("the product", "random")
    }
    assert areas["the product"] > max(0.6, areas["random"])
    assert "0.603" in cells["RouteLLM, published for MMLU"]
    assert {"one head", "nearest by words", "subject alone"} <= set(cells)
    assert "The gate" not in table


def test_responses_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, rows(responses=True))
    assert main([str(path), "--train", "60", "--blind"]) == 0
    table = capsys.readouterr().out
    assert "learned from 60 questions" in table
    assert float(table.split("AUROC ")[1].split()[0]) > 0.9
    for ratio in ("0.05", "0.1", "0.3", "0.5"):
        assert f"| {ratio} | " in table


def test_the_command_needs_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "trace" in capsys.readouterr().err


def test_a_packed_trace_is_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path, rows())
    packed = tmp_path / "trace.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed).items == read(plain).items


def test_odd_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    odd: list[Row] = [
        {**rows(1)[0], "prompt": "   "},
        {**rows(1)[0], "weak_correct": "maybe"},
        {**rows(1)[0], "strong_correct": ""},
        {**rows(1)[0], "strong_correct": "7"},
        {**rows(1)[0], "weak_correct": "nan"},
    ]
    trace = read(written(tmp_path, [*rows(80), *odd]))
    assert (len(trace.items), trace.left_out) == (80, len(odd))
    short = tmp_path / "short.csv"
    short.write_text(written(tmp_path, rows(80)).read_text("utf-8") + "only one cell\n", "utf-8")
    assert read(short).left_out == 1


def test_a_null_byte_or_half_a_character_stops_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, rows(80))
    path.write_bytes(path.read_bytes().replace(b"Peru", b"Pe\0ru\xff"))
    assert len(read(path).items) == 80


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([{"prompt": "x", "weak_correct": "1"}], "has no column strong_correct"),
        ([{"question": "x"}], "has no column prompt, weak_correct, strong_correct"),
        (rows(LEAST - 1), f"has {LEAST - 1} usable rows"),
        ([{**each, "weak_correct": "1", "strong_correct": "1"} for each in rows()], "no gap"),
        ([{**each, "weak_correct": "0", "strong_correct": "0"} for each in rows()], "no gap"),
        ([{**each, "weak_correct": "1", "strong_correct": "0"} for each in rows()], "no gap"),
    ],
)
def test_what_is_no_trace_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], found: Sequence[Row], words: str
) -> None:
    assert main([str(written(tmp_path, found))]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bno gzip", b"\xff\xfe\0\0" * 40])
def test_files_of_another_kind_are_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes(content)
    with pytest.raises(Unusable):
        read(path)
    with pytest.raises(Unusable, match="cannot be read"):
        read(tmp_path / "nowhere.csv")


def test_a_weak_model_that_is_never_right_is_no_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [{**each, "weak_correct": "0"} for each in rows(LEAST, responses=True)]
    assert main([str(written(tmp_path, found))]) == 0
    assert "AUROC nan" in capsys.readouterr().out


def test_an_oracle_and_its_opposite_have_the_areas_they_should() -> None:
    weak, strong = np.array([1.0, 0.0] * 50), np.ones(100)
    assert figures(strong - weak, weak, strong).apgr == pytest.approx(0.75, abs=0.01)
    assert figures(weak - strong, weak, strong).apgr == pytest.approx(0.25, abs=0.01)
    assert figures(strong - weak, weak, strong).cpt50 == pytest.approx(0.25)
    low, high = interval(strong - weak, weak, strong).apgr
    assert low <= 0.75 <= high


def test_ties_count_half() -> None:
    right = np.array([1.0, 0.0, 1.0, 0.0])
    assert auroc(np.zeros(4), right) == 0.5
    assert auroc(right, right) == 1.0
    assert np.isnan(auroc(np.zeros(2), np.ones(2)))


def test_no_question_is_told_from_itself() -> None:
    for train, test in folds(103):
        assert not set(train) & set(test)
    assert sorted(at for _, test in folds(103) for at in test) == list(range(103))


def test_a_cascade_pays_for_weak_calls_and_keeps_its_quality(tmp_path: Path) -> None:
    trace = read(written(tmp_path, rows(400)))
    knows = trace.weak + 0.001 * np.arange(400)
    cost, quality = cost_at(trace, knows, 0.1, 0.95)
    assert 0.1 < cost < 0.6
    assert quality > 0.9
    # Who cannot be trusted with anything is not asked first.
    assert cost_at(trace, np.zeros(400), 0.1, 0.99)[0] == pytest.approx(1.0)
