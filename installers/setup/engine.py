"""Builds the engine's library once per version and machine, and installs it into this environment.

From the same source archive come the vocabularies that the tests give to their models.
Standard library only: it runs while the environment is being set up.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-engine.lock"
LOG = ROOT / ".venv" / "engine-build.log"
NEEDED_BYTES = 2_000_000_000
HEARTBEAT_S = 20.0
VOCABULARIES = tuple(
    f"ggml-vocab-{name}.gguf" for name in ("llama-spm", "qwen2", "qwen35", "bert-bge", "gpt-2")
)
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
_STEP = re.compile(r"\[(\d+)/(\d+)\]")


def say(text: str, end: str = "\n") -> None:
    """Tell the person who waits."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def cache() -> Path:
    """Return the folder of wheels for this version on this machine.

    The build uses every instruction the processor has, so another processor needs another wheel.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cpu = Path("/proc/cpuinfo")
    flags = [
        line
        for line in (cpu.read_text("utf-8", "replace").splitlines() if cpu.exists() else [])
        if line.startswith(("flags", "Features", "model name"))
    ]
    machine = [platform.machine(), *platform.libc_ver(), *sorted(set(flags))]
    facts = "|".join([LOCK.read_text("utf-8"), *machine])
    return base / "echelon" / "wheels" / hashlib.sha256(facts.encode()).hexdigest()[:16]


def build(folder: Path) -> Path:
    """Compile the library and return the wheel in `folder`; half a wheel never appears there."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < NEEDED_BYTES:
        sys.exit(f"Less than 2 GB are free in {folder}. Free some space, then start again.")
    say("Building the engine (llama.cpp) for this processor, once: about 4 minutes on 2 cores.")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        source = fetch_source(Path(place))
        keep_vocabularies(source, folder)
        command = [*PIP, "wheel", "-v", "--no-deps", "--no-build-isolation"]
        run([*command, "-w", place, str(source)])
        (made,) = Path(place).glob("*.whl")
        return made.replace(folder / made.name)


def fetch_source(folder: Path) -> Path:
    """Return the source archive, downloaded into `folder` and checked against the lock's hash."""
    command = [*PIP, "download", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    run([*command, "--require-hashes", "-d", str(folder), "-r", str(LOCK)])
    return next(folder.glob("*.tar.gz"))


def keep_vocabularies(source: Path, folder: Path) -> None:
    """Copy the vocabularies out of the source archive; they appear whole or not at all."""
    folder = folder / "vocabularies"
    folder.mkdir(exist_ok=True)
    with tarfile.open(source) as archive:
        for member in archive:
            name = Path(member.name).name
            content = archive.extractfile(member) if name in VOCABULARIES else None
            if content is not None:
                fresh = folder / f"{name}.new"
                fresh.write_bytes(content.read())
                fresh.replace(folder / name)


def run(command: list[str]) -> None:
    """Run a step of a build with all cores, show its progress, and end here if it fails."""
    tools = str(Path(sys.executable).parent)
    cores = str(os.cpu_count() or 1)
    env = {
        **os.environ,
        "PATH": tools + os.pathsep + os.environ.get("PATH", ""),
        "CMAKE_BUILD_PARALLEL_LEVEL": os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", cores),
    }
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace",
        )  # fmt: skip
        assert process.stdout is not None
        progress = _Progress()
        for line in process.stdout:
            log.write(line)
            progress.take(line)
    progress.close()
    if process.wait():
        tail = LOG.read_text("utf-8", "replace").splitlines()[-12:]
        say("\n".join(tail))
        sys.exit(f"The engine could not be built. The whole log: {LOG}")


class _Progress:
    """Shows how far the compiler is: in place on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._started = time.monotonic()
        self._told = self._started

    def take(self, line: str) -> None:
        """Read one line of the build."""
        found = _STEP.search(line)
        now = time.monotonic()
        if found is None or (not self._terminal and now - self._told < HEARTBEAT_S):
            return
        self._told = now
        share = int(found[1]) / max(int(found[2]), 1)
        text = f"  engine: {share:4.0%} after {now - self._started:.0f} s"
        say(f"\r{text}" if self._terminal else text, end="" if self._terminal else "\n")

    def close(self) -> None:
        """End the line."""
        if self._terminal:
            say("")


def main() -> None:
    """Install the engine, building it if this machine has not done so before."""
    folder = cache()
    wheel = next(iter(sorted(folder.glob("*.whl"))), None) or build(folder)
    if any(not (folder / "vocabularies" / name).exists() for name in VOCABULARIES):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            keep_vocabularies(fetch_source(Path(place)), folder)
    command = [*PIP, "install", "-q", "--no-deps", "--no-index", "--force-reinstall", str(wheel)]
    if subprocess.run(command, check=False).returncode:
        wheel.unlink(missing_ok=True)
        sys.exit("The engine could not be installed; it will be built again next time.")


if __name__ == "__main__":
    main()
