"""The library as a whole: what it finds, what it keeps, and that bad files stay only files."""

import hashlib
import os
from pathlib import Path

import pytest

from app.domain.errors import ModelMissing, RequestInvalid
from app.domain.shelf import FolderState, Kind, Origin
from app.models import identity
from app.models.identity import Identities
from app.models.shelf import reading, walk
from tests.unit.models.shelf.files import by_name, library, make, roster


async def test_a_model_is_what_its_header_says(tmp_path: Path) -> None:
    make(tmp_path / "own" / "a.gguf", name="Mistral Nemo")
    async with library(tmp_path) as shelf:
        (item,) = (await shelf.survey()).items
    assert (item.name, item.handle) == ("Mistral Nemo", "a")
    assert item.card is not None
    assert (item.card.architecture, item.card.context, item.card.kind) == ("llama", 2048, Kind.TEXT)
    assert (item.card.quantisation, item.card.parameters) == ("F32", 32)
    assert item.id.startswith("sha256:")
    assert item.size == item.path.stat().st_size
    assert not item.problem


async def test_parts_are_one_model_and_missing_ones_are_said(tmp_path: Path) -> None:
    for at in (1, 2):
        make(tmp_path / "own" / f"big-0000{at}-of-00002.gguf", seed=at)
    make(tmp_path / "own" / "lost-00002-of-00003.gguf")
    async with library(tmp_path) as shelf:
        found = by_name(await shelf.survey())
    assert len(found["big"].found.files) == 2
    assert found["big"].card is not None
    assert found["big"].card.parameters == 64
    assert found["big"].id
    assert found["lost"].problem == "2 of its 3 parts are not there."
    assert "missing parts" in found["lost"].remedy
    assert not found["lost"].id


async def test_what_has_not_changed_is_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    make(tmp_path / "own" / "bad.gguf").write_bytes(b"nothing")
    async with library(tmp_path) as shelf:
        first = await shelf.survey()

    opened: list[Path] = []
    read = reading._header

    def noted(file: Path, size: int) -> object:
        opened.append(file)
        return read(file, size)

    monkeypatch.setattr(reading, "_header", noted)
    async with library(tmp_path) as shelf:
        again = await shelf.survey()
        assert opened == []
        assert [item.id for item in again.items] == [item.id for item in first.items]
        os.utime(path, ns=(1, 1))
        await shelf.survey()
        assert opened == [path]


async def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        await shelf.survey()
        path.unlink()
        assert (await shelf.survey()).items == ()
        assert await shelf._records.rows() == {}


async def test_what_a_missing_disk_holds_is_not_forgotten(tmp_path: Path) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    path = make(disk / "a.gguf")
    async with library(tmp_path) as shelf:
        await shelf.add_folder(disk)
        await shelf.survey()
        disk.rename(away)
        assert (await shelf.survey()).items == ()
        assert list(await shelf._records.rows()) == [path]


async def test_a_big_model_goes_by_its_hash_once_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "WHOLE", 10)
    path = make(tmp_path / "own" / "a.gguf")
    identities = Identities(tmp_path / "ids.json")
    async with library(tmp_path) as shelf:
        (item,) = (await shelf.survey()).items
        assert item.id.startswith("sampled:")
        assert shelf._identities.provisional() == [path]
    identities.settle(path)
    for _ in range(2):
        async with library(tmp_path) as shelf:
            (item,) = (await shelf.survey()).items
            assert item.id.startswith("sha256:")


@pytest.mark.parametrize("copy", [True, False])
async def test_what_was_read_whole_elsewhere_or_for_a_copy_is_known_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copy: bool
) -> None:
    monkeypatch.setattr(identity, "WHOLE", 10)
    source = make(tmp_path / "home" / ".lmstudio" / "models" / "one" / "two" / "a.gguf")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    async with library(tmp_path) as shelf:
        if not copy:
            await shelf.verify()
        _, brought = await shelf.take(source, copy=copy)
        items = {item.path: item for item in (await shelf.survey()).items}
        item = items[brought.files[0]]
        assert (item.digests, item.id) == ((digest,), f"sha256:{digest}")


async def test_of_a_model_in_parts_every_part_has_to_be_known(tmp_path: Path) -> None:
    own = tmp_path / "own"
    parts = [make(own / f"b-0000{at}-of-00002.gguf", seed=at) for at in (1, 2)]
    digests = {part: hashlib.sha256(part.read_bytes()).hexdigest() for part in parts}
    async with library(tmp_path) as shelf:
        await shelf.arrived({parts[0]: digests[parts[0]], tmp_path / "gone.zip": "0" * 64})
        (item,) = (await shelf.survey()).items
        assert item.digests == ()
        await shelf.arrived(digests)
        (item,) = (await shelf.survey()).items
        assert item.digests == tuple(digests.values())
        await shelf.arrived({tmp_path / "gone.gguf": "0" * 64})  # nothing is lost by it
        assert len((await shelf.survey()).items) == 1


async def test_bad_files_are_listed_with_the_reason(tmp_path: Path) -> None:
    own = tmp_path / "own"
    whole = make(own / "cut.gguf").read_bytes()
    (own / "cut.gguf").write_bytes(whole[:-40])
    (own / "empty.gguf").write_bytes(b"")
    (own / "page.gguf").write_bytes(b"<html>404</html>" * 9)
    os.mkfifo(own / "pipe.gguf")
    (own / "lost.gguf").symlink_to(own / "nowhere")
    (own / "circle.gguf").symlink_to(own / "circle.gguf")
    (own / "sub.gguf").mkdir()
    async with library(tmp_path) as shelf:
        found = by_name(await shelf.survey())
    assert "cut short" in found["cut"].problem
    assert "cut short" in found["empty"].problem
    assert "no GGUF file" in found["page"].problem
    assert "no ordinary file" in found["pipe"].problem
    assert found["lost"].problem == "The link leads nowhere."
    assert found["circle"].problem
    assert all(item.remedy for item in found.values())
    assert "sub" not in found


async def test_folders_say_what_is_wrong_and_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, gone, closed = (tmp_path / name for name in ("here", "gone", "closed"))
    for folder in (here, gone, closed):
        make(folder / "a.gguf", seed=len(folder.name))
    make(here / "shut" / "b.gguf")
    scandir = os.scandir

    def refused(path: Path) -> object:
        if Path(path).name in {"closed", "shut"}:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    async with library(tmp_path) as shelf:
        for folder in (here, gone, closed):
            await shelf.add_folder(folder)
        (gone / "a.gguf").unlink()
        gone.rmdir()
        monkeypatch.setattr(os, "scandir", refused)
        survey = await shelf.survey()
    states = {report.folder.path.name: report for report in survey.folders}
    assert states["here"].state is FolderState.PARTLY
    assert "shut" in states["here"].detail
    assert states["here"].models == 1
    assert states["gone"].state is FolderState.MISSING
    assert "Plug in" in states["gone"].detail
    assert states["closed"].state is FolderState.CLOSED
    assert "permission denied" in states["closed"].detail
    assert states["own"].state is FolderState.OPEN


async def test_links_in_a_circle_and_a_folder_in_a_folder_end(tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    make(outer / "inner" / "a.gguf")
    (outer / "inner" / "up").symlink_to(outer)
    async with library(tmp_path) as shelf:
        await shelf.add_folder(outer)
        await shelf.add_folder(outer / "inner")
        survey = await shelf.survey()
    assert len(survey.items) == 1
    assert [report.models for report in survey.folders][-2:] == [1, 0]


async def test_a_folder_without_end_is_cut_off_openly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        make(tmp_path / "own" / f"{number}.gguf", seed=number)
    monkeypatch.setattr(walk, "MOST_ENTRIES", 4)
    async with library(tmp_path) as shelf:
        survey = await shelf.survey()
    assert len(survey.items) == 4
    assert "Only the first 4" in survey.folders[-1].detail


@pytest.mark.parametrize(
    "name",
    ["模型 ünï.gguf", "a\nb.gguf", "\x1b[31mred.gguf", "x" * 240 + ".gguf", "\u202egnp.gguf"],
)
async def test_names_of_any_kind_are_found_and_can_be_shown(tmp_path: Path, name: str) -> None:
    make(tmp_path / "own" / name, name="")
    async with library(tmp_path) as shelf:
        (item,) = (await shelf.survey()).items
        assert item.name.isprintable()
        assert len(item.name) <= 120
        assert (await shelf.one(str(item.path))).path == item.path


async def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    own = tmp_path / "own"
    path = make(own / "a.gguf", name="").rename(own / os.fsdecode(b"\xff\xfe.gguf"))
    async with library(tmp_path) as shelf:
        for _ in range(2):
            (item,) = (await shelf.survey()).items
            assert (item.path, item.name) == (path, "??")


async def test_models_are_called_by_any_of_their_names(tmp_path: Path) -> None:
    make(tmp_path / "own" / "a.gguf", name="Mistral Nemo")
    make(tmp_path / "own" / "more" / "a.gguf", name="Other", seed=3)
    async with library(tmp_path) as shelf:
        item = await shelf.one("mistral nemo")
        assert await shelf.one(item.id.partition(":")[2][:10]) == item
        assert await shelf.one(str(item.path)) == item
        with pytest.raises(ModelMissing, match="2 models"):
            await shelf.one("a")
        with pytest.raises(ModelMissing, match="no model “nobody”"):
            await shelf.one("nobody")


async def test_folders_come_and_go(tmp_path: Path) -> None:
    more = tmp_path / "more"
    make(more / "a.gguf")
    async with library(tmp_path) as shelf:
        await shelf.add_folder(more)
        assert [item.found.origin for item in (await shelf.survey()).items] == [Origin.ADDED]
        with pytest.raises(RequestInvalid, match="already"):
            await shelf.add_folder(more)
        await shelf.remove_folder(more)
        assert (await shelf.survey()).items == ()
        assert (more / "a.gguf").exists()
        with pytest.raises(RequestInvalid, match="not among"):
            await shelf.remove_folder(more)
        for nothing in (tmp_path / "none", more / "a.gguf", tmp_path / ("x" * 300)):
            with pytest.raises(RequestInvalid, match="no folder"):
                await shelf.add_folder(nothing)


async def test_disk_usage_counts_every_file_once(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    (tmp_path / "own" / "b.gguf").hardlink_to(path)
    async with library(tmp_path) as shelf:
        survey = await shelf.survey()
    own = survey.folders[-1]
    assert own.models == 2
    assert own.used == path.stat().st_size
    assert own.free is not None


async def test_an_overview_tells_who_uses_what_and_what_it_takes(tmp_path: Path) -> None:
    used = make(tmp_path / "own" / "a.gguf")
    twice = make(tmp_path / "own" / "b.gguf")
    drafts = make(tmp_path / "own" / "c.gguf", seed=1)
    async with library(tmp_path, roles=roster(used, draft=drafts)) as shelf:
        overview = await shelf.overview()
    assert overview.roles == {used: ("front",), twice: (), drafts: ("front (drafts)",)}
    sizes = [path.stat().st_size for path in (used, twice, drafts)]
    assert overview.used == sum(sizes)
    assert overview.wasted == sizes[1]
    assert len(overview.survey.items) == 3


async def test_a_model_is_located_by_name_or_by_its_file_anywhere(tmp_path: Path) -> None:
    make(tmp_path / "own" / "a.gguf")
    away = make(tmp_path / "elsewhere" / "b.gguf", name="Away")
    async with library(tmp_path) as shelf:
        assert (await shelf.locate("a")).handle == "a"
        found = await shelf.locate(str(away))
        assert (found.name, found.path) == ("Away", away)
        with pytest.raises(ModelMissing):
            await shelf.locate(str(tmp_path / "none.gguf"))
