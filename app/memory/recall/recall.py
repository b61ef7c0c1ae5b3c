"""From a question to the memories that matter for it, in exactly the scopes that are asked."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Protocol, TypeVar

from app.domain.errors import AppError
from app.domain.memories import RecallReport, Why
from app.memory.index.embeddings import Embeddings
from app.memory.recall.alike import distinct
from app.memory.recall.embedders import Taste, taste
from app.memory.recall.fusion import Lists, fused, joined
from app.memory.recall.order import allowed, ordered
from app.memory.recall.parts import Part, parts
from app.memory.recall.reading import Hits, Looked, held, look
from app.memory.recall.saying import Count, estimated, fitting
from app.memory.recall.terms import MOST_TERMS, terms
from app.memory.rows import VIEWS, View

T = TypeVar("T")
Near = Sequence[tuple[int, float]]

# Of each list.
_DEPTH: Final = 50
_FEWEST_TERMS: Final = 4  # of a part, however many there are
_NO_MODEL: Final = "There is no embedding model."


class Reads(Protocol):
    """Where memories are read."""

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the database's connection and return its result."""


class Meaning(Protocol):
    """Who finds memories by meaning."""

    def why_not(self) -> str:
        """Return why there is no search by meaning now, or ''."""

    async def nearest(
        self, scopes: Sequence[str], vector: Sequence[float], view: View, limit: int
    ) -> list[tuple[int, float]]:
        """Return memories of these scopes with their cosine, best first."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is near one part of a question in meaning."""

    plain: Near = ()
    wide: Near = ()


class Recall:
    """Finds what is remembered. It only reads: that memories were used is noted elsewhere."""

    def __init__(
        self,
        database: Reads,
        index: Meaning,
        embeddings: Embeddings,
        *,
        count: Count = estimated,
        tastes: Callable[[str], Taste] = taste,
    ) -> None:
        """Recall from `database` and `index`; `count` says how many tokens a text has."""
        self._database = database
        self._index = index
        self._embeddings = embeddings
        self._count = count
        self._taste = tastes

    async def of(
        self,
        question: str,
        scopes: Sequence[str],
        budget_tokens: int,
        *,
        now: float,
        thread: Sequence[str] = (),
    ) -> RecallReport:
        """Return what matters for a question, best first, in at most so many tokens.

        Args:
            question: any text.
            scopes: where to look, exactly these.
            budget_tokens: of the block that `block` makes of the report.
            now: seconds since the epoch.
            thread: what was said before, for words that point to it.

        Raises:
            StorageError: the memories cannot be read.
        """
        began = perf_counter()
        wanted = tuple(dict.fromkeys(scopes))
        if not wanted or budget_tokens <= 0:
            return RecallReport()
        asked = parts(question, thread)
        most = max(_FEWEST_TERMS, MOST_TERMS // len(asked))
        queries = [_query(part, most) for part in asked]
        (near, lexical), looked = await asyncio.gather(
            self._near(asked, wanted),
            self._looked(wanted, queries),
        )
        liking = self._taste("" if lexical else self._embeddings.id)
        found = joined([_related(*each, liking) for each in zip(looked.hits, near, strict=True)])
        for pinned in looked.pinned:
            found[pinned] = found.get(pinned, Why()).model_copy(update={"pinned": True})
        report = await self._chosen(found, wanted, budget_tokens, now)
        took = round(1000 * (perf_counter() - began), 3)
        return report.model_copy(update={"lexical": lexical, "milliseconds": took})

    async def _looked(self, scopes: Sequence[str], queries: Sequence[Sequence[str]]) -> Looked:
        """Return what words find, while the index is searched: whose short readings go first."""
        await asyncio.sleep(0)
        return await self._database.read(lambda db: look(db, scopes, queries, _DEPTH))

    async def _near(
        self, asked: Sequence[Part], scopes: Sequence[str]
    ) -> tuple[list[Neighbours], str]:
        """Return what is near each part, or nothing and why."""
        nothing = [Neighbours() for _ in asked]
        why = self._index.why_not() or self._embeddings.why_not()
        if why or not self._embeddings.id:
            return nothing, why or _NO_MODEL
        try:
            vectors = await self._embeddings.of([part.whole for part in asked])
            return [await self._neighbours(scopes, each) for each in vectors], ""
        except AppError as error:
            return nothing, str(error)

    async def _neighbours(self, scopes: Sequence[str], vector: Sequence[float]) -> Neighbours:
        plain, wide = await asyncio.gather(
            *(self._index.nearest(scopes, vector, view, _DEPTH) for view in VIEWS)
        )
        return Neighbours(plain, wide)

    async def _chosen(
        self, found: Mapping[int, Why], scopes: Sequence[str], budget: int, now: float
    ) -> RecallReport:
        best = sorted(found, key=lambda each: (not found[each].pinned, -found[each].score, -each))
        ids = best[: 2 * _DEPTH]
        embedder = self._embeddings.id
        kept = await self._database.read(lambda db: held(db, ids, embedder))
        may = [each for each in kept.memories.values() if allowed(each, scopes, now)]
        replaced = {each.supersedes for each in may}
        pairs = [(each, found[each.id]) for each in may if each.id not in replaced]
        several = distinct(ordered(pairs, now), kept.vectors)
        chosen, tokens = fitting(several, kept.wide, budget, self._count)
        return RecallReport(found=chosen, tokens=tokens, budget=budget)


def _query(part: Part, most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*terms(part.text, most), *part.carried)))


def _related(hits: Hits, near: Neighbours, liking: Taste) -> dict[int, Why]:
    """Return what one part found, if the best is related enough, without what is hardly related."""
    shares = _most((hit.memory_id, hit.share) for hit in (*hits.plain, *hits.wide))
    cosines = _most((*near.plain, *near.wide))
    found = fused(_lists(hits, near), liking.weights)
    related = {
        each: liking.related(shares.get(each, 0.0), cosines.get(each, 0.0)) for each in found
    }
    if max(related.values(), default=0.0) < liking.opens:
        return {}
    return {each: why for each, why in found.items() if related[each] >= liking.keeps}


def _most(found: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Return the highest figure of each memory."""
    most: dict[int, float] = {}
    for memory, figure in found:
        most[memory] = max(figure, most.get(memory, 0.0))
    return most


def _lists(hits: Hits, near: Neighbours) -> Lists:
    return Lists(
        words=[(hit.memory_id, hit.share) for hit in hits.plain],
        words_wide=[(hit.memory_id, hit.share) for hit in hits.wide],
        meaning=near.plain,
        meaning_wide=near.wide,
    )
