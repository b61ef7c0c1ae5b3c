"""Vectors of questions, by who is in memory already and answers at once: no recall waits."""

from collections.abc import Sequence
from typing import Final, Protocol

from app.domain.errors import EngineStalled
from app.memory.index.questions import Questions

LIMIT_S: Final = 0.15
NO_MODEL: Final = "no role makes embeddings"


class Quick(Protocol):
    """Who makes vectors only where that costs next to nothing."""

    def why_not(self) -> str:
        """Return why it cannot be asked now, or ''."""

    async def vectors(
        self, texts: Sequence[str], limit_s: float = LIMIT_S
    ) -> Sequence[Sequence[float]]:
        """Return the vectors of texts within so many seconds, none if they cannot be had now."""


class Brief:
    """Makes vectors of questions for the index, or says at once why there are none."""

    def __init__(self, questions: Questions, quick: Quick | None) -> None:
        """Ask `quick`, as long as the index was made by the same model."""
        self._questions = questions
        self._quick = quick

    @property
    def id(self) -> str:
        """The hash of the file of the model whose vectors are searched, '' when there is none."""
        return self._questions.id

    def why_not(self) -> str:
        """Return why memories cannot be found by meaning now, or ''."""
        if self._quick is None:
            return NO_MODEL
        return self._questions.why_not() or self._quick.why_not()

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return one vector per text, in order.

        Raises:
            EngineStalled: they could not be had in time.
        """
        found = await self._quick.vectors(texts, LIMIT_S) if self._quick is not None else ()
        if len(found) != len(texts):
            raise EngineStalled(
                "The embedding model did not answer in time.",
                remedy="Memories are found by their words for now.",
            )
        return list(found)
