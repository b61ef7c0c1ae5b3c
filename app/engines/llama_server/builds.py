"""Which llama-server there is, and what it knows: found by path, folder or PATH, then probed."""

import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.domain.errors import EngineUnfit
from app.engines.exits import cause_code
from app.engines.launch import environment

PROGRAM = "llama-server.exe" if sys.platform == "win32" else "llama-server"
PROBE_S = 20.0
# Where builds put it, seen from the folder a person would name.
_PLACES = ("", "bin", "build/bin", "build/bin/Release")
_VERSION = re.compile(r"^version: (.+?)\s*$", re.MULTILINE)
_OPTION = re.compile(r"(?<!\S)(--?[a-zA-Z][\w-]*)")
_REMOVED = re.compile(r"argument has been removed")
_REMEDY = (
    "Get one with `echelon engines get`, install llama.cpp, let `make llama-server` build it, or "
    "name a build in `llama_server.binary` in the model registry."
)


@dataclass(frozen=True, slots=True)
class Build:
    """One llama-server: where it is, what it calls itself, and its help as options with words."""

    binary: Path
    version: str
    options: dict[str, str]

    def knows(self, option: str, value: str = "") -> bool:
        """Return whether it has an option, and if a value is given, names it among its values."""
        words = self.options.get(option)
        return words is not None and re.search(rf"(?<![\w-]){value}(?![\w-])", words) is not None


def own_folder() -> Path:
    """Return where `make llama-server` puts what it builds for this user."""
    return platformdirs.user_cache_path("echelon", appauthor=False) / "llama-server"


def find(wish: Path | None, built: Path) -> Path:
    """Return the program: the wished one, else the one on the PATH, else the one in `built`.

    Raises:
        EngineUnfit: there is none.
    """
    if wish is None:
        on_path = shutil.which("llama-server")
        found = Path(on_path) if on_path else _in_folder(built)
        where = "on the PATH"
    else:
        found = _in_folder(wish) if wish.is_dir() else wish if wish.is_file() else None
        where = f"at {wish}"
    if found is None:
        raise EngineUnfit(f"There is no llama-server {where}.", remedy=_REMEDY)
    if not os.access(found, os.X_OK):
        raise EngineUnfit(
            f"The file {found} may not be run as a program.",
            remedy="Make it executable, or name another build in the model registry.",
        )
    return found.absolute()


def _in_folder(folder: Path) -> Path | None:
    places = (folder / place / PROGRAM for place in _PLACES)
    return next((place for place in places if place.is_file()), None)


async def probe(binary: Path) -> Build:
    """Return what a program says of itself.

    Raises:
        EngineUnfit: it does not run here, or is something else.
    """
    said = await _said(binary, "--version")
    version = _VERSION.search(said)
    if version is None:
        raise EngineUnfit(f"The program {binary} is no llama-server.", remedy=_REMEDY)
    return Build(binary, version[1], parse_help(await _said(binary, "--help")))


def parse_help(text: str) -> dict[str, str]:
    """Return every option in a help text with the words about it; removed ones are left out.

    The option's own line and the indented lines below it are its words, so that a value named in
    either is found.
    """
    options: dict[str, str] = {}
    for entry in re.split(r"\n(?=-)", text):
        if not entry.startswith("-") or _REMOVED.search(" ".join(entry.split())):
            continue
        head = re.split(r"\s{2,}(?![-\s])", entry.split("\n")[0])[0]
        options.update(dict.fromkeys(_OPTION.findall(head), entry))
    return options


async def _said(binary: Path, flag: str) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            str(binary),
            flag,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment("", os.environ),
        )
    except OSError as error:
        raise EngineUnfit(
            f"The program {binary} cannot be run: {error.strerror}.", remedy=_REMEDY
        ) from error
    try:
        async with asyncio.timeout(PROBE_S):
            output, _ = await process.communicate()
    except TimeoutError:
        raise EngineUnfit(
            f"The program {binary} does not answer to {flag}.", remedy=_REMEDY
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = output.decode("utf-8", "replace")
    if process.returncode:
        raise _does_not_run(binary, process.returncode, text)
    return text


def _does_not_run(binary: Path, returncode: int, text: str) -> EngineUnfit:
    code = cause_code(returncode)
    if code == "illegal_instruction":
        why = "it uses instructions that this processor does not have"
    elif code == "library_missing":
        why = f"a library is missing: {text.strip()[-300:]}"
    else:
        why = f"it ends with status {returncode}: {text.strip()[-300:]}"
    return EngineUnfit(f"The program {binary} does not run here: {why}.", remedy=_REMEDY)
