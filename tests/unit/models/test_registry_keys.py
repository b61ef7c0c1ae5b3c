"""No key of the registry is there without a test that sets it."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from app.domain.registry import RegistryFile

HERE = Path(__file__).parent
TESTS = "\n".join(
    (HERE / name).read_text("utf-8")
    for name in ("test_registry.py", "test_registry_engines.py", "test_export.py")
)


def models(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the sections inside a type."""
    if get_origin(kind) in {Union, UnionType, dict, tuple}:
        for part in get_args(kind):
            yield from models(part)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind


def keys(section: type[BaseModel]) -> Iterator[str]:
    """Yield all keys of a section and of those in it."""
    for name, field in section.model_fields.items():
        yield name
        for inner in models(field.annotation):
            yield from keys(inner)


def test_every_key_is_set_in_a_test() -> None:
    found = set(keys(RegistryFile))
    assert {"families", "escalation", "minimum_s", "prefill_tokens_s", "timeouts"} <= found
    unset = {name for name in found if not re.search(rf"\b{name}\"?:", TESTS)}
    assert unset == set()
