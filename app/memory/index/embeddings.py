"""Texts to vectors: who makes them, and what of their answers can be used."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from app.domain.errors import ContextExceeded, EngineAnswerInvalid, RequestInvalid
from app.memory.index.vectors import Matrix
from app.memory.rows import View

# No model that makes vectors reads more; what is longer is cut before it is sent.
MOST_CHARACTERS: Final = 16_000
# A shorter text that is still refused is refused for something else.
LEAST_CHARACTERS: Final = 32


class Embeddings(Protocol):
    """Who makes vectors of texts."""

    @property
    def id(self) -> str:
        """The hash of the model's file, '' when there is none."""

    def why_not(self) -> str:
        """Return why it cannot be asked now, or ''."""

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return one vector per text, in order.

        Raises:
            AppError: it cannot be had.
        """


# Returns who makes vectors as a model of this id does, where that model is still to be had.
Earlier = Callable[[str], Embeddings | None]


def shortened(text: str, view: View, most: int) -> str:
    """Return as much of a text as is read: its end where the words before it come first."""
    return text[-most:] if view == "w" else text[:most]


async def vectors_of(
    model: Embeddings, texts: Sequence[str], views: Sequence[View]
) -> list[Matrix | None]:
    """Return a vector of length 1 per text, or None where a text has none that can be used.

    Raises:
        AppError: the model cannot be asked, or answers what cannot be used.
    """
    cut = [shortened(each, view, MOST_CHARACTERS) for each, view in zip(texts, views, strict=True)]
    try:
        return checked(await model.of(cut), len(cut))
    except (ContextExceeded, RequestInvalid):
        found = [await _alone(model, each, view) for each, view in zip(cut, views, strict=True)]
        if all(each is None for each in found):
            raise
        return found


async def _alone(model: Embeddings, text: str, view: View) -> Matrix | None:
    """Return the vector of a text, cut until it is short enough for the model."""
    while True:
        try:
            return checked(await model.of([text]), 1)[0]
        except (ContextExceeded, RequestInvalid):
            if len(text) <= LEAST_CHARACTERS:
                return None
            text = shortened(text, view, len(text) // 2)


def checked(found: Sequence[Sequence[float]], count: int) -> list[Matrix | None]:
    """Return vectors at length 1; None for those of zeros or of what are no numbers.

    Raises:
        EngineAnswerInvalid: there are not as many as texts, they differ in length, or none is one.
    """
    sizes = {len(each) for each in found}
    if len(found) != count or (count and (len(sizes) != 1 or 0 in sizes)):
        raise _invalid(f"{len(found)} vectors of {sorted(sizes)} numbers for {count} texts")
    rows = [unit(each) for each in found]
    if count > 1 and all(each is None for each in rows):
        raise _invalid("vectors of zeros, or of what are no numbers")
    return rows


def unit(values: Sequence[float]) -> Matrix | None:
    """Return a vector at length 1, or None where it has no length."""
    plain = np.asarray(values, np.float64)
    largest = float(np.abs(plain).max(initial=0.0))
    if not np.isfinite(largest) or largest <= 0:
        return None
    plain = plain / largest  # squares of what is very large or very small would be no numbers
    return np.asarray(plain / np.linalg.norm(plain), np.float32)


def _invalid(what: str) -> EngineAnswerInvalid:
    return EngineAnswerInvalid(
        f"The embedding model answered with {what}.",
        remedy="Choose another embedding model; until then memories are found by their words.",
    )
