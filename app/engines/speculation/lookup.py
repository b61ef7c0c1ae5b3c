"""Drafting by looking up what followed the last tokens when they stood somewhere before.

The index is a suffix index by hashed n-grams: every token costs one entry for each size, and a
look-up one probe for each size, whatever the length of the text.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from app.engines.speculation.source import Free, Guess

NAME: Final = "lookup"
# Sizes of the n-grams, longest first: the longest that is found decides.
SIZES: Final = (12, 6, 3, 2)
# Places kept for each n-gram, the latest in front.
PLACES: Final = 4
# Matches are compared back to this length; more tells nothing new.
LONGEST: Final = 32
# Stands between documents: no token has this id, so no match reaches across.
GAP: Final = -1


class SuffixIndex:
    """Finds where the end of a growing text occurred before."""

    def __init__(self, documents: Iterable[Sequence[int]] = ()) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], tuple[int, ...]] = {}
        for document in documents:
            self.extend(document)
            self.extend((GAP,))

    def __len__(self) -> int:
        return len(self._tokens)

    def extend(self, tokens: Iterable[int]) -> None:
        """Append tokens to the text."""
        for token in tokens:
            self._remember()
            self._tokens.append(token)

    def _remember(self) -> None:
        """Note where the n-grams end that the next token will follow."""
        end = len(self._tokens)
        for size in SIZES:
            if size <= end:
                key = tuple(self._tokens[end - size :])
                self._places[key] = (end, *self._places.get(key, ())[: PLACES - 1])

    def find(self) -> tuple[int, int]:
        """Return the place after the best earlier match of the text's end, and its length.

        (0, 0) when even the shortest n-gram is new.
        """
        end = len(self._tokens)
        for size in SIZES:
            found = self._places.get(tuple(self._tokens[end - size :])) if size <= end else None
            if found:
                # The longest match wins; among equals the latest, which stands in front.
                return max(((place, self._length(place)) for place in found), key=lambda m: m[1])
        return 0, 0

    def _length(self, place: int) -> int:
        """How many tokens before `place` are those at the end of the text."""
        tokens, end = self._tokens, len(self._tokens)
        length = 0
        while (
            length < min(place, LONGEST) and tokens[place - 1 - length] == tokens[end - 1 - length]
        ):
            length += 1
        return length

    def following(self, place: int, limit: int) -> tuple[int, ...]:
        """Return at most `limit` tokens from `place` on, up to the end of their document."""
        found = self._tokens[place : place + limit]
        return tuple(found[: found.index(GAP)] if GAP in found else found)


class Lookup(Free):
    """The source that copies from earlier text."""

    name = NAME

    def __init__(self, documents: Iterable[Sequence[int]] = ()) -> None:
        self._index = SuffixIndex(documents)
        self._seen = 0

    def read(self, context: Sequence[int]) -> None:
        """Take in what is new in the text; after a long prompt that takes a while."""
        self._index.extend(context[self._seen :])
        self._seen = len(context)

    def guess(self, context: Sequence[int], limit: int, _credit: float = 0.0) -> Guess:
        """Return what followed the longest match of the context's end."""
        self.read(context)
        place, length = self._index.find()
        tokens = self._index.following(place, limit) if length else ()
        return Guess(tokens, tuple(range(length, length + len(tokens))))
