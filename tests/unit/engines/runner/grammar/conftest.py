"""A real vocabulary for the grammars."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines.runner import library
from app.engines.runner.library import LogTap
from app.engines.runner.model import Model

FRONT = Path(__file__).parents[5] / "resources" / "models" / "front.gguf"


@pytest.fixture(scope="session")
def model() -> Iterator[Model]:
    native = library.load()
    log = LogTap(native, sys.stderr.write, verbose=False, hushed=lambda: False)
    model = Model(native, FRONT, log, lambda _: None)
    yield model
    model.close()
    log.close()
