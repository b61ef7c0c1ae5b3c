"""Start of the program: reads the command line and chooses window, terminal or help."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

from app import __version__
from app.engine_arguments import add_engines
from app.memory_arguments import add_memory
from app.model_arguments import add_models


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="echelon", description="Several local language models working as one."
    )
    parser.add_argument("--version", action="version", version=f"echelon {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("window", help="open the window (the default)")
    chat = commands.add_parser("chat", help="chat in the terminal")
    ask = commands.add_parser("ask", help="answer one question on standard output")
    ask.add_argument("question", nargs="*", help="the question; read from standard input if absent")
    ask.add_argument("--why", action="store_true", help="say who answered and why")
    ask.add_argument("--json", action="store_true", help="print answer and receipt as JSON")
    route = commands.add_parser("route", help="say who would answer a question, and why")
    route.add_argument("question", nargs="+", help="the question; nobody is asked")
    route.add_argument("--role", default="", help="who is to answer")
    route.add_argument("--json", action="store_true", help="print it as JSON")
    _ledger_parser(commands.add_parser("ledger", help="past decisions"))
    _registry_parser(commands.add_parser("registry", help="which roles and models there are"))
    add_models(commands.add_parser("models", help="find, get and keep models"))
    add_memory(commands.add_parser("memory", help="show, search and forget what is remembered"))
    add_engines(commands.add_parser("engines", help="get and choose builds of the engine"))
    moves = commands.add_parser("moves", help="say where kinds of tasks begin by now, and why")
    moves.add_argument("--undo", metavar="ID", default="", help="take a move back")
    moves.add_argument("--json", action="store_true", help="print it as JSON")
    doctor = commands.add_parser("doctor", help="say what every part of the program does, and why")
    doctor.add_argument("--json", action="store_true", help="print it as JSON")
    for command in (chat, ask):
        command.add_argument("--role", default="", help="who answers, instead of the default role")
        command.add_argument(
            "--load-anyway", action="store_true", help="load the model even if memory is short"
        )
    return parser


def _ledger_parser(ledger: argparse.ArgumentParser) -> None:
    actions = ledger.add_subparsers(dest="action", metavar="action", required=True)
    export = actions.add_parser("export", help="write every row as a line of JSON")
    export.add_argument("--output", "-o", default="-", help="a file; standard output if absent")
    replay = actions.add_parser("replay", help="say what other policies would have been worth")
    replay.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="NAME",
        help="as-logged, likeliest, fastest, always=ROLE or dial=0..1; may be given several times",
    )
    replay.add_argument("--json", action="store_true", help="print it as JSON")


def _registry_parser(registry: argparse.ArgumentParser) -> None:
    actions = registry.add_subparsers(dest="action", metavar="action", required=True)
    export = actions.add_parser("export", help="write a full registry with what was measured here")
    export.add_argument("file", nargs="?", default="-", help="standard output if absent")


def has_display() -> bool:
    """Say whether a window can be opened here."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    args = _parser().parse_args(argv)
    # `--help` and `--version` answer without the core.
    from app import cli, engine_commands, memory_commands, model_commands, terminal  # noqa: PLC0415

    if args.command == "engines":
        return engine_commands.run(args)
    if args.command == "memory":
        return memory_commands.run(args)
    if args.command == "models":
        return model_commands.run(args)
    if args.command in _COMMANDS:
        return _COMMANDS[args.command](cli, args)
    if not has_display():
        terminal.say("There is no display here, so the chat opens in the terminal.")
        return cli.chat(role="")
    return cli.window()


def _ask(cli: ModuleType, args: argparse.Namespace) -> int:
    code: int = cli.ask(
        " ".join(args.question),
        role=args.role,
        load_anyway=args.load_anyway,
        why=args.why,
        as_json=args.json,
    )
    return code


def _ledger(cli: ModuleType, args: argparse.Namespace) -> int:
    code: int = (
        cli.export_ledger(args.output)
        if args.action == "export"
        else cli.replay_ledger(args.policy, as_json=args.json)
    )
    return code


_COMMANDS: dict[str, Callable[[ModuleType, argparse.Namespace], int]] = {
    "ask": _ask,
    "chat": lambda cli, args: cli.chat(role=args.role, load_anyway=args.load_anyway),
    "route": lambda cli, args: cli.route(
        " ".join(args.question), role=args.role, as_json=args.json
    ),
    "ledger": _ledger,
    "registry": lambda cli, args: cli.export_registry(args.file),
    "moves": lambda cli, args: cli.moves(undo=args.undo, as_json=args.json),
    "doctor": lambda cli, args: cli.doctor(as_json=args.json),
}


if __name__ == "__main__":
    sys.exit(main())
