"""Where other programs keep their models: one table, and what their own variables change in it."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.shelf import Folder, Origin

_POINTER_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class _Program:
    """Where one program keeps models.

    The first of `variables` that is set decides, with what follows its value; else a `pointer`
    file in the user's home names a folder; else all of `usual`, by system.
    """

    origin: Origin
    variables: tuple[tuple[str, str], ...]
    usual: Mapping[str, tuple[str, ...]]
    pointer: tuple[str, str] = ("", "")


# {home}, {cache}, {data} and {config} are the user's; {local} and {roaming} are those of Windows.
_PROGRAMS: Final = (
    _Program(
        Origin.HUGGING_FACE,
        (("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("HF_HOME", "hub")),
        dict.fromkeys(("linux", "darwin", "win32"), ("{cache}/huggingface/hub",)),
    ),
    _Program(
        Origin.LM_STUDIO,
        (),
        dict.fromkeys(
            ("linux", "darwin", "win32"),
            ("{home}/.lmstudio/models", "{home}/.cache/lm-studio/models"),
        ),
        pointer=(".lmstudio-home-pointer", "models"),
    ),
    _Program(
        Origin.OLLAMA,
        (("OLLAMA_MODELS", ""),),
        {
            "linux": (
                "{home}/.ollama/models",
                "/usr/share/ollama/.ollama/models",
                "/var/lib/ollama/models",
            ),
            "darwin": ("{home}/.ollama/models",),
            "win32": ("{home}/.ollama/models",),
        },
    ),
    _Program(
        Origin.JAN,
        (
            ("JAN_DATA_FOLDER", "llamacpp/models"),
            ("JAN_DATA_FOLDER", "models"),
        ),
        {
            "linux": (
                "{data}/Jan/data/llamacpp/models",
                "{config}/Jan/data/llamacpp/models",
                "{config}/Jan/data/models",
            ),
            "darwin": (
                "{home}/Library/Application Support/Jan/data/llamacpp/models",
                "{home}/Library/Application Support/Jan/data/models",
            ),
            "win32": ("{roaming}/Jan/data/llamacpp/models", "{roaming}/Jan/data/models"),
        },
    ),
    _Program(
        Origin.GPT4ALL,
        (),
        {
            "linux": ("{data}/nomic.ai/GPT4All", "{home}/.cache/gpt4all"),
            "darwin": (
                "{home}/Library/Application Support/nomic.ai/GPT4All",
                "{home}/.cache/gpt4all",
            ),
            "win32": ("{local}/nomic.ai/GPT4All", "{home}/.cache/gpt4all"),
        },
    ),
    _Program(
        Origin.LLAMA_CPP,
        (("LLAMA_CACHE", ""),),
        {
            "linux": ("{cache}/llama.cpp",),
            "darwin": ("{home}/Library/Caches/llama.cpp",),
            "win32": ("{local}/llama.cpp",),
        },
    ),
)


def adopted(
    environ: Mapping[str, str], home: Path, platform: str = sys.platform
) -> tuple[Folder, ...]:
    """Return the folders of other programs that are there, whether or not they may be read.

    Args:
        environ: the environment.
        home: the user's own folder.
        platform: the system, as Python names it.
    """
    system = platform if platform in {"darwin", "win32"} else "linux"
    bases = _bases(environ, home)
    found = [
        Folder(path, program.origin)
        for program in _PROGRAMS
        for path in _folders(program, environ, home, program.usual[system], bases)
        if _is_there(path)
    ]
    return tuple({folder.path: folder for folder in found}.values())


def _folders(
    program: _Program,
    environ: Mapping[str, str],
    home: Path,
    usual: tuple[str, ...],
    bases: Mapping[str, str],
) -> Iterator[Path]:
    chosen = next((name for name, _ in program.variables if environ.get(name, "").strip()), "")
    if chosen:
        base = _absolute(environ[chosen].strip(), home)
        if base is not None:
            yield from (base / below for name, below in program.variables if name == chosen)
        return
    if pointed := _pointed(home, *program.pointer):
        yield pointed
    yield from (Path(each.format_map(bases)) for each in usual)


def _bases(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    def base(name: str, usual: Path) -> str:
        given = environ.get(name, "")
        return given if Path(given).is_absolute() else str(usual)

    return {
        "home": str(home),
        "cache": base("XDG_CACHE_HOME", home / ".cache"),
        "data": base("XDG_DATA_HOME", home / ".local" / "share"),
        "config": base("XDG_CONFIG_HOME", home / ".config"),
        "local": base("LOCALAPPDATA", home / "AppData" / "Local"),
        "roaming": base("APPDATA", home / "AppData" / "Roaming"),
    }


def _pointed(home: Path, file: str, below: str) -> Path | None:
    """Return the folder that a small file in the user's home names."""
    if not file:
        return None
    try:
        with (home / file).open(encoding="utf-8") as stream:
            return _absolute(stream.read(_POINTER_BYTES).strip(), home, below)
    except (OSError, ValueError):
        return None


def _absolute(text: str, home: Path, below: str = "") -> Path | None:
    """Return a whole path; one that depends on where somebody stands leads nowhere."""
    if "\0" in text:
        return None
    path = home / text[2:] if text.startswith("~/") else Path(text)
    return path / below if path.is_absolute() else None


def _is_there(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it is there, behind a folder we may not enter
        return True
