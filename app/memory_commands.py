"""What each action of `echelon memory` asks of the core, and how the answer is printed."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from app import terminal
from app.cli import report, run_in_terminal
from app.domain.errors import AppError
from app.domain.memories import Why
from app.orchestration.recollection import in_words
from app.shelves import agreed, whole_path
from app.terminal import FAILED, OK, Channel, Message, asked


def run(args: Namespace) -> int:
    """Do one action and return the exit code."""
    return _ACTIONS[args.action](args)


def _told(args: Namespace, request: Message, lines: Callable[[Message], Iterable[str]]) -> int:
    return report(request, None if args.json else lines)


def _scopes(args: Namespace) -> Message:
    named = {"scopes": args.scope} if args.scope else {}
    return {**named, "all_scopes": args.all}


def _list(args: Namespace) -> int:
    request = {"op": "memory list", "text": " ".join(args.text), "archived": args.archived}
    limit = max(1, min(args.limit, 10_000))
    return _told(args, {**request, "limit": limit, **_scopes(args)}, list_lines)


def _search(args: Namespace) -> int:
    request = {"op": "memory search", "text": " ".join(args.text), **_scopes(args)}
    return _told(args, request, list_lines)


def _add(args: Namespace) -> int:
    request = {"op": "memory add", "text": " ".join(args.text), "scope": args.scope}
    return _told(args, request, lambda answer: [memory_line(answer["memory"])])


def _export(args: Namespace) -> int:
    request = {"op": "memory export", "path": whole_path(args.file), **_scopes(args)}
    return _told(args, request, lambda answer: [f"{answer['count']} memories are in the file."])


def _import(args: Namespace) -> int:
    request = {"op": "memory import", "path": whole_path(args.file), "trusted": args.trusted}
    return _told(args, request, import_lines)


async def forget(channel: Channel, ids: list[int], *, yes: bool) -> int:
    """Show memories and delete them if that is wanted; return the exit code."""
    try:
        there = await asked(channel, {"op": "memory show", "ids": ids})
        for each in there["memories"]:
            terminal.say(memory_line(each))
        if not yes and not agreed():
            terminal.say("Nothing was deleted.")
            return FAILED
        done = await asked(channel, {"op": "memory forget", "ids": ids})
    except AppError as error:
        return terminal.report(error)
    terminal.say(done["words"])
    return OK


def list_lines(answer: Message) -> Iterator[str]:
    """Return memories as lines, with why where they were recalled."""
    for each in answer["memories"]:
        why = f"  ({in_words(Why.model_validate(each['why']))})" if "why" in each else ""
        yield f"{memory_line(each)}{why}"
    more = answer["total"] - len(answer["memories"])
    if more > 0:
        yield f"and {more} more"
    if not answer["memories"]:
        yield "Nothing is remembered here."
    if answer.get("lexical"):
        yield f"Found by words only: {answer['lexical']}"


def memory_line(memory: Message) -> str:
    """Return one memory as a line."""
    day = datetime.fromtimestamp(memory["created"]).astimezone().date()
    state = "" if memory["status"] == "active" else f", {memory['status']}"
    pin = ", pinned" if memory["pinned"] else ""
    text = " ".join(memory["text"].split())
    return f"{memory['id']}  {text}  [{memory['kind']}, {memory['scope']}, {day}{state}{pin}]"


def import_lines(answer: Message) -> Iterator[str]:
    """Return what came of an import."""
    yield f"{answer['added']} added, {answer['known']} known already, {answer['refused']} refused"
    for line in answer["lines"]:
        yield f"  line {line['number']}: {line['why']}"


def _rebuilt(answer: Message) -> list[str]:
    why = answer["lexical"]
    return [f"Memories are found by words only: {why}" if why else "The index was made anew."]


_ACTIONS: Final[dict[str, Callable[[Namespace], int]]] = {
    "list": _list,
    "search": _search,
    "add": _add,
    "forget": lambda args: run_in_terminal(lambda channel: forget(channel, args.ids, yes=args.yes)),
    "export": _export,
    "import": _import,
    "rebuild": lambda args: _told(args, {"op": "memory rebuild"}, _rebuilt),
}
