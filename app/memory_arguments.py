"""The words of `echelon memory`; they are read before anything of the core is loaded."""

import argparse


def add_memory(memory: argparse.ArgumentParser) -> None:
    """Give a parser all that can be done with memories."""
    actions = memory.add_subparsers(dest="action", metavar="action", required=True)
    listed = actions.add_parser("list", help="show memories, the newest first")
    listed.add_argument("text", nargs="*", help="words that have to be in them")
    listed.add_argument("--archived", action="store_true", help="also what was put away")
    listed.add_argument("--limit", type=int, metavar="N", default=50, help="50 if absent")
    search = actions.add_parser("search", help="show what would be recalled for a question")
    search.add_argument("text", nargs="+", help="the question")
    added = actions.add_parser("add", help="keep something")
    added.add_argument("text", nargs="+", help="what is to be kept")
    added.add_argument("--scope", default="everywhere", help="where it is kept")
    forget = actions.add_parser("forget", help="delete memories for good, once they were shown")
    forget.add_argument("ids", nargs="+", type=int, metavar="NUMBER", help="their numbers")
    forget.add_argument("--yes", action="store_true", help="delete without asking")
    export = actions.add_parser("export", help="write memories as lines of JSON")
    export.add_argument("file", help="a file that is made, or replaced")
    taken = actions.add_parser("import", help="take memories from lines of JSON, as proposals")
    taken.add_argument("file", help="the file")
    taken.add_argument("--trusted", action="store_true", help="take them as they are")
    rebuild = actions.add_parser("rebuild", help="make anew what memories are found by")
    for action in (listed, search, export):
        _scoped(action)
    for action in (listed, search, added, export, taken, rebuild):
        action.add_argument("--json", action="store_true", help="print it as JSON")


def _scoped(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="NAME",
        help="everywhere (if absent), chat:ID, folder:NAME or key:ID; may be given several times",
    )
    action.add_argument("--all", action="store_true", help="all scopes, also those of single chats")
