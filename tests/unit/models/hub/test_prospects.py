"""A repository as a choice: what a terminal or a window gets to know, and in which words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import ModelInvalid
from app.domain.hub import Bundle, HubFile, HubModel, Outcome, Profile, Verdict, bundles
from app.domain.models import Measured, ModelSpec, RemoteOptions
from app.models.hub.desk import HubDesk
from app.models.hub.headers import HeaderReader
from app.models.hub.machine import Sources, Surveyor
from app.models.hub.prospects import Prospect, Prospector, Repository
from app.models.hub.words import found_lines, reach_lines, shown_lines
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.unit.models.hub.stage import MODELS, client, starter

GIB = 1 << 30


@dataclass
class Here:
    """A computer with some models."""

    models: list[ModelSpec] = field(default_factory=list)
    paces: dict[str, float] = field(default_factory=dict)
    measured: int = 0

    async def meter(self, model: ModelSpec) -> Measured | None:
        pace = self.paces.get(model.name)
        return Measured(decode_tokens_s=pace, prefill_tokens_s=None, load_s=None, bytes=None)

    def bandwidth(self) -> float:
        self.measured += 1
        return 40e9

    def sources(self) -> Sources:
        return Sources(lambda: 8 * GIB, lambda: self.models, self.meter, self.bandwidth)

    def surveyor(self) -> Surveyor:
        return Surveyor(self.sources())


@asynccontextmanager
async def desk(served: FakeHub, here: Here) -> AsyncIterator[HubDesk]:
    async with client(served) as hub:
        yield HubDesk.over(hub.wire, here.sources())


def family() -> FakeRepo:
    files = {
        "big-Q8_0.gguf": starter("architect"),
        "big-Q4_0.gguf": starter("architect")[:3_000_000],
        "small-Q8_0.gguf": starter("draft"),
        "sub/half-Q4_0-00001-of-00002.gguf": starter("worker"),
        "mmproj-F16.gguf": bytes(2 << 20),
        "bad-Q4_0.gguf": bytes(5000),
        "README.md": b"#",
    }
    return FakeRepo("ada/family", files, gated="auto")


async def _show(repo: FakeRepo, here: Here, **wishes: Any) -> dict[str, Any]:
    async with fake_hub(repo) as served, desk(served, here) as asked:
        return await asked.show({"op": "models show", "repo": repo.repo, **wishes})


def _files(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["label"]: each for each in answer["files"]}


async def test_all_sizes_of_a_model_are_judged_by_one_header() -> None:
    here = Here([ModelSpec(name="architect", path=MODELS / "architect.gguf")])
    repo = family()
    repo.gated = False
    async with fake_hub(repo) as served, desk(served, here) as asked:
        answer = await asked.show({"op": "models show", "repo": "ada/family"})
        looked = [line for line, _ in served.asked if "/resolve/" in line]
    files = _files(answer)
    assert len(looked) == 3, "big, small and bad"
    assert files["big-Q8_0"]["looked_at"] == files["big-Q4_0"]["looked_at"] == "big-Q8_0"
    assert files["big-Q8_0"]["verdict"]["outcome"] == "runs well"
    assert (
        files["big-Q8_0"]["verdict"]["bytes_needed"] > files["big-Q4_0"]["verdict"]["bytes_needed"]
    )
    assert files["small-Q8_0"]["drafts_for"] == ["architect"]
    assert files["sub/half-Q4_0"]["verdict"]["outcome"] == "cannot run"
    assert files["mmproj-F16"]["verdict"] is None
    assert "no GGUF" in files["bad-Q4_0"]["problem"]


async def test_a_gated_repository_shows_its_files_and_says_what_to_do() -> None:
    answer = await _show(family(), Here())
    assert answer["gated"] == "auto"
    assert {each["verdict"] is None for each in answer["files"] if each["problem"]} == {True}
    told = "\n".join(shown_lines(answer))
    assert "terms to accept" in told
    assert told.count("Accept the licence at") == 1


async def test_the_words_for_a_repository() -> None:
    repo = family()
    repo.gated = False
    here = Here([ModelSpec(name="architect", path=MODELS / "architect.gguf")])
    told = list(shown_lines(await _show(repo, here, card=True, context=500)))
    assert told[0] == "ada/family  1.2k downloads, apache-2.0"
    assert any(line.startswith("  big-Q8_0") and "runs well: needs" in line for line in told)
    assert "  can write ahead for architect" in told
    assert any("not all of its parts are there" in line for line in told)
    assert "  mmproj-F16  2 MB: lets a model here read images" in told
    assert told[-1] == "# A card\n\nIt answers."


async def test_a_repository_without_models() -> None:
    assert list(shown_lines(await _show(FakeRepo("ada/none", {"a.txt": b"x"}), Here())))[1:] == [
        "  It holds no GGUF model."
    ]


async def test_the_words_for_a_search_and_for_a_connection() -> None:
    async with fake_hub(family()) as served, desk(served, Here()) as asked:
        found = list(found_lines(await asked.search({"op": "models search", "text": "fam"})))
        nothing = list(found_lines(await asked.search({"op": "models search", "text": "zzz"})))
        reached = list(reach_lines(await asked.reach({"op": "models connection"})))
        url = served.url
    assert found == [
        "ada/family  1.2k downloads, 34 likes, 1.0M parameters, apache-2.0, terms to accept, "
        "changed 2026-10-01"
    ]
    assert nothing == ["Nothing was found."]
    assert reached == [
        f"{url} answers.",
        "  No token is set; only public models can be downloaded.",
        "  499 more requests are allowed in the next 120 seconds.",
    ]


@pytest.mark.parametrize(
    "wrong", [{"sort": "best"}, {"limit": 0}, {"limit": 1000}, {"text": 3}, {"more": 1}]
)
async def test_a_request_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    async with fake_hub() as served, desk(served, Here()) as asked:
        with pytest.raises(ValidationError):
            await asked.search({"op": "models search", **wrong})


async def test_one_model_can_be_looked_at_by_its_own_header() -> None:
    repo = family()
    repo.gated = False
    async with fake_hub(repo) as served, client(served) as hub:
        prospector = Prospector(hub, HeaderReader(hub.wire), Here().surveyor())
        found = {each.label: each for each in bundles(await hub.files(await hub.model(repo.repo)))}
        seen = await prospector.look_at(found["big-Q8_0"])
        with pytest.raises(ModelInvalid):
            await prospector.look_at(found["bad-Q4_0"])
    assert seen.looked_at == "big-Q8_0"


async def test_what_large_models_reached_here_beats_what_memory_promises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = ModelSpec(name="small", path=MODELS / "architect.gguf")
    here = Here([small], {"small": 500.0})
    surveyor = here.surveyor()
    assert (await surveyor.machine()).weights_s == 20e9, "half of what a copy moves"
    assert (await surveyor.machine()).weights_s == 20e9
    assert here.measured == 1
    monkeypatch.setattr("app.models.hub.machine._TELLING", 1 << 20)
    assert (await surveyor.machine()).weights_s == pytest.approx(500 * 4.8e6, rel=0.05)


async def test_files_that_are_no_models_are_left_out(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"no")
    remote = ModelSpec(name="far", engine="remote", remote=RemoteOptions(url="http://x/v1"))
    here = Here([
        ModelSpec(name="bad", path=bad),
        ModelSpec(name="gone", path=tmp_path / "gone.gguf"),
        remote,
        ModelSpec(name="good", path=MODELS / "draft.gguf"),
    ])  # fmt: skip
    surveyor = here.surveyor()
    assert list(await surveyor.installed()) == ["good"]
    bad.write_bytes(starter("draft"))
    assert list(await surveyor.installed()) == ["bad", "good"]


def _sized(verdict: Outcome | None, bits: float, name: str = "") -> Prospect:
    """Return a choice among the sizes of a model with a million weights."""
    label = name or f"{verdict}-{bits}"
    file = HubFile("ada/a", "", f"{label}.gguf", int(bits * 1e6 / 8), None, "")
    kind = Profile("llama", "attention", 4096, 10, 1_000_000, "", has_template=True)
    judged = Verdict(verdict, "") if verdict else None
    return Prospect(Bundle(label, file.kind, (file,)), judged, kind if verdict else None)


@pytest.mark.parametrize(
    ("sizes", "place"),
    [
        ([(Outcome.WELL, 2.6), (Outcome.WELL, 4.9), (Outcome.WELL, 8.5)], 1),
        ([(Outcome.WELL, 3.4), (Outcome.SLOWLY, 4.85), (Outcome.UNFIT, 8.5)], 0),
        ([(Outcome.UNFIT, 8.5), (Outcome.UNFIT, 3.4), (Outcome.CANNOT, 4.8)], 1),
        ([(None, 8.5), (None, 3.4)], 1),
    ],
)
def test_the_favourite_runs_best_and_is_as_large_as_usual(
    sizes: list[tuple[Outcome | None, float]], place: int
) -> None:
    choices = tuple(_sized(*size) for size in sizes)
    eyes = _sized(None, 0.1, "mmproj-small")
    assert Repository(HubModel("ada/a"), (eyes, *choices)).favourite is choices[place]
    assert Repository(HubModel("ada/a"), (eyes,)).favourite is None
