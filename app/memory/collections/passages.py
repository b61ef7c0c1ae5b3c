"""A document as passages: a few paragraphs under one heading, that overlap a little. Pure."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from app.memory.blocks import Block, BlockKind, blocks, pieces, sentences
from app.memory.collections.pages import readable
from app.memory.writing.orders import is_order

WORDS: Final = 250
_LEAST_WORDS: Final = 200
_OVERLAP: Final = 30
# Of one block, in characters: about the words of a passage; code and tables may be longer.
_BLOCK: Final = 1_800
_WHOLE: Final = 6_000
_PAGES: Final = frozenset((".html", ".htm", ".xhtml"))


class Passage(NamedTuple):
    """A piece of a document: its words, where they stand, and whether they give orders."""

    text: str
    place: str
    orders: bool = False

    @property
    def digest(self) -> str:
        """The same for the same words, wherever they stand."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


def passages(text: str, name: str) -> Iterator[Passage]:
    """Yield the passages of a document of this name.

    A paragraph that tells a model what to do is a passage of its own, so that nothing else has to
    be left out with it.
    """
    is_page = PurePosixPath(name).suffix.casefold() in _PAGES
    packer = _Packer(name, lines=not is_page)
    for block in blocks(readable(text) if is_page else text):
        whole = block.kind in {BlockKind.CODE, BlockKind.TABLE}
        for piece in pieces(block, _WHOLE if whole else _BLOCK):
            yield from packer.take(piece)
    yield from packer.rest()


class _Packer:
    """Packs blocks into passages; a heading begins a new one and stands in all under it."""

    def __init__(self, name: str, *, lines: bool) -> None:
        self._name = name
        self._lines = lines
        self._heading = ""
        self._held: list[str] = []
        self._words = 0
        self._line = 1
        self._overlap = ""

    def take(self, block: Block) -> Iterator[Passage]:
        if block.kind is BlockKind.HEADING:
            yield from self.rest()
            self._heading, self._overlap = block.text.strip(), ""
            return
        if is_order(block.text):
            yield from self.rest()
            yield Passage(block.text, self._place(block.line), orders=True)
            self._overlap = ""
            return
        size = len(block.text.split())
        if self._held and (self._words >= _LEAST_WORDS or self._words + size > WORDS + _OVERLAP):
            yield from self.rest()
        if not self._held:
            self._line = block.line
        self._held.append(block.text)
        self._words += size

    def rest(self) -> Iterator[Passage]:
        """Yield what is held; its last words begin the next passage again."""
        if not self._held:
            return
        said = "\n\n".join(self._held)
        parts = (self._heading, self._overlap, said)
        yield Passage("\n\n".join(part for part in parts if part), self._place(self._line))
        self._overlap = _last_words(self._held[-1])
        self._held, self._words = [], 0

    def _place(self, line: int) -> str:
        heading = self._heading.lstrip("# ")
        if heading:
            return f"{self._name} \u203a {heading[:80]}"
        return f"{self._name}, line {line}" if self._lines else self._name


def _last_words(text: str) -> str:
    """Return the last sentences of a paragraph, a few words of them; of code nothing."""
    if text.startswith(("```", "~~~", "|")):
        return ""
    kept: list[str] = []
    count = 0
    for sentence in reversed(sentences(text)):
        count += len(sentence.split())
        if count > _OVERLAP:
            break
        kept.insert(0, sentence)
    return " ".join(kept)
