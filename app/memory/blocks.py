"""A text as the blocks it is made of: headings, paragraphs, and what is only whole of use. Pure."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple


class BlockKind(StrEnum):
    """What a block is. Code and tables are kept whole where they are not far too long."""

    HEADING = "heading"
    PROSE = "prose"
    CODE = "code"
    TABLE = "table"
    QUOTE = "quote"


class Block(NamedTuple):
    """A block of a text and the line on which it begins (from 1)."""

    text: str
    line: int
    kind: BlockKind


_FENCE: Final = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING: Final = re.compile(r"#{1,6}\s+\S")
# What ends a sentence: a mark and a blank, but not after a number or a single letter ("3. May").
_SENTENCE: Final = re.compile(
    r"(?<=[^\W\d_]{2}[.!?…])(?<!\b(?:Dr|Mr|Ms|St|Nr)\.)(?<!\bMrs\.)\s+"
    r"|(?<=\d{4}\.)\s+|(?<=\d\.)\s+(?=(?:I|I'm|My|We|Ich|Meine?|Wir)\b)"
    r"|(?<=[\d)\"'”“»][!?…])\s+|(?<=[!?…])\s+"
)
_LIST: Final = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in their order; blank lines are between them."""
    held: list[str] = []
    begun, kind, fence = 0, BlockKind.PROSE, ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _FENCE.match(line)
        if fence:
            held.append(line)
            if found and found[1].startswith(fence):
                yield Block("\n".join(held), begun, kind)
                held, fence = [], ""
            continue
        now = _kind(line) if not found else BlockKind.CODE
        if held and (now is not kind or now is BlockKind.HEADING):
            yield Block("\n".join(held), begun, kind)
            held = []
        if now is None:
            continue
        if not held:
            begun, kind = number, now
        held.append(line)
        fence = found[1] if found else ""
    if held:
        yield Block("\n".join(held), begun, kind)


def _kind(line: str) -> BlockKind | None:
    plain = line.strip()
    if not plain:
        return None
    if plain.startswith("|") or line.count("\t") >= 2:
        return BlockKind.TABLE
    if plain.startswith(">"):
        return BlockKind.QUOTE
    return BlockKind.HEADING if _HEADING.match(plain) else BlockKind.PROSE


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; points of a list are sentences."""
    parts: list[str] = []
    for line in _joined(text.splitlines()):
        parts += (part.strip() for part in _SENTENCE.split(line))
    return [part for part in parts if part]


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield what belongs together: lines that were only wrapped are one."""
    held: list[str] = []
    for line in lines:
        if held and _LIST.match(line):
            yield " ".join(held)
            held = []
        held.append(_LIST.sub("", line).strip())
    if held:
        yield " ".join(held)


def pieces(block: Block, most: int) -> Iterator[Block]:
    """Yield a block in pieces of so many characters at most, cut where it hurts least."""
    if len(block.text) <= most:
        yield block
        return
    whole = block.kind in {BlockKind.CODE, BlockKind.TABLE}
    parts = block.text.splitlines(keepends=True) if whole else _spaced(block.text)
    line, held, size = block.line, [""], 0
    for part in (each for long in parts for each in _hard(long, most)):
        if size and size + len(part) > most:
            joined = "".join(held)
            yield Block(joined.strip("\n"), line, block.kind)
            line += joined.count("\n")
            held, size = [], 0
        held.append(part)
        size += len(part)
    if rest := "".join(held).strip("\n"):
        yield Block(rest, line, block.kind)


def _spaced(text: str) -> Iterator[str]:
    """Yield the sentences of a text with the blanks that follow them."""
    at = 0
    for found in _SENTENCE.finditer(text):
        yield text[at : found.end()]
        at = found.end()
    yield text[at:]


def _hard(part: str, most: int) -> Iterator[str]:
    """Yield what no sentence ends in time: cut at blanks, else anywhere."""
    while len(part) > most:
        cut = part.rfind(" ", most // 2, most) + 1 or most
        yield part[:cut]
        part = part[cut:]
    yield part
