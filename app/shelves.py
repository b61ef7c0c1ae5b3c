"""The terminal's commands about the library: what they ask of the core, and how answers look."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from app import terminal
from app.domain.amounts import in_words
from app.domain.errors import AppError
from app.domain.names import printable
from app.models.shelf.desk import any_damage
from app.terminal import FAILED, OK, Channel, Message, asked


async def remove(channel: Channel, name: str, *, yes: bool) -> int:
    """Say what would go with a model, and delete it if that is wanted; return the exit code."""
    try:
        removal = await asked(channel, {"op": "models removal", "name": name})
        for line in removal_lines(removal):
            terminal.say(line)
        if not yes and not agreed():
            terminal.say("Nothing was deleted.")
            return FAILED
        gone = await asked(channel, {"op": "models remove", "token": removal["token"]})
    except AppError as error:
        return terminal.report(error)
    terminal.say(f"{gone['name']} is gone; {in_words(gone['freed'])} came free.")
    return OK


async def take(channel: Channel, path: str, *, copy: bool) -> int:
    """Make a file part of the library and say how; return the exit code."""
    request = {"op": "models import", "path": whole_path(path), "copy_it": copy}
    try:
        answer = await asked(channel, request)
    except AppError as error:
        return terminal.report(error)
    terminal.say(f"{answer['model']['name']} is in the library ({answer['way']}).")
    return OK


async def verify(channel: Channel, name: str, *, as_json: bool) -> int:
    """Have models read as a whole; return the exit code, which says whether all are right."""
    try:
        answer = await asked(channel, {"op": "models verify", "name": name})
    except AppError as error:
        return terminal.report(error)
    checks = answer["checks"]
    told = [json.dumps(answer, ensure_ascii=False)] if as_json else check_lines(checks)
    sys.stdout.write("".join(f"{line}\n" for line in told))
    sys.stdout.flush()
    return FAILED if any_damage(checks) else OK


def folder_request(action: str, path: str) -> Message:
    """Return the request that adds, takes out, or only shows folders."""
    named = {"path": whole_path(path), "add": action == "add"} if action else {}
    return {"op": "models folders", **named}


def whole_path(path: str) -> str:
    """Return a path that means the same in the process that owns the core."""
    try:
        return str(Path(path).expanduser().absolute())
    except RuntimeError:  # an unknown user's home
        return path


def list_lines(answer: Message) -> Iterator[str]:
    """Yield the library as lines for a terminal."""
    usable = [model for model in answer["models"] if not model["problem"]]
    rows = [("model", "size", "type", "context", "kind", "whose"), *map(_row, usable)]
    yield from _table(rows) if usable else ["There are no models yet."]
    broken = [model for model in answer["models"] if model["problem"]]
    if broken:
        yield from ("", "Not usable")
        for model in broken:
            yield f"  {printable(model['path'])}"
            yield f"    {model['problem']} {model['remedy']}".rstrip()
    yield ""
    yield f"{len(usable)} models, {in_words(answer['used'])} on disk"
    if answer["wasted"]:
        yield f"{in_words(answer['wasted'])} of it are copies of models that are there twice"


def folder_lines(answer: Message) -> Iterator[str]:
    """Yield the folders of the library as lines for a terminal."""
    for folder in answer["folders"]:
        free = "" if folder["free"] is None else f", {in_words(folder['free'])} free on its disk"
        yield f"{printable(folder['path'])}  ({folder['owner']})"
        yield f"  {folder['models']} models, {in_words(folder['used'])}{free}"
        if folder["detail"]:
            yield f"  {folder['detail']}"


def removal_lines(removal: Message) -> Iterator[str]:
    """Yield what would go with a model."""
    if removal["reference"]:
        yield f"{removal['name']} leaves the library; its file stays where it is."
    else:
        yield f"{removal['name']} would be deleted ({in_words(removal['size'])}):"
        yield from (f"  {printable(file)}" for file in removal["files"])
        yield f"{in_words(removal['freed'])} come free."
        if not removal["freed"]:
            yield "Its bytes have another name elsewhere, which stays."
    if removal["roles"]:
        yield f"Roles that use it: {', '.join(removal['roles'])}."


def check_lines(checks: Iterable[Message]) -> Iterator[str]:
    """Yield what a check found, model by model."""
    for found in checks:
        told = f"{found['detail']} {found['remedy']}".rstrip()
        yield f"{found['verdict']:<8}  {found['name']}  {told}"


def _row(model: Message) -> tuple[str, ...]:
    parts = f" in {model['files']} parts" if model["files"] > 1 else ""
    twice = f", {model['copies']} times" if model["copies"] > 1 else ""
    return (
        model["handle"],
        in_words(model["size"]) + parts,
        model["quantisation"],
        f"{model['context']:,}" if model["context"] else "",
        f"{model['kind']} ({printable(model['architecture'], 20)})",
        model["owner"] + twice,
    )


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def agreed() -> bool:
    """Ask a person; where nobody sits, nothing is agreed to."""
    if not sys.stdin.isatty():
        terminal.say("Say `--yes` to delete it.")
        return False
    sys.stderr.write("Delete it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
