"""Vectors with ids, found by their inner product: the only file that knows FAISS.

The library is loaded by the first who needs it, as the window must not wait for it. It checks
shapes by assertions only and takes an id twice without a word, so both is seen to here. Searches
use one thread: with more of them, a busy computer makes each wait for all.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]
Kind = Literal["exact", "half"]

# Numbers of 32 bits as they are, or of 16 bits, which take half the memory and half the time.
_KINDS: Final[dict[Kind, str]] = {"exact": "IDMap,Flat", "half": "IDMap,SQfp16"}


def library() -> ModuleType:
    """Return FAISS, searching with one thread in the thread that asks."""
    import faiss  # noqa: PLC0415 - a tenth of a second, for the first who needs it

    faiss.omp_set_num_threads(1)
    return faiss


class Vectors:
    """Owns vectors of one length. Used by one thread at a time."""

    def __init__(self, size: int, kind: Kind = "half") -> None:
        """Begin with none.

        Args:
            size: how many numbers each vector has.
            kind: how exactly they are kept.
        """
        self.size = size
        faiss = library()
        self._index: Any = faiss.index_factory(size, _KINDS[kind], faiss.METRIC_INNER_PRODUCT)
        self._ids: set[int] = set()

    @classmethod
    def of(cls, index: "faiss.Index", ids: Ids, size: int) -> "Vectors":
        """Return what a trained or unpacked index holds.

        Raises:
            ValueError: it is not what it should be.
        """
        if index.d != size or index.ntotal != len(ids):
            raise ValueError(f"{index.ntotal} vectors of {index.d} instead of {len(ids)} of {size}")
        made = cls.__new__(cls)
        made.size, made._index, made._ids = size, index, set(ids.tolist())
        if len(made._ids) != len(ids):
            raise ValueError("an id stands for two vectors")
        return made

    @classmethod
    def unpacked(cls, data: NDArray[np.uint8], size: int) -> "Vectors":
        """Return vectors as they were packed.

        Raises:
            ValueError: these are no packed vectors, or others.
        """
        try:
            index = library().deserialize_index(data)
        except RuntimeError as error:
            raise ValueError(f"no index: {error}") from error
        return cls.of(index, _ids_in(index), size)

    def packed(self) -> NDArray[np.uint8]:
        """Return bytes from which the same vectors can be made again."""
        return np.asarray(library().serialize_index(self._index), np.uint8)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, vector_id: int) -> bool:
        return vector_id in self._ids

    @property
    def ids(self) -> frozenset[int]:
        """Whose vectors these are."""
        return frozenset(self._ids)

    @property
    def lists(self) -> int:
        """In how many lists they are sorted; 0 where all are looked at."""
        return int(getattr(self._index, "nlist", 0))

    def put(self, ids: Sequence[int] | Ids, rows: Matrix) -> None:
        """Take in vectors; who is there already has a new one from now on.

        Raises:
            ValueError: they do not fit together or are no numbers.
        """
        numbers = np.asarray(ids, np.int64)
        if rows.shape != (len(numbers), self.size) or not np.isfinite(rows).all():
            raise ValueError(f"{len(numbers)} vectors of {self.size} numbers were expected")
        fresh = set(numbers.tolist())
        if len(fresh) != len(numbers):
            raise ValueError("an id stands for two vectors")
        self.drop(fresh & self._ids)
        if len(numbers):
            library()
            self._index.add_with_ids(np.ascontiguousarray(rows, np.float32), numbers)
        self._ids |= fresh

    def drop(self, ids: set[int]) -> None:
        """Forget vectors. Costs the same for one and for many."""
        gone = ids & self._ids
        if gone:
            numbers = np.fromiter(gone, np.int64, len(gone))
            self._index.remove_ids(library().IDSelectorBatch(numbers))
            self._ids -= gone

    def near(self, vector: Matrix, limit: int) -> list[tuple[int, float]]:
        """Return the ids of the nearest vectors with their inner products, best first.

        Raises:
            ValueError: the vector has another length.
        """
        if vector.shape != (self.size,):
            raise ValueError(f"a vector of {self.size} numbers was expected")
        most = min(limit, len(self._ids))
        if most < 1:
            return []
        library()
        asked = np.ascontiguousarray(vector[None, :], np.float32)
        likeness, found = self._index.search(asked, most)
        pairs = zip(found[0].tolist(), likeness[0].tolist(), strict=True)
        return [(number, value) for number, value in pairs if number >= 0]


def _ids_in(index: "faiss.Index") -> Ids:
    faiss, lists = library(), getattr(index, "invlists", None)
    if (flat := getattr(index, "id_map", None)) is not None:
        return np.asarray(faiss.vector_to_array(flat), np.int64)
    if lists is None:
        raise ValueError("an index without ids")
    parts = [
        faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
        for number in range(lists.nlist)
        if lists.list_size(number)
    ]
    return np.concatenate([np.zeros(0, np.int64), *parts])
