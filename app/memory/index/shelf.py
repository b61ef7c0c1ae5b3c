"""The vectors of one scope, in both views, as of one change of the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Final

from app.memory.index.files import Header, Packed, summed
from app.memory.index.rows import Changes, Embedder
from app.memory.index.vectors import Matrix, Vectors
from app.memory.rows import VIEWS, View

# So many removed vectors are passed over in searches before they are taken out, all at once:
# taking out one costs as much as taking out many.
MOST_DEAD: Final = 256
# So many of the newest vectors are known again by their bytes.
MARKED: Final = 16


@dataclass(slots=True, eq=False)
class Shelf:
    """Owns the vectors of a scope; used by the thread of the index only, once it is in use.

    `seq` is the last change it has seen. `fresh` counts what its file has not seen; `kept` tells
    whether there is a file. `dead` are vectors of views that are gone.
    """

    scope: int
    made_by: Embedder
    vectors: dict[View, Vectors]
    seq: int
    fresh: int = 0
    kept: bool = False
    dead: set[int] = field(default_factory=set)

    @staticmethod
    def empty(scope: int, made_by: Embedder, seq: int) -> "Shelf":
        """Return one without vectors."""
        return Shelf(scope, made_by, {view: Vectors(made_by.size) for view in VIEWS}, seq)

    def __len__(self) -> int:
        return sum(len(each) for each in self.vectors.values()) - len(self.dead)

    @property
    def ids(self) -> dict[View, frozenset[int]]:
        """Which views can be found."""
        return {view: each.ids - self.dead for view, each in self.vectors.items()}

    def apply(self, changes: Changes) -> None:
        """Follow the store; changes that were seen already are passed over.

        Raises:
            ValueError: this is another store, which has seen less.
        """
        if changes.upto < changes.since:
            raise ValueError("the store has not seen what the index has")
        if changes.upto <= self.seq:
            return
        lost = {
            view_id
            for view_id in changes.gone - self.dead
            if any(view_id in each for each in self.vectors.values())
        }
        self.dead |= lost
        self.fresh += len(lost)
        for view, (ids, rows) in changes.new.items():
            self.vectors[view].put(ids, rows)
            self.dead -= set(ids.tolist())
            self.fresh += len(ids)
        self.seq = changes.upto

    def near(self, vector: Matrix, view: View, limit: int) -> list[tuple[int, float]]:
        """Return the nearest views with their cosines, best first."""
        if len(self.dead) > MOST_DEAD:
            self.tidy()
        found = self.vectors[view].near(vector, limit + len(self.dead))
        return [each for each in found if each[0] not in self.dead][:limit]

    def tidy(self) -> None:
        """Take out the vectors of views that are gone."""
        for each in self.vectors.values():
            each.drop(self.dead)
        self.dead.clear()

    def newest(self) -> list[int]:
        """Return the views by whose vectors the store is known again."""
        found: list[int] = []
        for ids in self.ids.values():
            found += nlargest(MARKED, ids)
        return found

    def packed(self, marks: dict[int, bytes]) -> tuple[Header, dict[View, Packed]]:
        """Return what is written to a file; all of it counts as written."""
        self.tidy()
        parts = {view: each.packed() for view, each in self.vectors.items()}
        header = Header(
            embedder=self.made_by.id,
            scope=self.scope,
            size=self.made_by.size,
            seq=self.seq,
            counts={view: len(each) for view, each in self.vectors.items()},
            bytes={view: len(each) for view, each in parts.items()},
            sums={view: summed(each.data) for view, each in parts.items()},
            marks={view: summed(vector) for view, vector in marks.items()},
        )
        self.fresh, self.kept = 0, True
        return header, parts


def best(found: Sequence[list[tuple[int, float]]], limit: int) -> list[tuple[int, float]]:
    """Return the best of several lists."""
    together = [each for one in found for each in one]
    return sorted(together, key=lambda each: -each[1])[:limit]
