"""Graphics devices the library can use, and how many layers of a model fit onto them."""

import ctypes
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from app.domain.gguf import GgufError, GgufHeader, read_header

AUTOMATIC: Final = -1
EVERY_LAYER: Final = 1_000  # more than any model has; the library takes all there are
_GPU_TYPES: Final = (1, 2)  # GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU
# What a driver, a desktop and the library's own buffers want beside the layers.
_RESERVE: Final = 768 << 20
_F16_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Device:
    """One graphics device: its name, and its free memory in bytes."""

    name: str
    free: int


def graphics(native: ModuleType) -> tuple[Device, ...]:
    """Return the graphics devices this build of the library finds; a CPU build finds none."""
    library = native._lib
    try:
        library.ggml_backend_dev_count.restype = ctypes.c_size_t
        library.ggml_backend_dev_get.restype = ctypes.c_void_p
        library.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
        library.ggml_backend_dev_name.restype = ctypes.c_char_p
        for name in ("name", "type", "memory"):
            function = getattr(library, f"ggml_backend_dev_{name}")
            sizes = [ctypes.POINTER(ctypes.c_size_t)] * 2 if name == "memory" else []
            function.argtypes = [ctypes.c_void_p, *sizes]
    except AttributeError:  # another platform may not show these functions through this handle
        return ()
    found = []
    for index in range(library.ggml_backend_dev_count()):
        device = library.ggml_backend_dev_get(index)
        if library.ggml_backend_dev_type(device) in _GPU_TYPES:
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            library.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            name = library.ggml_backend_dev_name(device).decode("utf-8", "replace")
            found.append(Device(name, free.value))
    return tuple(found)


def choose_layers(
    wanted: int, devices: tuple[Device, ...], path: Path, *, context: int, ubatch: int
) -> int:
    """Return how many layers go to the graphics devices.

    Args:
        wanted: a number that is taken as it is, or `AUTOMATIC`.
        devices: where they could go; none means none.
        path: the model.
        context: tokens of the whole cache, whose share goes along with each layer.
        ubatch: rows of one evaluation, for the scores' buffer.
    """
    if not devices:
        return 0
    if wanted != AUTOMATIC:
        return wanted
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except (OSError, GgufError):
        return 0  # the load itself will say what is wrong with the file
    free = sum(max(0, device.free - _RESERVE) for device in devices)
    return fit_layers(header, free, context=context, ubatch=ubatch)


def fit_layers(header: GgufHeader, free: int, *, context: int, ubatch: int) -> int:
    """Return how many layers fit into `free` bytes: all of them, or the last so many.

    A layer takes its weights and its share of the cache (16-bit keys and values); the scores of
    one evaluation (32-bit, one per token of the vocabulary) are needed once.
    """
    layers = header.block_count
    if layers <= 0:
        return 0
    weights = sum(tensor.size or 0 for tensor in header.tensors)
    cache = context * _cache_values(header) * _F16_BYTES
    left = free - 4 * ubatch * header.n_vocab
    fitting = int(left * layers // (weights + cache)) if left > 0 else 0
    return EVERY_LAYER if fitting >= layers else fitting


def _cache_values(header: GgufHeader) -> int:
    """Return how many numbers all layers together keep for one token."""
    name = header.architecture

    def number(key: str, default: int) -> int:
        found = header.metadata.get(f"{name}.{key}", default)
        numbers = found if isinstance(found, tuple) else (found,)
        return max((each for each in numbers if isinstance(each, int)), default=default)

    heads = max(1, number("attention.head_count", 1))
    kv_heads = number("attention.head_count_kv", heads)
    width = number("embedding_length", 0) // heads
    key, value = number("attention.key_length", width), number("attention.value_length", width)
    return header.block_count * kv_heads * (key + value)
