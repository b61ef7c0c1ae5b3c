"""The words of `echelon engines`; they are read before anything of the core is loaded."""

import argparse


def add_engines(engines: argparse.ArgumentParser) -> None:
    """Give a parser all that can be done with builds of the engine."""
    actions = engines.add_subparsers(dest="action", metavar="action", required=True)
    listed = actions.add_parser("list", help="show builds that are here and that can be had")
    listed.add_argument("--here", action="store_true", help="only what is here; nobody is asked")
    got = actions.add_parser("get", help="download a build, try it, and use it if it works here")
    got.add_argument("name", help="its id in the list, or how it begins")
    got.add_argument(
        "--without-hash",
        action="store_true",
        help="also where nobody says which bytes it must have",
    )
    used = actions.add_parser("use", help="use a build that is here")
    used.add_argument("name", help="its id, or how it begins")
    back = actions.add_parser("rollback", help="use the build before again")
    back.add_argument("kind", choices=("server", "library"), help="which kind of build")
    removed = actions.add_parser("rm", help="delete a build that is not in use")
    removed.add_argument("name", help="its id, or how it begins")
    for action in (listed, got, used, back, removed):
        action.add_argument("--json", action="store_true", help="print it as JSON")
