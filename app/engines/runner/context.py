"""The library's context: evaluation, memory of the sequences, abort. One thread uses it."""

import ctypes
import sys
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import spells_scores
from app.engines.runner.batch import Batch
from app.engines.runner.failures import ExitCode, LoadFailed
from app.engines.runner.library import LogTap
from app.engines.runner.model import (
    OUT_OF_MEMORY_WORDS,
    MemoryKind,
    Model,
    is_out_of_memory,
)

F16: Final = 1  # GGML_TYPE_F16
CACHE_TYPES: Final = {"f16": F16, "q8_0": 8, "q4_0": 2}
FLASH_ATTENTION_AUTO: Final = -1
FLASH_ATTENTION_OFF: Final = 0
FLASH_ATTENTION_ON: Final = 1
FLASH_ATTENTION: Final = {"on": FLASH_ATTENTION_ON, "off": FLASH_ATTENTION_OFF}
# From so many rows on flash attention on a processor computes scores in another way, less exactly
# the same as for a single row.
TILED_ROWS: Final = 64
POOLING_UNSPECIFIED: Final = -1
POOLING_NONE: Final = 0
POOLING_MEAN: Final = 1
# Only what cannot be cut; the rest of the sequence stays in the cache.
PARTIAL_STATE: Final = 1  # LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY


class Outcome(IntEnum):
    """What an evaluation came to; anything below zero is a failure."""

    DONE = 0
    NO_ROOM = 1
    ABORTED = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes a context is made with; nothing is left to the library's defaults."""

    context: int
    sequences: int
    threads: int
    batch: int
    ubatch: int
    outputs: int
    embeddings: bool = False
    rollback: int = 0  # tokens that models with a state shall be able to take back
    scratch: bool = False  # one more sequence, to score single places in
    keys: int = F16
    values: int = F16
    flash_attention: str = "auto"


class AbortFlag:
    """Stops a running evaluation from any thread.

    The library asks a C function between two operations whether to stop. `strlen` of a buffer is
    0 or 1 as its first byte is 0 or not: so the answer comes without taking Python's lock.
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(2)
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        self.function = library.strlen
        self.address = ctypes.addressof(self._buffer)

    def set(self) -> None:
        """Make the evaluation that runs now, or the next one, stop."""
        self._buffer[0] = b"\x01"

    def is_set(self) -> bool:
        """Whether evaluations are to stop."""
        return self._buffer[0] != b"\x00"

    def clear(self) -> None:
        """Let evaluations run."""
        self._buffer[0] = b"\x00"


class Context:
    """Evaluates batches over several sequences that share one cache of `shape.context` cells."""

    def __init__(self, model: Model, shape: Shape, log: LogTap, abort: AbortFlag) -> None:
        self._native = model.native
        self._model = model
        self._attention = _flash_attention(model, shape)
        self._handle = _create(model, shape, log, POOLING_UNSPECIFIED)
        if shape.embeddings and self._pooling() == POOLING_NONE:
            self._native.llama_free(self._handle)
            self._handle = _create(model, shape, log, POOLING_MEAN)
        self._memory = self._native.llama_get_memory(self._handle)
        self._abort = abort  # the library keeps its address
        self._on_abort = ctypes.cast(abort.function, self._native.ggml_abort_callback)
        self._native.llama_set_abort_callback(self._handle, self._on_abort, abort.address)
        self._scores = ctypes.c_float * model.n_vocab
        # What the library made of the wishes: it may round sizes.
        self.cells: int = self._native.llama_n_ctx(self._handle)
        self.outputs = shape.outputs
        # What decides how the state of a sequence is laid out.
        self.layout: dict[str, int] = {
            "context": self.cells,
            "sequences": shape.sequences,
            "graphics layers": model.gpu_layers,
            "cache type": shape.keys,
            "flash attention": self._attention,
        }
        if shape.values != F16:
            self.layout["cache type of values"] = shape.values
        if shape.rollback:
            self.layout["rollback"] = shape.rollback
        self.batch = Batch(self._native, self._native.llama_n_batch(self._handle))
        self._scratch = shape.sequences if shape.scratch else None
        self._written: dict[int, int] = {}  # by sequence: the first place of the last evaluation

    def _pooling(self) -> int:
        return int(self._native.llama_pooling_type(self._handle))

    @property
    def walks_over_idle(self) -> bool:
        """Whether an evaluation takes longer for what sequences hold that are not part of it.

        On a processor attention looks at every cell up to the last one in use, or at least at the
        mask that says which ones to pass over.
        """
        return self._model.gpu_layers == 0 and self.can_cut

    @property
    def can_cut(self) -> bool:
        """Whether a sequence can be cut at any place, and shared."""
        return self._model.memory_kind is MemoryKind.ATTENTION

    @property
    def takes_back(self) -> int:
        """How many tokens of the last evaluation a sequence can lose, as drafts need it.

        A sliding window has dropped only what lies behind the window of the evaluation's first
        token, so all that came after that token can go.
        """
        if self._model.memory_kind in (MemoryKind.ATTENTION, MemoryKind.SLIDING):
            return self.batch.capacity
        return int(self._native.llama_n_rs_seq(self._handle))

    @property
    def verifies(self) -> int:
        """How many drafted tokens one evaluation may carry.

        It has to take them back, and to score them as it would score them one by one.
        """
        plain = self._attention == FLASH_ATTENTION_OFF or self._model.gpu_layers > 0
        return self.takes_back if plain else min(self.takes_back, TILED_ROWS - 2)

    def evaluate(self) -> int:
        """Run the batch; returns an `Outcome` or a negative number."""
        run = self._native.llama_decode if self._memory else self._native.llama_encode
        self._written = self.batch.firsts
        return int(run(self._handle, self.batch.raw))

    @property
    def scores_alone(self) -> bool:
        """Whether single places of a sequence can be scored again."""
        return self._scratch is not None and self.can_cut

    def evaluate_alone(self, sequence: int, position: int, token: int) -> int:
        """Evaluate the token at a position by itself, as if nothing of its sequence came behind it.

        The sequence stays as it is; the scores are those of row 0. Returns what `evaluate` does.
        """
        assert self._scratch is not None
        self.share(sequence, self._scratch, position)
        self.batch.clear()
        self.batch.add(self._scratch, (token,), position, 1)
        outcome = self.evaluate()
        self.forget(self._scratch)
        return outcome

    def logits(self, row: int) -> NDArray[np.float32]:
        """Return the raw scores after a row; valid until the next evaluation."""
        first = self._native.llama_get_logits_ith(self._handle, row)
        # Far quicker than numpy's own way from a pointer to an array.
        scores = self._scores.from_address(ctypes.addressof(first.contents))
        return np.frombuffer(memoryview(scores), np.float32)

    def embedding(self, sequence: int) -> NDArray[np.float32]:
        """Return a copy of the pooled embedding of a sequence."""
        address = self._native.llama_get_embeddings_seq(self._handle, sequence)
        return np.ctypeslib.as_array(address, shape=(self._model.n_embd,)).copy()

    def keep(self, sequence: int, count: int) -> bool:
        """Cut a sequence to its first `count` tokens; False when this memory cannot do that."""
        if count <= 0:
            self.forget(sequence)
            return True
        if not (self._window_is_whole(sequence, count) and self._state_is_kept(sequence, count)):
            return False
        return bool(self._native.llama_memory_seq_rm(self._memory, sequence, count, -1))

    def _window_is_whole(self, sequence: int, count: int) -> bool:
        """Whether a sliding window still holds all that a token at `count` looks back on."""
        if self._model.n_swa <= 0:
            return True
        first = self._native.llama_memory_seq_pos_min(self._memory, sequence)
        return bool(0 <= first <= max(0, count - self._model.n_swa))

    def _state_is_kept(self, sequence: int, count: int) -> bool:
        """Whether the state after `count` tokens was kept: for tokens of the last evaluation only.

        Once: the library would take an older state for it without a word.
        """
        stateless = self._model.memory_kind in (MemoryKind.ATTENTION, MemoryKind.SLIDING)
        if stateless or self.held(sequence) <= count:
            return True
        return self._written.pop(sequence, count) < count

    def forget(self, sequence: int) -> None:
        """Empty a sequence; never fails."""
        self._native.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def share(self, source: int, target: int, count: int) -> None:
        """Let `target` (empty) start with the first `count` tokens of `source`, without copying."""
        self._native.llama_memory_seq_cp(self._memory, source, target, 0, count)

    def held(self, sequence: int) -> int:
        """Return how many tokens a sequence holds."""
        return int(self._native.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    def snapshot(self, sequence: int) -> bytes:
        """Return what a sequence carries along: its recurrent state, its sliding window."""
        size = self._native.llama_state_seq_get_size_ext(self._handle, sequence, PARTIAL_STATE)
        state = (ctypes.c_uint8 * size)()
        written = self._native.llama_state_seq_get_data_ext(
            self._handle, state, size, sequence, PARTIAL_STATE
        )
        return bytes(state) if written == size else b""

    def restore(self, sequence: int, state: bytes, count: int) -> bool:
        """Bring a sequence back to the `count` tokens a snapshot was taken at."""
        source = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        read = self._native.llama_state_seq_set_data_ext(
            self._handle, source, len(state), sequence, PARTIAL_STATE
        )
        return bool(state) and read == len(state) and self.keep(sequence, count)

    def weight(self, sequence: int) -> int:
        """Return the bytes of all that a sequence holds."""
        return int(self._native.llama_state_seq_get_size(self._handle, sequence))

    def save(self, sequence: int) -> memoryview:
        """Return all that a sequence holds, for another process to go on from; empty if it fails.

        It may be large: it is written once, straight to where it stays.
        """
        size = self.weight(sequence)
        state = np.empty(size, np.uint8)
        written = self._native.llama_state_seq_get_data(
            self._handle, _bytes_of(state), size, sequence
        )
        return state.data if written == size else memoryview(b"")

    def load(self, sequence: int, state: bytes | memoryview, count: int) -> bool:
        """Fill an empty sequence with the `count` tokens that were saved; False if it fails."""
        source = np.frombuffer(state, np.uint8)
        read = self._native.llama_state_seq_set_data(
            self._handle, _bytes_of(source), source.size, sequence
        )
        return bool(read) and self.held(sequence) == count

    def clear(self) -> None:
        """Empty all sequences."""
        if self._memory:
            self._native.llama_memory_clear(self._memory, False)

    def close(self) -> None:
        """Give the memory back."""
        self._native.llama_free(self._handle)


def _bytes_of(array: NDArray[np.uint8]) -> object:
    return ctypes.cast(array.ctypes.data, ctypes.POINTER(ctypes.c_uint8))


def _flash_attention(model: Model, shape: Shape) -> int:
    """Return how attention is computed.

    On a processor plain attention writes faster after a long text, verifies drafts there at a
    lower price, and gives bit by bit the same scores however many rows an evaluation has. After a
    short text it writes slower, because it never looks at less than 256 cells, and it needs memory
    for the scores: heads x tokens x rows, in 32 bits. So the window decides, unless the user did;
    values in a smaller form can only be read by flash attention.
    """
    if shape.flash_attention in FLASH_ATTENTION:
        return FLASH_ATTENTION[shape.flash_attention]
    if shape.values != F16:
        return FLASH_ATTENTION_ON
    here = model.gpu_layers == 0 and not shape.embeddings
    plain = here and spells_scores(model.n_head, shape.context, shape.ubatch)
    return FLASH_ATTENTION_OFF if plain else FLASH_ATTENTION_AUTO


def _create(model: Model, shape: Shape, log: LogTap, pooling: int) -> object:
    native = model.native
    params = native.llama_context_default_params()
    params.n_ctx = shape.context
    params.n_batch = shape.batch
    params.n_ubatch = shape.ubatch
    params.n_seq_max = shape.sequences + shape.scratch
    params.n_rs_seq = shape.rollback
    params.n_outputs_max = shape.outputs
    params.n_outputs_max_per_seq = 0  # as many as the whole context may have
    params.n_threads = shape.threads
    params.n_threads_batch = shape.threads
    params.pooling_type = pooling
    params.flash_attn_type = _flash_attention(model, shape)
    params.type_k = shape.keys
    params.type_v = shape.values
    params.embeddings = shape.embeddings
    params.offload_kqv = model.gpu_layers > 0
    params.op_offload = model.gpu_layers > 0
    params.no_perf = True
    params.swa_full = False
    params.kv_unified = True
    handle: object = native.llama_init_from_model(model.handle, params)
    if handle:
        return handle
    complaint = log.about(*OUT_OF_MEMORY_WORDS)
    if is_out_of_memory(complaint):
        raise LoadFailed(ExitCode.OUT_OF_MEMORY, f"There is not enough memory: {complaint}")
    raise LoadFailed(ExitCode.CONTEXT_FAILED, f"The context cannot be created: {complaint}")
