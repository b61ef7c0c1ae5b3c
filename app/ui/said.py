"""What the core says, in the language of the window.

The core's sentences stay English in terminals, logs and the database. Here one is found again by
its words: the values in it fill the gaps of the translation. What nobody has translated is shown
as it came. `resources/i18n/collect.py` says where sentences come from.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale

from app.domain.errors import AppError

_GAP: Final = re.compile(r"%(\d+)")
# Where one sentence may end and another begin.
_BORDERS: Final = re.compile(r"(\n|: |; |(?<=[.?!]) )")
_TOGETHER: Final = 4  # pieces that may belong to one sentence
_LONGEST: Final = 1000
_FEW: Final = 3  # with so few letters of its own a sentence says one word of something else
_LIKELY: Final = 4  # sentences with most letters of their own that are tried
_WAYS: Final = 100  # in how many ways a text is divided among gaps before the best is taken
_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class _Words:
    """A text in the other language, and how many of its letters stand as they came."""

    text: str
    foreign: int


class Sayings:
    """Sentences of the core with their translations."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        """Know `translations`; gaps are %1, %2 and so on in both languages."""
        pairs = dict(_with_empty_ends(translations.items()))
        self._plain = {saying: words for saying, words in pairs.items() if "%1" not in saying}
        gapped = (_Gapped(*pair) for pair in pairs.items() if "%1" in pair[0])
        self._gapped = sorted(gapped, key=lambda each: each.weight, reverse=True)
        self._find = lru_cache(_KEPT)(self._look)

    def say(self, text: str) -> str:
        """Return a text in the other language, as far as its sentences are known."""
        return self._find(text).text if len(text) <= _LONGEST else text

    def _look(self, text: str) -> _Words:
        inner = text.strip()
        if not inner:
            return _Words(text, 0)
        begin = text.index(inner)
        found = self._whole(inner)
        if found is None or (found.foreign and _BORDERS.search(inner)):
            pieces = self._piece_by_piece(inner)
            found = min(found or pieces, pieces, key=_foreign)
        return _Words(text[:begin] + found.text + text[begin + len(inner) :], found.foreign)

    def _whole(self, text: str) -> _Words | None:
        """Return a text that is one sentence in the other language, None if it is not known."""
        if text in self._plain:
            return _Words(self._plain[text], 0)
        if text[0].islower() and text[0].upper() + text[1:] in self._plain:
            words = self._plain[text[0].upper() + text[1:]]
            return _Words(words[0].lower() + words[1:], 0)
        likely = islice((each for each in self._gapped if each.fits(text)), _LIKELY)
        known = (each.say(text, self._find) for each in likely)
        return min(known, key=_foreign, default=None)

    def _piece_by_piece(self, text: str) -> _Words:
        """Return a text sentence by sentence, divided so that the least of it stays as it came."""
        parts = _BORDERS.split(text)
        best = {len(parts) + 1: _Words("", 0)}
        for at in range(len(parts) - 1, -1, -2):
            ends = range(min(len(parts), at + 2 * _TOGETHER - 1), at, -2)
            ways = ((self._piece("".join(parts[at:end])), end) for end in ends)
            joined = (
                _joined(words, "".join(parts[end : end + 1]), best[end + 1])
                for words, end in ways
                if words is not None
            )
            plain = _joined(_as_it_came(parts[at]), "".join(parts[at + 1 : at + 2]), best[at + 2])
            best[at] = min((*joined, plain), key=_foreign)
        return best[0]

    def _piece(self, text: str) -> _Words | None:
        return self._whole(text) if text else None


class _Gapped:
    """One sentence with gaps."""

    def __init__(self, saying: str, words: str) -> None:
        self._literals = _GAP.split(saying)[::2]
        self._numbers = _GAP.findall(saying)
        self._words = words
        self._longest = max(self._literals, key=len)
        letters = sum(map(_letters, self._literals))
        self.weight = (letters, sum(map(len, self._literals)))
        gap = "(.*?)" if letters > _FEW else r"(\S*?)"
        self._form = re.compile(gap.join(map(re.escape, self._literals)), re.DOTALL)

    def fits(self, text: str) -> bool:
        """Whether a text can be this sentence."""
        return self._longest in text and self._form.fullmatch(text) is not None

    def say(self, text: str, find: Callable[[str], _Words]) -> _Words:
        """Return the sentence in the other language; `text` fits.

        Args:
            text: what was said.
            find: translates what stands in the gaps; most of it are names and numbers.
        """
        first, *rest = self._literals
        ways = islice(_ways(text[len(first) :], rest), _WAYS)
        found = ([find(value) for value in values] for values in ways)
        best = min(found, key=lambda values: sum(map(_foreign, values)))
        values = dict(zip(self._numbers, best, strict=True))
        words = _GAP.sub(lambda gap: values[gap[1]].text, self._words)
        return _Words(words, sum(map(_foreign, best)))


def _ways(text: str, literals: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield how a text can be divided into values, each of them before one of the literals."""
    literal, *rest = literals
    if not rest:
        if text.endswith(literal):
            yield (text.removesuffix(literal),)
        return
    at = text.find(literal)
    while at >= 0:
        if literal or not text[at : at + 1].isalnum():  # no value begins within a word
            for others in _ways(text[at + len(literal) :], rest):
                yield (text[:at], *others)
        at = text.find(literal, at + 1)


def _joined(words: _Words, border: str, rest: _Words) -> _Words:
    return _Words(words.text + border + rest.text, words.foreign + rest.foreign)


def _as_it_came(text: str) -> _Words:
    return _Words(text, _letters(text))


def _foreign(words: _Words) -> int:
    return words.foreign


def _letters(text: str) -> int:
    return sum(each.isalpha() for each in text)


def _with_empty_ends(translations: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield all sentences, and those that end in a value once more for when it is empty."""
    for saying, words in translations:
        yield saying, words
        bare, colon, gap = saying.rpartition(": ")
        if colon and _GAP.fullmatch(gap) and words.endswith(colon + gap):
            yield bare, words.removesuffix(colon + gap)


_spoken = Sayings({})


def speak(folder: Path, locale: QLocale) -> None:
    """From now on say what the core says in the language of `locale`, if `folder` has it."""
    global _spoken  # noqa: PLW0603 - as Qt keeps its translators, for the whole window
    names = (locale.name(), locale.name().partition("_")[0])
    files = (folder / f"core_{name}.json" for name in names)
    found = next((file for file in files if file.is_file()), None)
    families = json.loads(found.read_text("utf-8")).values() if found else ()
    _spoken = Sayings({saying: words for family in families for saying, words in family.items()})


def said(text: str) -> str:
    """Return what the core said in the language of the window."""
    return _spoken.say(text)


def told(error: AppError) -> str:
    """Return all of an error in the language of the window: what happened and what helps."""
    return f"{said(error.message)} {said(error.remedy)}".strip()
