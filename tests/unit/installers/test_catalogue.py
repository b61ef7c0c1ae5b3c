"""The weekly look at the catalogue: what vanished is named, a silent hub accuses nobody."""

from pathlib import Path

import pytest
import yaml

from app.models.sets.catalogue import Entry, load_catalogue
from installers.catalogue import RESOURCES, inspected
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.fakes.hub_faults import Door, Fault
from tests.unit.models.hub.stage import client

ENTRIES = load_catalogue(RESOURCES).models[:3]
FIRST, SECOND, THIRD = ENTRIES
WORKFLOWS = Path(__file__).parents[3] / ".github" / "workflows"


def _repos() -> list[FakeRepo]:
    return [FakeRepo(each.repository, {each.file: b"GGUF", "README.md": b"#"}) for each in ENTRIES]


async def _looked(served: FakeHub, entries: tuple[Entry, ...] = ENTRIES) -> tuple[int, list[float]]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with client(served) as hub:
        return await inspected(hub, entries, sleep), waits


async def test_all_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    async with fake_hub(*_repos()) as served:
        assert await _looked(served) == (0, [])
        assert served.fetched == []
    assert capsys.readouterr().out.splitlines() == [
        f"{each.repository}/{each.file}: there" for each in ENTRIES
    ]


async def test_a_repository_that_vanished_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    repos = [each for each in _repos() if each.repo != SECOND.repository]
    async with fake_hub(*repos) as served:
        assert await _looked(served) == (1, [])
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.endswith(": there")
    assert second.startswith(f"{SECOND.repository}/{SECOND.file}: ")
    assert "has no repository" in second
    assert third.endswith(": there")


async def test_a_file_that_vanished_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    repos = _repos()
    repos[0].files = {"other.gguf": b"GGUF"}
    async with fake_hub(*repos) as served:
        assert await _looked(served) == (1, [])
    assert "has no such file" in capsys.readouterr().out.splitlines()[0]


async def test_a_new_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    repos = _repos()
    repos[0].repo = "elsewhere/new-GGUF"
    async with fake_hub(*repos) as served:
        served.renamed = {FIRST.repository: "elsewhere/new-GGUF"}
        assert await _looked(served) == (1, [])
    assert "is called elsewhere/new-GGUF now" in capsys.readouterr().out.splitlines()[0]


async def test_an_agreement_that_is_asked_for_now_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    repos = _repos()
    repos[0].gated = "manual"
    async with fake_hub(*repos) as served:
        assert await _looked(served) == (1, [])
    assert "agreement" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("door", ["model", "tree"])
@pytest.mark.parametrize("fault", ["503", "429", "html", "circle", "cut json", "401"])
async def test_a_hub_that_does_not_say_accuses_nobody(
    door: Door, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    async with fake_hub(*_repos()) as served:
        served.faults[door] = fault
        code, waits = await _looked(served, (FIRST,))
    assert code == 2
    assert waits == ([17, 30] if fault == "429" else [5, 30])
    assert "has no" not in capsys.readouterr().out


async def test_nobody_there_accuses_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    async with fake_hub() as served:
        pass
    assert (await _looked(served, (FIRST,)))[0] == 2
    assert "cannot be reached" in capsys.readouterr().out


async def test_what_is_certain_counts_before_what_is_not() -> None:
    repos = [each for each in _repos() if each.repo != FIRST.repository]
    async with fake_hub(*repos) as served:
        served.faults["tree"] = "503"
        assert (await _looked(served))[0] == 1


def test_the_weekly_job_starts_it() -> None:
    job = yaml.safe_load((WORKFLOWS / "catalogue.yml").read_text("utf-8"))
    when = job[True]  # what YAML makes of `on`
    assert when["schedule"][0]["cron"].split()[2:] == ["*", "*", "2"]
    assert "workflow_dispatch" in when
    steps = job["jobs"]["models"]["steps"]
    assert any("-m installers.catalogue" in step.get("run", "") for step in steps)
