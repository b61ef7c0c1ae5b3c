"""Builds of the engine in words, for a terminal."""

from collections.abc import Iterator
from typing import Any

from app.domain.amounts import in_words
from app.domain.names import printable

_NEXT = "It counts from the next start of an engine on."


def lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what is here and what can be had."""
    yield f"Here ({answer['computer']}):"
    for build in answer["builds"]:
        yield f"  {_build(build)}"
    if not answer["builds"]:
        yield "  what came with Echelon, or what you installed yourself"
    if answer["offers"]:
        yield ""
        yield "To be had:"
    for offer in answer["offers"]:
        yield f"  {_offer(offer)}"
    if answer["reasons"]:
        yield ""
        yield from (printable(each, 600) for each in answer["reasons"])


def used_lines(build: dict[str, Any]) -> Iterator[str]:
    """Yield that a build is used."""
    yield f"{build['id']} works here and is used. {_NEXT}"


def rolled_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what is used instead."""
    build = answer["build"]
    named = build["id"] if build else "what was there before any build came from elsewhere"
    yield f"Used as {answer['kind']} again: {named}. {_NEXT}"


def gone_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield that a build is gone."""
    yield f"{answer['id']} is gone; {in_words(answer['freed'])} came free."


def _build(build: dict[str, Any]) -> str:
    state = "in use" if build["in_use"] else "works here" if build["usable"] else "not usable"
    why = f": {printable(build['why'], 300)}" if build["why"] else ""
    return f"{build['id']}  {in_words(build['size'])}  {state}{why}"


def _offer(offer: dict[str, Any]) -> str:
    words = [offer["id"]]
    if offer["size"] is not None:
        words.append(in_words(offer["size"]))
    if offer["note"]:
        words.append(offer["note"])
    return "  ".join(words)
