"""Greedy answers of a GGUF file with their log-probabilities, many conversations at a time."""

import ctypes
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

BATCH = 1024
SEQUENCES = 24
LONGEST_ANSWER = 320

Scores = NDArray[np.float32]


@llama_cpp.llama_log_callback
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """Take the engine's chatter and forget it."""


@dataclass(frozen=True)
class Prompt:
    """A rendered question; `key` comes back with the answer."""

    key: int
    text: str


@dataclass
class Answer:
    """What a model wrote, and how sure it was of each token at temperature 1.

    `ended` says that the model closed the answer itself; the closing token is part of the figures.
    """

    key: int
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)
    prompt_tokens: int = 0
    text: str = ""
    ended: bool = False


@dataclass
class _Seat:
    """One conversation under way: what the engine has to read next, and where that stands."""

    answer: Answer
    pending: list[int]
    position: int = 0


@dataclass(frozen=True)
class _Figures:
    tokens: NDArray[np.int64]
    logprobs: Scores
    entropies: Scores
    margins: Scores


class Answerer:
    """A model in llama.cpp that answers many prompts; one thread, since the models are small."""

    def __init__(self, path: Path, sequences: int = SEQUENCES) -> None:
        llama_cpp.llama_log_set(_silent, None)
        llama_cpp.llama_backend_init()
        settings = llama_cpp.llama_model_default_params()
        settings.n_gpu_layers = 0
        self._model: Any = llama_cpp.llama_model_load_from_file(str(path).encode(), settings)
        if not self._model:
            raise ValueError(f"{path} cannot be loaded")
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._words = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self._end = llama_cpp.llama_vocab_eos(self._vocab)
        self._room = llama_cpp.llama_model_n_ctx_train(self._model)
        self._sequences = sequences
        self._context = self._new_context()
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)

    def close(self) -> None:
        """Give everything back to the engine."""
        llama_cpp.llama_batch_free(self._batch)
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def answers(self, prompts: Iterable[Prompt]) -> Iterator[Answer]:
        """Yield an answer to each prompt, in the order in which they are done."""
        waiting = deque(prompts)
        seats: list[_Seat | None] = [None] * self._sequences
        while waiting or any(seats):
            for at, seat in enumerate(seats):
                if seat is None and waiting:
                    seats[at] = self._seat(waiting.popleft())
            yield from self._round(seats)

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of `text`, control tokens included."""
        raw = text.encode()
        found = (llama_cpp.llama_token * (len(raw) + 8))()
        count = llama_cpp.llama_tokenize(self._vocab, raw, len(raw), found, len(found), False, True)
        return list(found[:count])

    def entries(self) -> dict[str, str]:
        """Return the entries of the file as text."""
        found = {}
        room = ctypes.create_string_buffer(256)
        for at in range(llama_cpp.llama_model_meta_count(self._model)):
            llama_cpp.llama_model_meta_key_by_index(self._model, at, room, len(room))
            key = room.value.decode()
            llama_cpp.llama_model_meta_val_str_by_index(self._model, at, room, len(room))
            found[key] = room.value.decode("utf-8", "replace")
        return found

    def weights(self) -> int:
        """Return the number of weights."""
        return int(llama_cpp.llama_model_n_params(self._model))

    def _new_context(self) -> Any:  # noqa: ANN401 - the binding has no types
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = self._room * self._sequences
        settings.n_batch = settings.n_ubatch = BATCH
        settings.n_seq_max = self._sequences
        settings.n_threads = settings.n_threads_batch = 1
        settings.no_perf = True
        return llama_cpp.llama_init_from_model(self._model, settings)

    def _seat(self, prompt: Prompt) -> _Seat:
        ids = self.tokens(prompt.text)[-(self._room - 1) :]
        return _Seat(Answer(prompt.key, prompt_tokens=len(ids)), ids)

    def _round(self, seats: list[_Seat | None]) -> Iterator[Answer]:
        """Let the engine read what is pending, as much as fits, and take the next tokens."""
        scored = self._fill(seats)
        if llama_cpp.llama_decode(self._context, self._batch) != 0:
            raise RuntimeError("the engine could not read a batch")
        figures = _figures(np.stack([self._scores(index) for index, _ in scored]))
        for at, (_, number) in enumerate(scored):
            seat = seats[number]
            assert seat is not None
            if self._take(seat, figures, at):
                seats[number] = None
                llama_cpp.llama_memory_seq_rm(self._memory, number, -1, -1)
                seat.answer.text = self._text(seat.answer.ids)
                yield seat.answer

    def _fill(self, seats: list[_Seat | None]) -> list[tuple[int, int]]:
        """Put pending tokens into the batch; return (index in it, seat) of those to be scored."""
        batch, used = self._batch, 0
        scored = []
        # Seats that only go on come first: an answer under way never waits for a long prompt.
        order = sorted((len(s.pending), number) for number, s in enumerate(seats) if s)
        for length, number in order:
            if used + length > BATCH:
                break
            seat = seats[number]
            assert seat is not None
            for token in seat.pending:
                batch.token[used] = token
                batch.pos[used] = seat.position
                batch.n_seq_id[used] = 1
                batch.seq_id[used][0] = number
                batch.logits[used] = 0
                seat.position += 1
                used += 1
            batch.logits[used - 1] = 1
            seat.pending = []
            scored.append((used - 1, number))
        batch.n_tokens = used
        return scored

    def _scores(self, index: int) -> Scores:
        found = llama_cpp.llama_get_logits_ith(self._context, index)
        scores: Scores = np.ctypeslib.as_array(found, (self._words,)).copy()
        return scores

    def _take(self, seat: _Seat, figures: _Figures, at: int) -> bool:
        """Note the next token of a seat; say whether its answer is complete."""
        token, answer = int(figures.tokens[at]), seat.answer
        answer.logprobs.append(float(figures.logprobs[at]))
        answer.entropies.append(float(figures.entropies[at]))
        answer.margins.append(float(figures.margins[at]))
        if token == self._end:
            answer.ended = True
            return True
        answer.ids.append(token)
        seat.pending = [token]
        return len(answer.ids) >= LONGEST_ANSWER or seat.position >= self._room

    def _text(self, ids: list[int]) -> str:
        if not ids:
            return ""
        tokens = (llama_cpp.llama_token * len(ids))(*ids)
        room = (ctypes.c_char * (64 * len(ids)))()
        length = llama_cpp.llama_detokenize(
            self._vocab, tokens, len(ids), room, len(room), False, False
        )
        return room.raw[:length].decode("utf-8", "replace")


def description(path: Path) -> tuple[dict[str, str], int]:
    """Return the entries of a model file (not the long lists) and its number of weights."""
    answerer = Answerer(path, sequences=1)
    try:
        return answerer.entries(), answerer.weights()
    finally:
        answerer.close()


def ask(path: Path, prompts: list[Prompt]) -> list[Answer]:
    """Return the answers of the model in `path`."""
    answerer = Answerer(path)
    try:
        return list(answerer.answers(prompts))
    finally:
        answerer.close()


def _figures(scores: Scores) -> _Figures:
    scores = scores - scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    whole = weights.sum(axis=1, keepdims=True)
    logs = scores - np.log(whole)
    two = np.partition(logs, -2, axis=1)[:, -2:]
    entropies = -(weights / whole * logs).sum(axis=1)
    return _Figures(
        scores.argmax(axis=1), two[:, 1], entropies, np.exp(two[:, 1]) - np.exp(two[:, 0])
    )
