"""The self-test notices a library that is laid out differently."""

import ctypes
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from app.engines.runner import library
from app.engines.runner.embedder import pack
from app.engines.runner.failures import ExitCode, LoadFailed


def fake_native(**changes: Any) -> ModuleType:
    native: Any = ModuleType("native")
    for name, size in library.SIZES.items():
        setattr(native, name, type(name, (ctypes.Structure,), {"_fields_": _bytes(size)}))
    native.llama_version = lambda: library.LIBRARY_VERSION
    native.llama_model_default_params = lambda: SimpleNamespace(
        **{**library.MODEL_DEFAULTS, **changes.pop("model", {})}
    )
    native.llama_context_default_params = lambda: SimpleNamespace(
        **{**library.CONTEXT_DEFAULTS, **changes.pop("context", {})}
    )
    for name, value in changes.items():
        if name not in {"model", "context"}:
            setattr(native, name, value)
    found: ModuleType = native
    return found


def _bytes(size: int) -> list[tuple[str, Any]]:
    return [("content", ctypes.c_uint8 * size)]


def test_a_library_as_expected_passes() -> None:
    library.self_test(fake_native())


@pytest.mark.parametrize(
    "changes",
    [
        {"llama_version": lambda: b"0.6.0"},
        {"llama_batch": type("llama_batch", (ctypes.Structure,), {"_fields_": _bytes(48)})},
        {"model": {"use_extra_bufts": False}},
        {"context": {"n_ubatch": 0}},
        {"context": {"ctx_other": 4711}},
    ],
    ids=["version", "size", "end of the model's", "begin of the context's", "end of the context's"],
)
def test_a_library_that_differs_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(LoadFailed) as caught:
        library.self_test(fake_native(**changes))
    assert caught.value.exit_code == ExitCode.ENGINE_UNFIT
    assert caught.value.code == "engine_unfit"


def test_texts_are_packed_in_order_within_rows_and_sequences() -> None:
    assert list(pack([4, 4, 4, 9, 1, 1, 1], rows=10, sequences=2)) == [
        range(2),
        range(2, 3),
        range(3, 5),
        range(5, 7),
    ]
    assert list(pack([], rows=10, sequences=2)) == []
