"""The hub to try things with: what it offers can be found, judged, brought and loaded."""

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.domain.gguf import read_header
from tests.e2e.test_terminal import _echelon
from tests.fakes.demo_hub import MODELS, split

ROOT = Path(__file__).parents[2]
MOCK = {"ORCHESTRATOR_MOCK_MODE": "1", "ORCHESTRATOR_LOCAL_ONLY": "1"}


@asynccontextmanager
async def _demo() -> AsyncIterator[str]:
    """Yield the address of a hub in a process of its own, as it says it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.demo_hub", "--port", "0", "--rate", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = ""
        while "HF_ENDPOINT=" not in line:
            line = (await process.stdout.readline()).decode()
            assert line, "it ended"
        yield line.split("HF_ENDPOINT=")[1].split()[0]
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_what_it_offers_can_be_found_and_brought(tmp_path: Path) -> None:
    async with _demo() as url:
        places = {**MOCK, "HF_ENDPOINT": url}

        async def models(*words: str) -> tuple[int, str, str]:
            done = await asyncio.to_thread(_echelon, tmp_path, "models", *words, **places)
            return done.returncode, done.stdout, done.stderr

        code, out, err = await models("search", "demo", "--json")
        assert (code, len(json.loads(out)["models"])) == (0, 6), err
        code, out, err = await models("show", "demo/split-GGUF", "--json")
        (file,) = json.loads(out)["files"]
        assert (len(file["parts"]), file["verdict"]["outcome"]) == (3, "runs well")
        code, out, err = await models("pull", "demo/split-GGUF")
        assert (code, len(out.splitlines())) == (0, 3), err
        code, out, err = await models("pull", "demo/gated-GGUF")
        assert (code, out) == (1, "")
        assert "HF_TOKEN" in err

        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/faults/bytes/nonsense")).status_code == 404
            assert "search: 503" in (await client.get(f"{url}/faults/search/503")).text
            code, out, err = await models("search")
            assert (code, out) == (1, "")
            assert "Traceback" not in err
            assert "nothing" in (await client.get(f"{url}/faults/none")).text
        assert (await models("search"))[0] == 0


def test_the_parts_of_a_split_model_hold_all_of_it() -> None:
    whole = read_header(io.BytesIO((MODELS / "architect.gguf").read_bytes()))
    parts = split(MODELS / "architect.gguf", "m", 3)
    headers = [read_header(io.BytesIO(data)) for data in parts.values()]
    assert list(parts) == [f"m-{number:05}-of-00003.gguf" for number in (1, 2, 3)]
    names = [tensor.name for header in headers for tensor in header.tensors]
    assert names == [tensor.name for tensor in whole.tensors]
    assert headers[0].architecture == whole.architecture
