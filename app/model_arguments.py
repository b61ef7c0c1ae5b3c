"""The words of `echelon models`; they are read before anything of the core is loaded."""

import argparse
from typing import Final, TypeAlias

_Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
# The actions whose answer can be had as JSON.
_Told: TypeAlias = list[argparse.ArgumentParser]

_STEERING: Final = {
    "pause": "stop a download until it is resumed",
    "resume": "let a paused download go on",
    "cancel": "end a download and remove what was fetched",
    "retry": "try a failed or cancelled download again",
}


def add_models(models: argparse.ArgumentParser) -> None:
    """Give a parser all that can be done with models."""
    actions = models.add_subparsers(dest="action", metavar="action", required=True)
    told = [*_library(actions), *_hub(actions), *_downloads(actions), *_advice(actions)]
    for action in told:
        action.add_argument("--json", action="store_true", help="print it as JSON")


def _library(actions: _Actions) -> _Told:
    listed = actions.add_parser("list", help="show all models, also those of other programs")
    removed = actions.add_parser("rm", help="delete a model, once its size was shown")
    removed.add_argument("name", help="its name, path, or the start of its id")
    removed.add_argument("--yes", action="store_true", help="delete without asking")
    taken = actions.add_parser("import", help="make a GGUF file part of the library, by a link")
    taken.add_argument("path", help="the file; the parts beside it come along")
    taken.add_argument("--copy", action="store_true", help="copy it instead")
    verified = actions.add_parser("verify", help="read models as a whole and compare their hashes")
    verified.add_argument("name", nargs="?", default="", help="one of them; all if absent")
    folders = actions.add_parser("folders", help="show, add or take out folders")
    changes = folders.add_subparsers(dest="change", metavar="change")
    for change, words in (("add", "make a folder part of it"), ("rm", "take a folder out of it")):
        changes.add_parser(change, help=words).add_argument("path")
    return [listed, verified, folders]


def _hub(actions: _Actions) -> _Told:
    search = actions.add_parser("search", help="find GGUF models on the hub")
    search.add_argument("text", nargs="*", help="words of the name; none finds all")
    search.add_argument(
        "--sort", choices=("trending", "downloads", "likes", "updated"), default="trending"
    )
    search.add_argument("--limit", type=_count, metavar="N", default=20, help="100 at the most")
    show = actions.add_parser("show", help="say what a repository holds and how it would run here")
    show.add_argument("repo", help="its name, as owner/name, or the address of its page")
    show.add_argument(
        "--context", type=_count, metavar="TOKENS", default=0, help="the window that is wanted"
    )
    show.add_argument("--card", action="store_true", help="print the model's card too")
    connection = actions.add_parser("connection", help="say whether the hub can be reached")
    return [search, show, connection]


def _downloads(actions: _Actions) -> _Told:
    pull = actions.add_parser("pull", help="get a model; what was begun goes on")
    pull.add_argument(
        "what", help="its address, or owner/name:QUANTISATION or owner/name:FILE on the hub"
    )
    pull.add_argument("--sha256", default="", help="the hash a file from an address must have")
    pull.add_argument("--to", default="", metavar="DIR", help="another folder than the usual one")
    listed = actions.add_parser("downloads", help="list the downloads")
    limit = actions.add_parser("limit", help="show or set how fast all downloads may be together")
    limit.add_argument(
        "mb",
        nargs="?",
        type=_megabytes,
        help="megabytes a second, now and after the next start; 0: none",
    )
    for wish, words in _STEERING.items():
        steer = actions.add_parser(wish, help=words)
        steer.add_argument("id", help="the download, or how its id begins")
    return [listed, limit]


def _advice(actions: _Actions) -> _Told:
    sets = actions.add_parser("sets", help="recommend models for all tiers that fit together")
    for wish, unit in (("memory", "GB"), ("bandwidth", "GB/s"), ("gpu", "GB")):
        sets.add_argument(f"--{wish}", type=float, metavar=unit)
    sets.add_argument("--cores", type=int, metavar="COUNT")
    crash = actions.add_parser("doctor", help="say why a model's engine ended, and what helps")
    crash.add_argument("name", help="a role or a model of the registry")
    crash.add_argument("--apply", type=int, metavar="NUMBER", help="do one of the things that help")
    bench = actions.add_parser("bench", help="measure a model on this computer")
    bench.add_argument(
        "name", nargs="?", default="", help="a role, a model, or a file; all results if absent"
    )
    bench.add_argument(
        "--load-anyway", action="store_true", help="also where it does not fit into memory"
    )
    return [sets, crash, bench]


def _count(text: str) -> int:
    if not 1 <= int(text) < 1 << 31:
        raise ValueError(text)
    return int(text)


def _megabytes(text: str) -> float:
    if not 0 <= float(text) <= 100_000:
        raise ValueError(text)
    return float(text)
