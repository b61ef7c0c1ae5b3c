"""`echelon models pull` when it cannot be: what happened, what helps, and no word of Python."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.test_terminal import _echelon
from tests.fakes.files import Served, content, serving
from tests.fakes.hub import FakeRepo, fake_hub

MOCK = {"ORCHESTRATOR_MOCK_MODE": "1", "ORCHESTRATOR_LOCAL_ONLY": "1"}
BODY = content(200_000)
WRONG = "0" * 64


async def _refused(data: Path, what: str, *more: str, said: str, remedy: str, **env: str) -> None:
    done = await asyncio.to_thread(_echelon, data, "models", "pull", what, *more, **MOCK, **env)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert said in done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count(said) == 1
    assert _models_in(data) == []


def _models_in(data: Path) -> list[Path]:
    return list(data.rglob("*.gguf"))


@pytest.mark.slow
@pytest.mark.timeout(200)
async def test_what_an_address_cannot_give_is_said(tmp_path: Path) -> None:
    served = {
        "page.gguf": Served(BODY, kind="text/html"),
        "circle.gguf": Served(b"", location="/circle.gguf"),
        "no.gguf": Served(BODY, status=403),
        "huge.gguf": Served(BODY, claims=1 << 50),
        "good.gguf": Served(BODY),
    }
    (tmp_path / "file").write_text("no folder")
    async with serving(**served) as files:

        async def fails(name: str, said: str, remedy: str, *more: str) -> None:
            data = tmp_path / f"{name}{len(more)}"
            await _refused(data, files.url(f"/{name}"), *more, said=said, remedy=remedy)

        await fails("gone.gguf", "has no such file (status 404)", "moved or renamed")
        await fails("page.gguf", "sends a web page instead", "in a browser")
        await fails("circle.gguf", "leads in circles", "Check the address")
        await fails("no.gguf", "does not give this file to us (status 403)", "HF_TOKEN")
        await fails("huge.gguf", "are needed in", "Free some space")
        await fails("good.gguf", "its hash is another", "elsewhere", "--sha256", WRONG)
        await fails("good.gguf", "is no SHA-256", "64 digits", "--sha256", "abc", "--to", "/x")
        await fails("good.gguf", "cannot be used", "rights", "--to", str(tmp_path / "file"))
        await fails("%2e%2e", "is no name for a file", "Look at the address")


@pytest.mark.slow
@pytest.mark.timeout(200)
async def test_what_a_hub_cannot_give_is_said(tmp_path: Path) -> None:
    model = FakeRepo("ada/small", {"small-Q8_0.gguf": BODY})
    async with fake_hub(model) as served:

        async def fails(what: str, said: str, remedy: str) -> None:
            await _refused(tmp_path, what, said=said, remedy=remedy, HF_ENDPOINT=served.url)

        await fails("ada/nowhere", "has no repository ada/nowhere", "how it is written")
        await fails("ada/small:Q2_K", "no model called “Q2_K”", "There are: Q8_0")
        await fails("../../etc", "is no name of a repository", "owner/name")
        served.faults = {"model": "503"}
        await fails("ada/small", "an error of its own (status 503)", "in a moment")
        served.faults = {"bytes": "long"}
        await fails("ada/small", "were promised", "replaced")
        served.faults = {"bytes": "spoilt"}
        await fails("ada/small", "its hash is another", "elsewhere")
