"""Memories by their words: BM25 with the statistics of the scopes asked, and of no others.

FTS5's own `bm25()` reads every row of every word of a query, the word that stands for the scope
among them: a tenth of a second for a few common words among 100,000 memories. So each word is
looked up by itself, at most `MOST_ROWS` of its newest rows, and the sums are made here. A word in
more rows than that finds nothing beside rarer ones; it tells those apart which they have found.
Memories are short: a word counts once, however often it stands in one.
"""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.memories import MemoryStatus
from app.memory.recall.terms import any_of, quoted
from app.memory.rows import VIEWS, View, tag

MOST_ROWS: Final = 1_000
# In no more rows than this, of all scopes, a word is rare.
_SELDOM: Final = 400
# So many rows of two words together, of all scopes, are looked through.
_BESIDE: Final = 3_000
# How many memories there are matters to the weight of words, but not beyond this.
_MANY: Final = 20_000
# Of these the length is looked at; the length changes the order of neighbours only.
_WEIGHED: Final = 200
# As FTS5 has rows at hand, which takes half as long as backwards.
_ANY: Final = ""
_NEWEST: Final = " ORDER BY rowid DESC"
_K1: Final = 1.2
_B: Final = 0.75


@dataclass(frozen=True, slots=True)
class Hit:
    """A memory found by words: its score, and which share of the question's weight it holds."""

    memory_id: int
    score: float
    share: float


@dataclass(slots=True)
class Posting:
    """The rows a word stands in, in any order; none are told where they are too many."""

    rows: Sequence[int]
    common: bool

    @property
    def count(self) -> int:
        """How many rows there are, as far as it matters."""
        return MOST_ROWS if self.common else len(self.rows)


@dataclass(slots=True)
class Lexicon:
    """The words of some scopes, within one reading of the database."""

    db: sqlite3.Connection
    scopes: Sequence[int]
    total: int
    _known: dict[tuple[View, str], Posting] = field(default_factory=dict)
    _beside: dict[tuple[str, tuple[str, ...]], list[int] | None] = field(default_factory=dict)

    def hits(self, view: View, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return the memories in which these words weigh most, best first."""
        found = {each: self._posting(view, each) for each in dict.fromkeys(terms)}
        weights = {each: self._weight(posting.count) for each, posting in found.items()}
        sums = self._sums(view, found, weights)
        best = sorted(sums, key=lambda row: (-sums[row], -row))[:_WEIGHED]
        everything = sum(weights.values())
        weighed = [
            Hit(memory, sums[row] * _shortness(length, mean), sums[row] / everything)
            for row, memory, length, mean in self._lengths(best)
        ]
        return sorted(weighed, key=lambda hit: (-hit.score, -hit.memory_id))[:limit]

    def _weight(self, rows: int) -> float:
        return math.log(1 + (max(self.total, rows) - rows + 0.5) / (rows + 0.5))

    def _sums(
        self, view: View, found: Mapping[str, Posting], weights: Mapping[str, float]
    ) -> dict[int, float]:
        sums: defaultdict[int, float] = defaultdict(float)
        rare = [each for each, posting in found.items() if posting.rows and not posting.common]
        for each, posting in found.items():
            if not (posting.common and rare):
                for row in self._newest(view, each) if posting.common else posting.rows:
                    sums[row] += weights[each]
        for each, posting in found.items():
            if posting.common and rare:
                for row in self._together(view, each, found, rare):
                    if row in sums:
                        sums[row] += weights[each]
        return sums

    def _posting(self, view: View, term: str) -> Posting:
        if (view, term) not in self._known:
            seldom, rows, common = self._seldom(term), list[int](), False
            for each in VIEWS:
                # What is common by itself is as common with what was said before.
                if not common:
                    rows = seldom[each] if seldom else self._counted(each, term)
                    common = len(rows) > MOST_ROWS
                self._known[each, term] = Posting(() if common else rows, common)
        return self._known[view, term]

    def _counted(self, view: View, term: str) -> list[int]:
        return self._rows(view, quoted(term), MOST_ROWS + 1, _ANY)

    def _newest(self, view: View, term: str) -> list[int]:
        return self._rows(view, quoted(term), MOST_ROWS)

    def _together(
        self, view: View, common: str, asked: Iterable[str], rare: Iterable[str]
    ) -> list[int]:
        """Return rows with a common word that hold a rarer one too, if they are of these scopes.

        Those of a rarer word are known, so it does no harm, and is three times as fast, to look in
        all scopes and both views at once; unless there are too many.
        """
        either = tuple(each for each in asked if self._is_rare(each))
        if (common, either) not in self._beside:
            found = self._matching(f"text : ({quoted(common)} AND ({any_of(either)}))", _BESIDE)
            self._beside[common, either] = found if len(found) < _BESIDE else None
        beside = self._beside[common, either]
        if beside is not None:
            return beside
        return self._rows(view, f"{quoted(common)} AND text : ({any_of(rare)})", MOST_ROWS)

    def _is_rare(self, term: str) -> bool:
        """Whether a word finds something by itself in one of the views."""
        postings = [self._posting(view, term) for view in VIEWS]
        return any(each.rows and not each.common for each in postings)

    def _seldom(self, term: str) -> dict[View, list[int]] | None:
        """Return the rows of a word that is rare everywhere, or None for any other.

        To bind a word to a scope within the index costs as much as the scope is large; of a few
        rows it costs less to look at each of them.
        """
        found = self._matching(f"text : {quoted(term)}", _SELDOM + 1)
        if len(found) > _SELDOM:
            return None
        scopes = ", ".join("?" * len(self.scopes))
        query = (
            f"SELECT id, view FROM views WHERE id IN ({', '.join('?' * len(found))})"  # noqa: S608
            f" AND +scope_id IN ({scopes}) ORDER BY id DESC"
        )
        rows = [(int(row[0]), row[1]) for row in self.db.execute(query, (*found, *self.scopes))]
        return {view: [row for row, seen in rows if seen == view] for view in VIEWS}

    def _rows(self, view: View, query: str, most: int, order: str = _NEWEST) -> list[int]:
        tags = any_of(tag(scope, view) for scope in self.scopes)
        return self._matching(f"tag : ({tags}) AND text : {query}", most, order)

    def _matching(self, query: str, most: int, order: str = _ANY) -> list[int]:
        """Return rows that fit a query of FTS5; which ones, where there are more, says `order`."""
        cursor = self.db.cursor()
        cursor.row_factory = None
        cursor.execute(
            f"SELECT rowid FROM words WHERE words MATCH ?{order} LIMIT ?",  # noqa: S608
            (query, most),
        )
        return [row for (row,) in cursor.fetchall()]

    def _lengths(self, rows: Sequence[int]) -> list[tuple[int, int, int, float]]:
        marks = ", ".join("?" * len(rows))
        query = f"SELECT id, memory_id, LENGTH(text) AS length FROM views WHERE id IN ({marks})"  # noqa: S608
        found = [(int(row[0]), int(row[1]), int(row[2])) for row in self.db.execute(query, rows)]
        mean = sum(length for _, _, length in found) / max(1, len(found))
        return [(*each, mean) for each in found]


def lexicon(db: sqlite3.Connection, scopes: Sequence[int]) -> Lexicon:
    """Return the words of these scopes, which may be none."""
    marks = ", ".join("?" * len(scopes))
    (total,) = db.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM memories"  # noqa: S608
        f" WHERE status = ? AND scope_id IN ({marks}) LIMIT ?)",
        (MemoryStatus.ACTIVE, *scopes, _MANY),
    ).fetchone()
    return Lexicon(db, scopes, int(total))


def _shortness(length: int, mean: float) -> float:
    """Return what a word weighs in a text of this length."""
    return (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length / max(mean, 1)))
