"""What only the user can change: too little room or memory, a damaged file, an interruption."""

import os
import shutil
from pathlib import Path

SPARE_BYTES = 50_000_000


class Stop(Exception):
    """Ends a command; its text says what is the matter and what to do."""


def check_room(folder: Path, needed: int) -> None:
    """Raise Stop unless `needed` bytes and a little more can be written to `folder`."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise Stop(
            f"Only {free // 1_000_000} MB are free for {folder}; "
            f"{(needed + SPARE_BYTES) // 1_000_000} MB are needed. Make room and start again."
        )


def check_memory(needed: int, what: str) -> None:
    """Raise Stop unless `needed` bytes of memory can be had for `what`."""
    free = available_memory()
    if free is not None and free < needed:
        raise Stop(
            f"{what} takes about {needed // 1_000_000} MB of memory; "
            f"{free // 1_000_000} MB are free. Close other programs and start again."
        )


def available_memory() -> int | None:
    """Return how many bytes of memory can be had, where the system says so."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found = dict(line.split(":", 1) for line in lines)
        return int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
