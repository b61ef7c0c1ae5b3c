"""What each action of `echelon models` asks of the core, and how the answer is printed."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from typing import Final

from app import benches, pulls, shelves
from app.cli import report, run_in_terminal
from app.models.benching.desk import known_lines
from app.models.crashes.desk import applied_lines
from app.models.crashes.desk import lines as crash_lines
from app.models.hub.words import found_lines, reach_lines, shown_lines
from app.models.sets.words import lines as set_lines
from app.terminal import Message

_Lines = Callable[[Message], Iterable[str]]


def run(args: Namespace) -> int:
    """Do one action and return the exit code."""
    return _ACTIONS[args.action](args)


def _told(args: Namespace, request: Message, lines: _Lines) -> int:
    return report(request, None if args.json else lines)


def _search(args: Namespace) -> int:
    request = {"op": "models search", "text": " ".join(args.text), "sort": args.sort}
    return _told(args, {**request, "limit": min(args.limit, 100)}, found_lines)


def _show(args: Namespace) -> int:
    request = {"op": "models show", "repo": args.repo, "context": args.context, "card": args.card}
    return _told(args, request, shown_lines)


def _sets(args: Namespace) -> int:
    names = ("memory", "bandwidth", "gpu", "cores")
    wishes = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    return _told(args, {"op": "models sets", **wishes}, set_lines)


def _folders(args: Namespace) -> int:
    request = shelves.folder_request(args.change or "", getattr(args, "path", ""))
    return _told(args, request, shelves.folder_lines)


def _pull(args: Namespace) -> int:
    return run_in_terminal(
        lambda channel: pulls.pull(channel, args.what, sha256=args.sha256, to=args.to)
    )


def _limit(args: Namespace) -> int:
    wish = {} if args.mb is None else {"mb": args.mb}
    return _told(args, {"op": "download limit", **wish}, pulls.limit_lines)


def _steer(args: Namespace) -> int:
    return report({"op": "download", "id": args.id, "do": args.action}, pulls.steered)


def _bench(args: Namespace) -> int:
    if not args.name:
        return _told(args, {"op": "models benchmarks"}, known_lines)
    return run_in_terminal(
        lambda channel: benches.measure(
            channel, args.name, anyway=args.load_anyway, as_json=args.json
        )
    )


def _doctor(args: Namespace) -> int:
    if args.apply is None:
        return _told(args, {"op": "models crash", "name": args.name}, crash_lines)
    request = {"op": "models remedy", "name": args.name, "number": args.apply}
    return _told(args, request, applied_lines)


_ACTIONS: Final[dict[str, Callable[[Namespace], int]]] = {
    "list": lambda args: _told(args, {"op": "models list"}, shelves.list_lines),
    "folders": _folders,
    "rm": lambda args: run_in_terminal(
        lambda channel: shelves.remove(channel, args.name, yes=args.yes)
    ),
    "import": lambda args: run_in_terminal(
        lambda channel: shelves.take(channel, args.path, copy=args.copy)
    ),
    "verify": lambda args: run_in_terminal(
        lambda channel: shelves.verify(channel, args.name, as_json=args.json)
    ),
    "search": _search,
    "show": _show,
    "connection": lambda args: _told(args, {"op": "models connection"}, reach_lines),
    "pull": _pull,
    "downloads": lambda args: _told(args, {"op": "downloads"}, pulls.listed),
    "limit": _limit,
    "pause": _steer,
    "resume": _steer,
    "cancel": _steer,
    "retry": _steer,
    "sets": _sets,
    "bench": _bench,
    "doctor": _doctor,
}
