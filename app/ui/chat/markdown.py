"""Markdown cut into top-level blocks, so that finished ones need never be rendered again. No Qt."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer: prose (Markdown source) or one fence of code.

    `source` is the exact text it came from; the sources of all blocks add up to the whole.
    """

    kind: Literal["prose", "code"]
    source: str
    code: str = ""
    language: str = ""


@cache
def _parser() -> MarkdownIt:
    # Tags are text here: what a model writes is never part of our own page.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def cut(text: str) -> list[Block]:
    """Return the top-level blocks of `text`, in order."""
    if not text:
        return []
    starts = [token for token in _parser().parse(text) if token.level == 0 and token.nesting != -1]
    starts = [token for token in starts if token.map]
    lines = text.splitlines(keepends=True)
    if not starts:
        return [Block("prose", text)]
    # What stands before the first block (blank lines, link targets) belongs to it.
    edges = [0, *(_first_line(token) for token in starts[1:]), len(lines)]
    return [
        _block(token, "".join(lines[begin:end]))
        for token, (begin, end) in zip(starts, pairwise(edges), strict=True)
    ]


def merge(blocks: list[Block]) -> list[Block]:
    """Join neighbouring prose, as a finished answer is shown."""
    merged: list[Block] = []
    for block in blocks:
        if merged and block.kind == "prose" == merged[-1].kind:
            merged[-1] = Block("prose", merged[-1].source + block.source)
        else:
            merged.append(block)
    return merged


def _first_line(token: Token) -> int:
    assert token.map is not None
    return token.map[0]


def _block(token: Token, source: str) -> Block:
    if token.type in {"fence", "code_block"}:
        language = token.info.split()[0] if token.info.split() else ""
        return Block("code", source, token.content.rstrip("\n"), language)
    return Block("prose", source)


class Cutter:
    """Cuts a growing text: blocks that are closed are handed out once, the last stays open."""

    def __init__(self) -> None:
        self._open = ""

    @property
    def open(self) -> Block | None:
        """The block that may still grow."""
        blocks = cut(self._open)
        return blocks[-1] if blocks else None

    def feed(self, text: str) -> list[Block]:
        """Take more text and return the blocks that were closed by it."""
        self._open += text
        blocks = cut(self._open)
        if len(blocks) < 2:
            return []
        self._open = blocks[-1].source
        return blocks[:-1]


def showable(block: Block) -> str:
    """Return the prose of an open block, without a table that has only its first line."""
    text = block.source
    lines = text.strip().splitlines()
    if len(lines) == 1 and lines[0].lstrip().startswith("|"):
        return ""
    return text
