"""Vectors as rows: what the index reads of the store, and the vectors it keeps there."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.memory.index.vectors import Ids, Matrix
from app.memory.rows import VIEWS, View, next_seq, scope_ids, seq

T = TypeVar("T")

_HALF: Final = 2  # bytes of a 16-bit float


class Home(Protocol):
    """Where the rows are: a database, or who keeps one."""

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` finds.

        Raises:
            StorageError: there is nothing to read from.
        """

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction; when this returns, the result is on the disk.

        Raises:
            StorageError: nothing was written.
        """


@dataclass(frozen=True, slots=True)
class Embedder:
    """A model that makes vectors, as the store knows it; `id` is the hash of its file."""

    number: int
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A view without a vector."""

    id: int
    view: View
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """Vectors of one scope by view, and the place after which there are more (None: no more)."""

    vectors: Mapping[View, tuple[Ids, Matrix]]
    after: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of a scope's vectors after change number `since`, up to `upto`."""

    since: int
    upto: int
    gone: frozenset[int] = frozenset()
    new: Mapping[View, tuple[Ids, Matrix]] = field(default_factory=dict)

    def ids(self, view: View) -> list[int]:
        """Return which views got a vector."""
        return self.new[view][0].tolist() if view in self.new else []


def embedder(db: sqlite3.Connection, embedder_id: str) -> Embedder | None:
    """Return a model by the hash of its file."""
    row = db.execute("SELECT * FROM embedders WHERE id = ?", (embedder_id,)).fetchone()
    return _embedder(row) if row else None


def serving(db: sqlite3.Connection) -> Embedder | None:
    """Return the model whose vectors are searched."""
    row = db.execute("SELECT * FROM embedders WHERE serves ORDER BY number LIMIT 1").fetchone()
    return _embedder(row) if row else None


def register(db: sqlite3.Connection, embedder_id: str, size: int) -> Embedder:
    """Take in a model; the first one serves at once."""
    first = serving(db) is None
    db.execute(
        "INSERT INTO embedders (id, size, serves) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (embedder_id, size, first),
    )
    found = embedder(db, embedder_id)
    assert found is not None
    return found


def serve(db: sqlite3.Connection, number: int) -> None:
    """Let this model serve from now on, and no other."""
    db.execute("UPDATE embedders SET serves = (number = ?)", (number,))
    next_seq(db)


def drop_others(db: sqlite3.Connection, kept: Sequence[int], limit: int) -> int:
    """Drop some vectors of other models, then these models; return 0 when none is left."""
    others = [row[0] for row in db.execute("SELECT number FROM embedders")]
    others = [number for number in others if number not in kept]
    if not others:
        return 0
    dropped = db.execute(
        "DELETE FROM vectors WHERE (view_id, embedder) IN"
        " (SELECT view_id, embedder FROM vectors WHERE embedder = ? LIMIT ?)",
        (others[0], limit),
    ).rowcount
    if dropped < limit:
        db.execute("DELETE FROM embedders WHERE number = ?", (others[0],))
    return max(dropped, 1)


def last_view(db: sqlite3.Connection) -> int:
    """Return the highest number of a view."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM views").fetchone()[0])


def counted(db: sqlite3.Connection, number: int) -> tuple[int, int]:
    """Return how many views have a vector of a model, and how many there are."""
    have = db.execute("SELECT count(*) FROM vectors WHERE embedder = ?", (number,)).fetchone()[0]
    return int(have), int(db.execute("SELECT count(*) FROM views").fetchone()[0])


def waiting(
    db: sqlite3.Connection, number: int, after: int, upto: int, limit: int
) -> list[Waiting]:
    """Return views without a vector of a model, of a range of views, newest first."""
    found = db.execute(
        "SELECT id, view, text FROM views WHERE id > ? AND id <= ? AND NOT EXISTS"
        " (SELECT 1 FROM vectors WHERE view_id = views.id AND embedder = ?)"
        " ORDER BY id DESC LIMIT ?",
        (after, upto, number, limit),
    )
    return [Waiting(row["id"], row["view"], row["text"]) for row in found]


def keep(db: sqlite3.Connection, number: int, vectors: Mapping[int, Matrix]) -> None:
    """Keep vectors of length 1; views that are gone by now get none."""
    at = next_seq(db)
    ordered = sorted(vectors.items())  # in falling order pages of the table stay half empty
    db.executemany(
        "INSERT INTO vectors (view_id, embedder, vector, seq)"
        " SELECT id, ?, ?, ? FROM views WHERE id = ? ON CONFLICT DO NOTHING",
        [(number, row.astype(np.float16).tobytes(), at, view) for view, row in ordered],
    )


def numbers(db: sqlite3.Connection, names: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of those scopes that exist."""
    return scope_ids(db, names)


def scopes(db: sqlite3.Connection) -> tuple[int, ...]:
    """Return the numbers of all scopes."""
    return tuple(int(row[0]) for row in db.execute("SELECT id FROM scopes ORDER BY id"))


def large_scopes(db: sqlite3.Connection, most: int) -> tuple[int, ...]:
    """Return the scopes with more than so many views."""
    found = db.execute("SELECT scope_id FROM views GROUP BY scope_id HAVING count(*) > ?", (most,))
    return tuple(int(row[0]) for row in found)


def reach(db: sqlite3.Connection, scope: int, limit: int) -> int:
    """Return how many views a scope has, counted up to `limit`."""
    found = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM views INDEXED BY views_by_seq"
        " WHERE scope_id = ? LIMIT ?)",
        (scope, limit),
    )
    return int(found.fetchone()[0])


def part(
    db: sqlite3.Connection, made_by: Embedder, scope: int, after: tuple[int, int], limit: int
) -> Part:
    """Return some vectors of a scope, from a place on (the first is (0, 0))."""
    found = db.execute(
        "SELECT v.id, v.seq, v.view, x.vector FROM views AS v INDEXED BY views_by_seq"
        " LEFT JOIN vectors AS x ON x.view_id = v.id AND x.embedder = ?"
        " WHERE v.scope_id = ? AND (v.seq, v.id) > (?, ?) ORDER BY v.seq, v.id LIMIT ?",
        (made_by.number, scope, *after, limit),
    ).fetchall()
    more = (found[-1]["seq"], found[-1]["id"]) if len(found) == limit else None
    return Part(_by_view(found, made_by.size), more)


def have(
    db: sqlite3.Connection, made_by: Embedder, scope: int, after: tuple[int, int], limit: int
) -> tuple[dict[View, set[int]], tuple[int, int] | None]:
    """Return some of a scope's views with vectors, from a place on, and the next place."""
    found = db.execute(
        "SELECT v.id, v.seq, v.view, length(x.vector) AS bytes FROM views AS v"
        " INDEXED BY views_by_seq LEFT JOIN vectors AS x ON x.view_id = v.id AND x.embedder = ?"
        " WHERE v.scope_id = ? AND (v.seq, v.id) > (?, ?) ORDER BY v.seq, v.id LIMIT ?",
        (made_by.number, scope, *after, limit),
    ).fetchall()
    sound = [row for row in found if row["bytes"] == _HALF * made_by.size]
    more = (found[-1]["seq"], found[-1]["id"]) if len(found) == limit else None
    return {view: {row["id"] for row in sound if row["view"] == view} for view in VIEWS}, more


def changes(
    db: sqlite3.Connection, made_by: Embedder, since: Mapping[int, int]
) -> dict[int, Changes]:
    """Return what happened to scopes, each since a change number of its own."""
    upto = seq(db)
    return {
        scope: _changed(db, made_by, scope, begin, upto)
        for scope, begin in since.items()
        if begin != upto
    }


def vector_marks(
    db: sqlite3.Connection, made_by: Embedder, views: Sequence[int]
) -> dict[int, bytes]:
    """Return the bytes of those vectors that are still there."""
    marks = ", ".join("?" * len(views))
    query = f"SELECT view_id, vector FROM vectors WHERE embedder = ? AND view_id IN ({marks})"  # noqa: S608
    return {row[0]: row[1] for row in db.execute(query, (made_by.number, *views))}


def memories_of(db: sqlite3.Connection, views: Sequence[int]) -> dict[int, int]:
    """Return to which memories views belong; a view that is gone is left out."""
    marks = ", ".join("?" * len(views))
    query = f"SELECT id, memory_id FROM views WHERE id IN ({marks})"  # noqa: S608
    return {row[0]: row[1] for row in db.execute(query, tuple(views))}


def gone_scopes(db: sqlite3.Connection) -> tuple[int, ...]:
    """Return the scopes of removed views that are still known."""
    return tuple(row[0] for row in db.execute("SELECT DISTINCT scope_id FROM gone"))


def forget_gone(db: sqlite3.Connection, seen: Mapping[int, int]) -> None:
    """Drop what was kept of removed views for index files, which all have seen it by now."""
    db.executemany("DELETE FROM gone WHERE scope_id = ? AND seq <= ?", list(seen.items()))


def _changed(
    db: sqlite3.Connection, made_by: Embedder, scope: int, since: int, upto: int
) -> Changes:
    gone = db.execute("SELECT view_id FROM gone WHERE scope_id = ? AND seq > ?", (scope, since))
    lost = frozenset(row[0] for row in gone)
    new = db.execute(
        "SELECT v.id, v.view, x.vector FROM vectors AS x INDEXED BY vectors_by_seq"
        " JOIN views AS v ON v.id = x.view_id AND v.scope_id = ?"
        " WHERE x.embedder = ? AND x.seq > ?",
        (scope, made_by.number, since),
    ).fetchall()
    return Changes(since, upto, lost, _by_view(new, made_by.size))


def _by_view(found: Sequence[sqlite3.Row], size: int) -> dict[View, tuple[Ids, Matrix]]:
    sound = [row for row in found if row["vector"] and len(row["vector"]) == _HALF * size]
    return {
        view: (
            np.array([row["id"] for row in sound if row["view"] == view], np.int64),
            _matrix([row["vector"] for row in sound if row["view"] == view], size),
        )
        for view in VIEWS
    }


def _matrix(vectors: Sequence[bytes], size: int) -> Matrix:
    rows: NDArray[np.float16] = np.frombuffer(b"".join(vectors), np.float16)
    # What is no number stands for no meaning: it is near to nothing.
    return np.nan_to_num(rows.astype(np.float32), posinf=0, neginf=0).reshape(-1, size)


def _embedder(row: sqlite3.Row) -> Embedder:
    return Embedder(row["number"], row["id"], row["size"])
