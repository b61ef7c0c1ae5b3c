"""The rows of one evaluation, in arrays the library reads directly."""

import ctypes
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np


class Batch:
    """Holds up to `capacity` rows; filled anew for every step, allocated once."""

    def __init__(self, native: ModuleType, capacity: int) -> None:
        self.capacity = capacity
        self.rows = 0
        self.firsts: dict[int, int] = {}  # by sequence: the place of its first token
        self._tokens = np.zeros(capacity, np.int32)
        self._positions = np.zeros(capacity, np.int32)
        self._counts = np.ones(capacity, np.int32)
        self._sequences = np.zeros(capacity, np.int32)
        self._outputs = np.zeros(capacity, np.int8)
        # seq_id is an array of pointers, each to the one sequence its row belongs to.
        stride = self._sequences.itemsize
        self._pointers = (
            self._sequences.ctypes.data + stride * np.arange(capacity, dtype=np.uint64)
        ).astype(np.uint64)
        self.raw = native.llama_batch(
            n_tokens=0,
            token=_address(self._tokens, ctypes.c_int32),
            embd=None,
            pos=_address(self._positions, ctypes.c_int32),
            n_seq_id=_address(self._counts, ctypes.c_int32),
            seq_id=ctypes.cast(
                self._pointers.ctypes.data, ctypes.POINTER(ctypes.POINTER(ctypes.c_int32))
            ),
            logits=_address(self._outputs, ctypes.c_int8),
        )

    def clear(self) -> None:
        """Forget all rows."""
        self.rows = 0
        self.firsts = {}
        self.raw.n_tokens = 0

    def add(self, sequence: int, tokens: Sequence[int], position: int, outputs: int) -> int:
        """Append tokens of a sequence from a position on; the last `outputs` rows give logits.

        Returns the row of the first token.
        """
        first, last = self.rows, self.rows + len(tokens)
        if last > self.capacity:
            raise ValueError(f"{last} rows do not fit into {self.capacity}")
        self._tokens[first:last] = tokens
        self._positions[first:last] = np.arange(position, position + len(tokens))
        self._sequences[first:last] = sequence
        self._outputs[first:last] = 0
        self._outputs[last - outputs : last] = 1
        self.rows = last
        self.firsts[sequence] = position
        self.raw.n_tokens = last
        return first


def _address(array: np.ndarray, kind: "type[ctypes._SimpleCData[Any]]") -> object:
    return ctypes.cast(array.ctypes.data, ctypes.POINTER(kind))
