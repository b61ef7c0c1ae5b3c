"""The terminal's commands about the library: what they print, and when they delete."""

import io
import json
import sys
from pathlib import Path

import pytest

from app import shelves
from app.models.shelf.desk import LibraryDesk
from app.models.shelf.shelf import Shelf
from tests.fakes.doors import Door
from tests.unit.models.shelf.files import library, make


def library_door(shelf: Shelf) -> Door:
    """Return the private door, with nothing behind it but the library."""
    return Door(LibraryDesk(shelf).queries())


class Person(io.StringIO):
    """Somebody who sits at the terminal."""

    def isatty(self) -> bool:
        return True


async def test_a_list_has_columns_problems_and_sums(tmp_path: Path) -> None:
    own = tmp_path / "own"
    make(own / "a.gguf")
    make(own / "b.gguf")
    (own / "bad\x1b[2J.gguf").write_text("<html>")
    async with library(tmp_path) as shelf:
        answer = await library_door(shelf).ask("models list")
    told = list(shelves.list_lines(answer))
    assert told[0].split() == ["model", "size", "type", "context", "kind", "whose"]
    assert told[1].split() == [
        "a",
        "1",
        "kB",
        "F32",
        "2,048",
        "text",
        "(llama)",
        "Echelon,",
        "2",
        "times",
    ]
    assert "Not usable" in told
    assert any("no GGUF file" in line for line in told)
    assert all(line.isprintable() for line in told)
    assert told[-1].endswith("of it are copies of models that are there twice")


async def test_an_empty_library_is_said(tmp_path: Path) -> None:
    async with library(tmp_path) as shelf:
        answer = await library_door(shelf).ask("models list")
    assert next(shelves.list_lines(answer)) == "There are no models yet."


@pytest.mark.parametrize(("typed", "code", "left"), [("y\n", 0, []), ("\n", 1, ["a.gguf"])])
async def test_a_person_is_asked_before_anything_goes(
    tmp_path: Path,
    typed: str,
    code: int,
    left: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(tmp_path / "own" / "a.gguf")
    monkeypatch.setattr(sys, "stdin", Person(typed))
    async with library(tmp_path) as shelf:
        assert await shelves.remove(library_door(shelf), "a", yes=False) == code
    assert [each.name for each in (tmp_path / "own").iterdir()] == left
    assert "Delete it?" in capsys.readouterr().err


async def test_nobody_there_deletes_nothing_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    async with library(tmp_path) as shelf:
        assert await shelves.remove(library_door(shelf), "a", yes=False) == 1
        assert path.exists()
        assert "--yes" in capsys.readouterr().err
        assert await shelves.remove(library_door(shelf), "a", yes=True) == 0
        assert not path.exists()
        assert await shelves.remove(library_door(shelf), "a", yes=True) == 1
    assert "no model “a”" in capsys.readouterr().err


async def test_a_check_says_by_its_code_whether_all_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        assert await shelves.verify(library_door(shelf), "", as_json=False) == 0
        assert capsys.readouterr().out.startswith("right     Tiny Model  Every byte is its id.")
        (tmp_path / "own" / "b.gguf").write_text("<html>")
        assert await shelves.verify(library_door(shelf), "", as_json=True) == 1
        found = json.loads(capsys.readouterr().out)["checks"]
        assert [each["verdict"] for each in found] == ["right", "damaged"]
        assert await shelves.verify(library_door(shelf), "nobody", as_json=False) == 1


async def test_an_import_says_how_it_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    async with library(tmp_path) as shelf:
        assert await shelves.take(library_door(shelf), str(source), copy=True) == 0
        assert "Tiny Model is in the library (copy)." in capsys.readouterr().err
        assert await shelves.take(library_door(shelf), str(tmp_path / "none"), copy=False) == 1
        assert await shelves.take(library_door(shelf), "a\0b", copy=False) == 1


async def test_names_that_are_no_text_cross_the_door(tmp_path: Path) -> None:
    own = tmp_path / "own"
    path = make(own / "a.gguf", name="")
    path.rename(own / "a\udcff.gguf")
    async with library(tmp_path) as shelf:
        answer = await library_door(shelf).ask("models list")
    json.dumps(answer, ensure_ascii=False).encode()
    assert answer["models"][0]["path"].endswith("a\\xff.gguf")


def test_requests_name_whole_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert shelves.folder_request("", "") == {"op": "models folders"}
    added = shelves.folder_request("add", "x")
    assert added == {"op": "models folders", "path": str(tmp_path / "x"), "add": True}
    assert shelves.folder_request("rm", "x")["add"] is False
    assert shelves.whole_path("~nobody-of-that-name/x") == "~nobody-of-that-name/x"


def test_a_removal_says_what_goes_and_who_misses_it() -> None:
    removal = {
        "name": "Tiny", "size": 5 << 20, "files": ["/x/a.gguf"], "freed": 0,
        "roles": ["front", "coder (drafts)"], "reference": False,
    }  # fmt: skip
    told = list(shelves.removal_lines(removal))
    assert told[0] == "Tiny would be deleted (5 MB):"
    assert "Its bytes have another name elsewhere, which stays." in told
    assert told[-1] == "Roles that use it: front, coder (drafts)."
    kept = list(shelves.removal_lines({**removal, "reference": True, "roles": []}))
    assert kept == ["Tiny leaves the library; its file stays where it is."]
