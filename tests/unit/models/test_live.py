"""The roles in force: a change counts at once, one that cannot be followed changes nothing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.doctor import Condition
from app.domain.errors import RegistryChanged, RegistryInvalid
from app.domain.events import NoticeRaised, RosterChanged
from app.domain.settings import Settings
from app.models.editing import Change, RegistryEditor
from app.models.live import LiveRoster, open_roster
from app.platform.bus import Bus
from app.platform.paths import Paths

OWN = """\
models:
  small: {path: "starter:front.gguf", context: 512}
roles:
  front: {tier: A, model: small}
  worker: {tier: C, model: small}
"""


@dataclass
class Stage:
    """Live roles over a file of the test, and what was told of them."""

    roster: LiveRoster
    editor: RegistryEditor
    file: Path
    changes: list[RosterChanged]
    notices: list[NoticeRaised]

    @property
    def names(self) -> list[str]:
        return [role.name for role in self.roster.roles]

    async def apply(self, *changes: Change) -> None:
        await self.roster.apply(changes, self.editor.sheet().revision)


def staged(folder: Path, text: str = OWN, **wishes: str) -> Stage:
    paths = Paths.discover(folder / "data")
    paths.ensure()
    if text:
        paths.registry.write_text(text)
    settings, bus = Settings.model_validate(wishes), Bus()
    roster = open_roster(settings, paths, bus)
    stage = Stage(roster, RegistryEditor(settings, paths), paths.registry, [], [])
    bus.on(RosterChanged, stage.changes.append)
    bus.on(NoticeRaised, stage.notices.append)
    return stage


async def test_an_edit_counts_at_once_and_is_told(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    await stage.apply(Change(("models", "small", "context"), 256), Change(("roles", "worker")))
    assert stage.names == ["front"]
    front = stage.roster.find("front")
    assert front is not None
    assert front.model.context == 256
    (told,) = stage.changes
    assert told.after == stage.roster.now
    assert [role.name for role in told.before.roles] == ["front", "worker"]


async def test_a_hand_edit_counts_once_somebody_looks(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    stage.file.write_text(OWN.replace("worker:", "clerk:"))
    assert stage.names == ["front", "worker"]
    await stage.roster.look()
    assert stage.names == ["front", "clerk"]
    await stage.roster.look()
    stage.file.write_text(f"# the same, said again\n{stage.file.read_text()}")
    await stage.roster.look()
    assert len(stage.changes) == 1


async def test_the_first_own_registry_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    stage = staged(tmp_path, "")
    assert Path(stage.roster.source) != stage.file
    stage.file.write_text(OWN)
    await stage.roster.look()
    assert Path(stage.roster.source) == stage.file
    stage.file.unlink()
    await stage.roster.look()
    assert Path(stage.roster.source) != stage.file
    assert len(stage.changes) == 2


@pytest.mark.parametrize("text", ["roles: {", "", "rolls: {}\n", "\0", "roles: {front: {tier: D}}"])
async def test_what_cannot_be_followed_is_told_once_and_changes_nothing(
    tmp_path: Path, text: str
) -> None:
    stage = staged(tmp_path)
    before = stage.roster.now
    stage.file.write_text(text)
    await stage.roster.look()
    await stage.roster.look()
    assert stage.roster.now is before
    (notice,) = stage.notices
    assert str(stage.file) in notice.message
    assert "still counts" in notice.message
    (mechanism,) = stage.roster.mechanisms()
    assert mechanism.condition is Condition.OFF
    assert "still counts" in mechanism.reason
    stage.file.write_text(OWN.replace("worker:", "clerk:"))
    await stage.roster.look()
    assert stage.names == ["front", "clerk"]
    (mechanism,) = stage.roster.mechanisms()
    assert mechanism.condition is Condition.LIVE


async def test_a_role_the_settings_name_is_not_lost_silently(tmp_path: Path) -> None:
    stage = staged(tmp_path, role="worker")
    await stage.apply(Change(("roles", "worker")))
    assert stage.roster.default_role == "worker"
    assert "ORCHESTRATOR_ROLE" in stage.notices[0].message


async def test_of_two_edits_of_one_sheet_the_second_is_refused(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    revision = stage.editor.sheet().revision
    edits = [
        stage.roster.apply([Change(("models", "small", "context"), size)], revision)
        for size in (128, 256, 384)
    ]
    found = await asyncio.gather(*edits, return_exceptions=True)
    assert [type(each) for each in found] == [type(None), RegistryChanged, RegistryChanged]
    assert stage.roster.roles[0].model.context == 128
    assert len(stage.changes) == 1


async def test_an_edit_that_cannot_be_followed_is_not_written(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    with pytest.raises(RegistryInvalid):
        await stage.apply(Change(("roles", "front", "model"), "nobody"))
    assert stage.file.read_text() == OWN
    assert stage.changes == []


async def test_who_stops_waiting_for_an_edit_does_not_undo_it(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    edit = asyncio.create_task(stage.apply(Change(("models", "small", "context"), 256)))
    await asyncio.sleep(0)
    edit.cancel()
    await asyncio.wait({edit})
    await stage.roster.look()  # waits for the edit that is on its way
    assert stage.roster.roles[0].model.context == 256
