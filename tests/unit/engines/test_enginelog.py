"""Engine logs: whole lines from any pieces, bounded memory, a file per model."""

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.engines.enginelog import LINE_LIMIT, RING_LINES, EngineLog, log_file


def test_lines_are_put_together_and_written(tmp_path: Path) -> None:
    log = EngineLog(tmp_path / "a.log")
    log.feed(b"one\ntw")
    log.feed("o 世".encode()[:-1])
    log.feed("世".encode()[-1:] + b"\r\nthree")
    assert log.tail() == ["one", "two 世"]
    log.close()
    assert log.tail() == ["one", "two 世", "three"]
    written = (tmp_path / "a.log").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ", 2)[2] for line in written] == ["one", "two 世", "three"]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_any_split_gives_the_same_lines(data: bytes, places: list[int]) -> None:
    whole, pieces = EngineLog(Path("none/x.log")), EngineLog(Path("none/x.log"))
    whole.feed(data + b"\n")
    edges = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    for start, end in itertools.pairwise(edges):
        pieces.feed(data[start:end])
    pieces.feed(b"\n")
    assert whole.tail(500) == pieces.tail(500)


def test_memory_is_bounded(tmp_path: Path) -> None:
    log = EngineLog(tmp_path / "a.log")
    for number in range(RING_LINES + 10):
        log.add(str(number))
    assert len(log.tail(10_000)) == RING_LINES
    log.feed(b"x" * (LINE_LIMIT * 3))
    assert len(log.tail(1)[0]) == LINE_LIMIT
    log.close()


def test_a_folder_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    log = EngineLog(blocked / "a.log")
    log.add("still here")
    assert log.tail() == ["still here"]
    log.close()


def test_names_of_models_become_different_file_names(tmp_path: Path) -> None:
    names = ["plain-1.5b", "a/b", "a\\b", "a_b", "../up", "田中 Ж", "x" * 200]
    files = [log_file(tmp_path, name) for name in names]
    assert files[0].name == "engine-plain-1.5b.log"
    assert len(set(files)) == len(names)
    assert all(file.parent == tmp_path and len(file.name) < 90 for file in files)
