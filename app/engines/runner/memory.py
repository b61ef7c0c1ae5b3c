"""The memory of the sequences, as those who share it out see it."""

from typing import Protocol


class Memory(Protocol):
    """What the lanes need of a context."""

    @property
    def can_cut(self) -> bool:
        """Whether sequences can be cut and shared at any place."""
        ...

    @property
    def walks_over_idle(self) -> bool:
        """Whether every evaluation takes longer for what other sequences hold."""
        ...

    def keep(self, sequence: int, count: int) -> bool:
        """Cut a sequence; False when that is impossible."""
        ...

    def forget(self, sequence: int) -> None:
        """Empty a sequence."""
        ...

    def share(self, source: int, target: int, count: int) -> None:
        """Let an empty sequence begin like another one."""
        ...

    def held(self, sequence: int) -> int:
        """How many tokens a sequence really holds."""
        ...

    def snapshot(self, sequence: int) -> bytes:
        """Return what a sequence carries along and cannot be cut back to."""
        ...

    def restore(self, sequence: int, state: bytes, count: int) -> bool:
        """Bring a sequence back to the `count` tokens a snapshot was taken at."""
        ...

    def weight(self, sequence: int) -> int:
        """Return the bytes of all that a sequence holds."""
        ...

    def save(self, sequence: int) -> bytes | memoryview:
        """Return all that a sequence holds; nothing if that fails."""
        ...

    def load(self, sequence: int, state: bytes | memoryview, count: int) -> bool:
        """Fill an empty sequence with `count` tokens that were saved; False if that fails."""
        ...
