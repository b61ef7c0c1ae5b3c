"""The memory of the past is forecast to the byte that llama.cpp says it takes."""

import re
from pathlib import Path

import pytest

from app.domain.footprint import Loading, estimate
from app.domain.gguf import read_header
from app.domain.layers import Facts, Room, cache_bytes
from installers.setup.engine import cache
from tests.e2e.test_runner_harness import FRONT, running
from tests.zoo.animals import ZOO

BUFFER = re.compile(r"(?:KV|RS) buffer size = +([\d.]+) MiB")
COMPUTE = re.compile(r"compute buffer size = +([\d.]+) MiB")
SHAPE = ("--context", "1024", "--sequences", "3", "--threads", "1", "--no-speculation")


def _forecast(path: Path) -> int:
    with path.open("rb") as file:
        facts = Facts(read_header(file))
    return cache_bytes(facts, Room(1024, 3, 256, key_bytes=2.0, value_bytes=2.0))


def _said(path: Path, *extra: str) -> float:
    with running(path, *SHAPE, "--verbose", *extra) as runner:
        runner.ready()
        return sum(float(size) for size in BUFFER.findall("".join(runner.log)))


@pytest.mark.parametrize("name", ZOO)
def test_every_kind_of_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.gguf"
    ZOO[name].write(path, cache() / "vocabularies")
    said = _said(path, *(() if ZOO[name].chats else ("--embeddings",)))
    assert _forecast(path) / 2**20 == pytest.approx(said, abs=0.011)


@pytest.mark.parametrize("context", [512, 8192])
def test_the_buffers_of_an_evaluation(context: int) -> None:
    """Flash attention up to 4,096 tokens, in full beyond; the library says what it reserves."""
    shape = ("--context", str(context), "--sequences", "2", "--threads", "1")
    with running(FRONT, *shape, "--verbose", "--no-speculation") as runner:
        runner.ready()
        said = [float(size) for size in COMPUTE.findall("".join(runner.log))]
    with FRONT.open("rb") as file:
        found = estimate(read_header(file), Loading(context, 2, outputs=2, kept=2, spelled=True))
    assert found.compute / 2**20 == pytest.approx(max(said), rel=0.25)


def test_the_starter_model() -> None:
    assert _forecast(FRONT) / 2**20 == pytest.approx(_said(FRONT), abs=0.011)
