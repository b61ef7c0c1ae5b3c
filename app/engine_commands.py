"""What each action of `echelon engines` asks of the core, and how the answer is printed."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from typing import Final

from app import pulls, terminal
from app.cli import report, run_in_terminal
from app.domain.downloads import State
from app.domain.errors import AppError
from app.models.builds.words import gone_lines, lines, rolled_lines, used_lines
from app.terminal import Channel, Message, asked, print_report

_Lines = Callable[[Message], Iterable[str]]


def run(args: Namespace) -> int:
    """Do one action and return the exit code."""
    return _ACTIONS[args.action](args)


def _told(args: Namespace, request: Message, words: _Lines) -> int:
    return report(request, None if args.json else words)


def _get(args: Namespace) -> int:
    async def get(channel: Channel) -> int:
        order = {"op": "engines order", "name": args.name, "anyway": args.without_hash}
        try:
            answer = await asked(channel, order)
            if answer["download"] is not None:
                download = await pulls.watched(channel, answer["download"])
                if download["state"] != State.DONE:
                    return pulls.stopped(download)
        except AppError as error:
            return terminal.report(error)
        terminal.say("It is unpacked and tried on a starter model.")
        request = {"op": "engines install", "name": answer["id"]}
        return await print_report(channel, request, None if args.json else used_lines)

    return run_in_terminal(get)


_ACTIONS: Final[dict[str, Callable[[Namespace], int]]] = {
    "list": lambda args: _told(args, {"op": "engines list", "here": args.here}, lines),
    "get": _get,
    "use": lambda args: _told(args, {"op": "engines use", "name": args.name}, used_lines),
    "rollback": lambda args: _told(
        args, {"op": "engines rollback", "kind": args.kind}, rolled_lines
    ),
    "rm": lambda args: _told(args, {"op": "engines remove", "name": args.name}, gone_lines),
}
