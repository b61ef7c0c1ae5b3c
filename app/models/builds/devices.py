"""What this computer seems to have for a backend; a hint beside an offer, the trial decides."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

_WINDOWS: Final = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"


def _nvidia() -> bool:
    driver = Path("/proc/driver/nvidia/version")
    return driver.exists() or shutil.which("nvidia-smi") is not None


def _amd() -> bool:
    return Path("/dev/kfd").exists() or (_WINDOWS / "amdhip64_6.dll").exists()


def _vulkan() -> bool:
    if sys.platform == "win32":
        return (_WINDOWS / "vulkan-1.dll").exists()
    drivers = (Path(root) / "vulkan" / "icd.d" for root in ("/usr/share", "/etc"))
    return any(folder.is_dir() and any(folder.glob("*.json")) for folder in drivers)


_LOOKS: Final[tuple[tuple[str, Callable[[], bool], str], ...]] = (
    ("cu", _nvidia, "No NVIDIA driver was found here."),
    ("rocm", _amd, "No AMD compute driver was found here."),
    ("hip", _amd, "No AMD compute driver was found here."),
    ("vulkan", _vulkan, "No Vulkan driver was found here."),
)


def lacking(backend: str) -> str:
    """Return what this computer seems to lack for a backend, in words, or ''."""
    for start, look, words in _LOOKS:
        if backend.startswith(start):
            return "" if look() else words
    return ""
