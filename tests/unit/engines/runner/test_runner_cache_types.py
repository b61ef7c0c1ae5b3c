"""How the past is kept and read: the library does what was wished for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engines.runner import library
from app.engines.runner.context import (
    CACHE_TYPES,
    F16,
    FLASH_ATTENTION_OFF,
    FLASH_ATTENTION_ON,
    AbortFlag,
    Context,
    Shape,
)
from app.engines.runner.library import LogTap
from app.engines.runner.model import Model

FRONT = Path(__file__).parents[4] / "resources" / "models" / "front.gguf"
Make = Callable[..., Context]


@pytest.fixture
def make() -> Iterator[Make]:
    native = library.load()
    log = LogTap(native, lambda _: None, verbose=False, hushed=lambda: True)
    model = Model(native, FRONT, log, lambda _: None)
    made: list[Context] = []

    def context(**fields: Any) -> Context:
        sizes: dict[str, Any] = {
            "context": 256,
            "sequences": 1,
            "threads": 1,
            "batch": 64,
            "ubatch": 64,
        }
        shape = Shape(**{**sizes, "outputs": 1, **fields})
        made.append(Context(model, shape, log, AbortFlag()))
        return made[-1]

    yield context
    for each in made:
        each.close()
    model.close()


def _weight(context: Context) -> int:
    """Return the bytes of forty tokens."""
    context.batch.clear()
    context.batch.add(0, list(range(10, 50)), 0, 1)
    assert context.evaluate() == 0
    return context.weight(0)


@pytest.mark.parametrize("kind", ["q8_0", "q4_0"])
def test_a_smaller_form_takes_less(make: Make, kind: str) -> None:
    small = make(keys=CACHE_TYPES[kind], values=CACHE_TYPES[kind])
    assert small.layout["cache type"] == small.layout["cache type of values"] == CACHE_TYPES[kind]
    assert small.layout["flash attention"] == FLASH_ATTENTION_ON
    assert _weight(small) < 0.6 * _weight(make())


def test_the_usual_form_is_as_it_was(make: Make) -> None:
    usual = make()
    assert usual.layout["cache type"] == F16
    assert "cache type of values" not in usual.layout


@pytest.mark.parametrize(
    ("wish", "found"), [("on", FLASH_ATTENTION_ON), ("off", FLASH_ATTENTION_OFF)]
)
def test_flash_attention_is_as_wished(make: Make, wish: str, found: int) -> None:
    context = make(flash_attention=wish)
    assert context.layout["flash attention"] == found
    assert _weight(context) > 0
