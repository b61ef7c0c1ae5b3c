"""Saves conversations that leave the memory and brings them back when they go on."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

import numpy as np

from app.engines.runner.statefile import Remembered, Unusable
from app.engines.runner.states import Entry, States

LEAST: Final = 256  # tokens below which reading again is no trouble
WAITING: Final = 2  # states in memory that wait to be written
BYTES_PER_S: Final = 200e6  # until this disk has been seen
STOP_S: Final = 3.5  # how long a stop may take because of saving


def pays(tokens: int, size: int, seconds_per_token: float, bytes_per_s: float) -> bool:
    """Tell whether loading `size` bytes is quicker than reading `tokens` of a prompt.

    Nothing is known of the model's speed at first (0): what was worth saving is worth loading.
    """
    return not seconds_per_token or tokens * seconds_per_token > size / bytes_per_s


class Shelf:
    """Decides what is saved and what is brought back; used by the owner's thread alone."""

    def __init__(self, states: States, log: Callable[[str], object], *, least: int = LEAST) -> None:
        self.states = states
        self.restored = 0  # tokens that did not have to be read again
        self._log = log
        self._least = least
        self._rate = BYTES_PER_S
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="states")
        self._writing: list[Future[None]] = []
        for name, reason in states.refused.items():
            log(f"state {name} is not used: {reason}\n")

    def wants(self, tokens: Sequence[int]) -> bool:
        """Whether what a sequence holds is worth a place on disk."""
        if len(tokens) < self._least:
            return False
        self._writing = [each for each in self._writing if not each.done()]
        wanted = np.asarray(tokens, np.int32)
        return len(self._writing) < WAITING and self.states.find(self.states.key(wanted)) is None

    def put(self, state: Remembered) -> None:
        """Have a state written, while answers go on."""
        self._writing.append(self._writer.submit(self._write, state))

    def _write(self, state: Remembered) -> None:
        try:
            self.states.write(state)
        except OSError as error:
            self._log(f"a conversation could not be saved: {error.strerror}\n")

    def offer(self, prompt: Sequence[int], known: int, pace: float) -> Entry | None:
        """Return a state that knows so much more of a prompt that it is worth loading.

        Args:
            prompt: the tokens to read.
            known: how many of them the memory holds anyway.
            pace: seconds to read a token, 0 if nobody knows.
        """
        entry, usable = self.states.best(prompt)
        if entry is None or usable - known < self._least:
            return None
        return entry if pays(usable - known, entry.size, pace, self._rate) else None

    def take(self, entry: Entry) -> Remembered | None:
        """Return a state, or None where it turns out to be of no use."""
        begun = time.perf_counter()
        try:
            state = self.states.read(entry)
        except Unusable as error:
            self._log(f"state {entry.path.name} is not used: {error}\n")
            return None
        elapsed = max(1e-4, time.perf_counter() - begun)
        self._rate = 0.5 * self._rate + 0.5 * entry.size / elapsed
        return state

    def settle(self) -> None:
        """Wait until what is to be saved is on disk."""
        wait(self._writing)

    def close(self) -> None:
        """Settle and write nothing more."""
        self._writer.shutdown(wait=True)
