"""The memory of the past is forecast to the byte that llama.cpp says it takes."""

import re
from pathlib import Path

import pytest

from app.domain.gguf import read_header
from app.domain.layers import Facts, Room, cache_bytes
from installers.setup.engine import cache
from tests.e2e.test_runner_harness import FRONT, running
from tests.zoo.animals import ZOO

BUFFER = re.compile(r"(?:KV|RS) buffer size = +([\d.]+) MiB")
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


def test_the_starter_model() -> None:
    assert _forecast(FRONT) / 2**20 == pytest.approx(_said(FRONT), abs=0.011)
