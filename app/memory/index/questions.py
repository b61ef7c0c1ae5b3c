"""Vectors of questions, by the model whose vectors are searched and by no other."""

from collections.abc import Callable, Sequence

from app.domain.errors import EngineAnswerInvalid
from app.memory.index.embeddings import Earlier, Embeddings, vectors_of
from app.memory.index.rows import Embedder


class Questions:
    """Makes vectors as the serving model does: while another one takes over, that is the former."""

    def __init__(
        self, embeddings: Embeddings, earlier: Earlier, serving: Callable[[], Embedder | None]
    ) -> None:
        """Ask `embeddings` where it is the model that serves, else who `earlier` names."""
        self._embeddings = embeddings
        self._earlier = earlier
        self._serving = serving

    @property
    def id(self) -> str:
        """The hash of the file of the model that serves, '' when there is none."""
        serving = self._serving()
        return serving.id if serving else ""

    def why_not(self) -> str:
        """Return why no vectors can be had that can be searched, or ''."""
        if not self._embeddings.id and not self.id:
            return "there is no embedding model"
        if not self.id:
            return self._embeddings.why_not() or "no memory has been read for its meaning yet"
        model = self._model()
        if model is None:
            return "another embedding model is still reading all memories"
        return model.why_not()

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return one vector per text, in order.

        Raises:
            AppError: it cannot be had.
        """
        model = self._model()
        found = await vectors_of(model, texts, ["t"] * len(texts)) if model else []
        vectors = [each.tolist() for each in found if each is not None]
        if len(vectors) != len(texts):
            raise EngineAnswerInvalid(
                "There is no vector of the question that could be compared with memories.",
                remedy="Memories are found by their words for now.",
            )
        return vectors

    def _model(self) -> Embeddings | None:
        return self._embeddings if self._embeddings.id == self.id else self._earlier(self.id)
