"""How many bytes of memory this computer moves in a second: it bounds how fast a model writes."""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from typing import Final

_MIB: Final = 1 << 20
# In all larger than what processors keep near them; a piece takes less than a turn on a core.
_BLOCK: Final = 64 * _MIB
_PIECE: Final = 2 * _MIB
_PASSES: Final = 3
_THREADS_MOST: Final = 8
# A copy reads every byte and writes it.
_WAYS: Final = 2
_LEAST_S: Final = 1e-9


def measure(
    threads: int = 0, block: int = _BLOCK, clock: Callable[[], float] = perf_counter
) -> float:
    """Return the bytes a second that all cores move together, whoever else uses them now.

    It takes some tenths of a second, and twice `block` of memory. Every thread copies pieces; the
    usual speed of a piece counts, so those that were interrupted do not.

    Args:
        threads: how many at once; 0 means one for every core, up to 8.
        block: bytes that are copied, by all together.
        clock: tells seconds.
    """
    count = threads or max(1, min(os.cpu_count() or 1, _THREADS_MOST))
    share = max(_PIECE, block // count // _PIECE * _PIECE)
    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(lambda _: _pace(share, clock), range(count)))


def _pace(size: int, clock: Callable[[], float]) -> float:
    """Return the bytes a second that one thread moves."""
    source, goal = (ctypes.create_string_buffer(size) for _ in range(2))
    starts = [ctypes.addressof(each) for each in (source, goal)]
    ctypes.memset(source, 1, size)  # else all its pages would be the same empty one
    ctypes.memset(goal, 1, size)
    paces = []
    for at in [at for _ in range(_PASSES) for at in range(0, size, _PIECE)]:
        begin = clock()
        ctypes.memmove(starts[1] + at, starts[0] + at, _PIECE)
        paces.append(_WAYS * _PIECE / max(clock() - begin, _LEAST_S))
    return median(paces)
