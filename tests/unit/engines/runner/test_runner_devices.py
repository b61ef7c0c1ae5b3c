"""How many layers go to a graphics device: never more than fit, none where there is none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gguf import GgufHeader, TensorInfo
from app.engines.runner import library
from app.engines.runner.devices import (
    AUTOMATIC,
    EVERY_LAYER,
    Device,
    choose_layers,
    fit_layers,
    graphics,
)

FRONT = Path(__file__).parents[4] / "resources" / "models" / "front.gguf"
GB = 1 << 30
# 32 layers of 128 MB in q8_0-like bytes (F32 here, for simple numbers), 8 heads of 128.
HEADER = GgufHeader(
    version=3,
    metadata={
        "general.architecture": "llama",
        "llama.block_count": 32,
        "llama.embedding_length": 4096,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
    },
    tensors=tuple(TensorInfo(f"blk.{n}.w", (32 << 20,), 0, 0) for n in range(32)),
    data_offset=0,
)
LAYER = 128 * (1 << 20) + 4096 * 8 * (128 + 128) * 2


@given(free=st.integers(0, 8 * GB))
def test_what_is_chosen_fits_and_one_more_would_not(free: int) -> None:
    layers = fit_layers(HEADER, free, context=4096, ubatch=256)
    if layers == EVERY_LAYER:
        assert free >= 32 * LAYER
    else:
        assert layers * LAYER <= free < (layers + 1) * LAYER


def test_a_longer_context_leaves_room_for_fewer_layers() -> None:
    short, long = (fit_layers(HEADER, 3 * GB, context=c, ubatch=256) for c in (2048, 65_536))
    assert long < short


@pytest.mark.parametrize(
    ("wanted", "devices", "expected"),
    [
        (AUTOMATIC, (), 0),
        (99, (), 0),
        (7, (Device("gpu", GB),), 7),
        (AUTOMATIC, (Device("gpu", 8 * GB),), EVERY_LAYER),
        (AUTOMATIC, (Device("gpu", 1 << 20),), 0),
    ],
)
def test_a_wish_counts_where_there_is_a_device(
    wanted: int, devices: tuple[Device, ...], expected: int
) -> None:
    assert choose_layers(wanted, devices, FRONT, context=512, ubatch=256) == expected


def test_a_damaged_file_is_left_to_the_load(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"no")
    devices = (Device("gpu", 8 * GB),)
    assert choose_layers(AUTOMATIC, devices, bad, context=512, ubatch=256) == 0


def test_asking_the_library_for_devices_works_in_any_build() -> None:
    assert all(device.free >= 0 for device in graphics(library.load()))
