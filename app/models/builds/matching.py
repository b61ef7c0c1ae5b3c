"""Which files of a listing are builds for this computer. Names change often: patterns, no lists."""

import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_RELEASE: Final = re.compile(
    r"llama-(?P<version>[\w.]{1,24})-bin-(?P<system>macos|ubuntu|linux|win)-"
    r"(?P<rest>[\w.-]{1,60}?)\.(?:zip|tar\.gz)"
)
_RUNTIME: Final = re.compile(
    r"cudart-llama-bin-win-(?P<backend>cuda-[\d.]{1,10})-(?P<machine>\w+)\.zip"
)
_WHEEL: Final = re.compile(
    r"llama_cpp_python-(?P<version>[\w.]{1,24})(?:\+[\w.]+)?-(?P<python>[\w.]+)-[\w.]+-"
    r"(?P<platform>[\w.]+)\.whl"
)
_SYSTEMS: Final = {"linux": ("ubuntu", "linux"), "macos": ("macos",), "windows": ("win",)}
_MACHINES: Final = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
# What stands before the machine in the name of a release; a number may follow.
_BACKENDS: Final = re.compile(r"(cpu|vulkan|cuda|rocm|hip-radeon|metal|sycl|opencl|openvino)\b.*")
# Folders of the wheels' index; CUDA and ROCm come in versions.
WHEEL_BACKENDS: Final = {
    "linux": (
        "cpu", "vulkan", "rocm72",
        "cu118", "cu121", "cu122", "cu123", "cu124", "cu125", "cu126", "cu128", "cu130", "cu132",
    ),
    "windows": (
        "cpu", "vulkan", "hip-radeon",
        "cu118", "cu121", "cu122", "cu123", "cu124", "cu125", "cu126", "cu128", "cu130", "cu132",
    ),
    "macos": ("cpu", "metal"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Host:
    """What kind of computer builds are for; a machine nobody builds for keeps its own name."""

    system: str
    machine: str

    @classmethod
    def here(cls) -> "Host":
        """Return this computer's kind."""
        system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux")
        machine = platform.machine().lower()
        return cls(system, _MACHINES.get(machine, machine))

    def __str__(self) -> str:
        return f"{self.system} {self.machine}"


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a file says."""

    version: str
    backend: str


def release_asset(name: str, host: Host) -> Named | None:
    """Return what an asset of a llama.cpp release is, if it is a build for this computer."""
    found = _RELEASE.fullmatch(name)
    if found is None or found["system"] not in _SYSTEMS[host.system]:
        return None
    words = found["rest"].split("-")
    if host.machine not in words:
        return None
    words.remove(host.machine)
    backend = "-".join(words) or ("metal" if host == Host("macos", "arm64") else "cpu")
    if not _BACKENDS.fullmatch(backend):
        return None
    return Named(found["version"], backend.replace("hip-radeon", "rocm"))


def runtime_for(backend: str, names: Iterable[str], host: Host) -> str:
    """Return the file with NVIDIA's own libraries that a build for Windows needs, or ''."""
    if host.system != "windows":
        return ""
    for name in names:
        found = _RUNTIME.fullmatch(name)
        if found and found["backend"] == backend and found["machine"] == host.machine:
            return name
    return ""


def wheel_fits(name: str, version: str, host: Host) -> bool:
    """Return whether a wheel holds the library of that version for this computer."""
    found = _WHEEL.fullmatch(name)
    if found is None or found["version"] != version:
        return False
    return any(_for_host(tag, host) for tag in found["platform"].split("."))


def _for_host(tag: str, host: Host) -> bool:
    system, _, rest = tag.partition("_")
    named = {"linux": "linux", "win": "windows", "macosx": "macos"}.get(
        "linux" if system.startswith("manylinux") else system
    )
    machine = next((ours for theirs, ours in _MACHINES.items() if rest.endswith(theirs)), rest)
    return named == host.system and (machine == host.machine or rest.endswith("universal2"))
