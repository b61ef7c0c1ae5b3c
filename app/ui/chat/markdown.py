"""Markdown cut into top-level blocks, so that finished ones need never be rendered again. No Qt."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Lines as the parser counts them; Python's `splitlines` breaks at more characters.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# A table is known by its second line; until that has come it would show as a torn paragraph.
_TABLE_LINES = 2


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
    lines = _LINE.findall(text)
    if not starts:
        return [Block("prose", text)]
    # Blank lines before the first block belong to it; link targets there are prose by themselves.
    first = _lines_of(starts[0])[0]
    before = "".join(lines[:first])
    blocks = [Block("prose", before)] if before.strip() else []
    begins = first if blocks else 0
    edges = [begins, *(_lines_of(token)[0] for token in starts[1:]), len(lines)]
    for token, (begin, end) in zip(starts, pairwise(edges), strict=True):
        blocks += _blocks(token, begin, lines[:end])
    return blocks


def merge(blocks: list[Block]) -> list[Block]:
    """Join neighbouring prose, as a finished answer is shown."""
    merged: list[Block] = []
    for block in blocks:
        if merged and block.kind == "prose" == merged[-1].kind:
            merged[-1] = Block("prose", merged[-1].source + block.source)
        else:
            merged.append(block)
    return merged


def _lines_of(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0], token.map[1]


def _blocks(token: Token, begin: int, lines: list[str]) -> list[Block]:
    """Return the block of `token`; link targets that follow code are no code."""
    if token.type not in {"fence", "code_block"}:
        return [Block("prose", "".join(lines[begin:]))]
    rest = _lines_of(token)[1]
    while rest < len(lines) and not lines[rest].strip():
        rest += 1
    language = token.info.split()[0] if token.info.split() else ""
    code = Block("code", "".join(lines[begin:rest]), token.content.rstrip("\n"), language)
    return [code, Block("prose", "".join(lines[rest:]))] if rest < len(lines) else [code]


class Cutter:
    """Cuts a growing text: blocks that are closed are handed out once, the rest stays open.

    Only complete lines can close a block, for half a line may yet turn into its continuation:
    `2` after a list becomes `2. next`, `#` after a paragraph becomes `#hashtag`.
    """

    def __init__(self) -> None:
        self._open = ""

    @property
    def open(self) -> Block | None:
        """What may still grow."""
        blocks = cut(self._open)
        if len(blocks) < 2:
            return blocks[0] if blocks else None
        return Block("prose", self._open)

    def feed(self, text: str) -> list[Block]:
        """Take more text and return the blocks that were closed by it."""
        self._open += text
        complete = cut(self._open[: self._open.rfind("\n") + 1])
        closed = complete[:-1]
        rest = self._open[sum(len(block.source) for block in closed) :]
        if complete and complete[-1].kind == "code":
            # A fence that is shut takes no more lines, whatever becomes of the next one.
            first, *others = cut(rest)
            if others and first == complete[-1]:
                closed.append(first)
                rest = rest[len(first.source) :]
        self._open = rest
        return closed


def showable(block: Block) -> str:
    """Return the prose of an open block, without a table that has only its first line."""
    before, gap, last = block.source.rpartition("\n\n")
    if last.lstrip().startswith("|") and last.count("\n") < _TABLE_LINES:
        return before + gap
    return block.source
