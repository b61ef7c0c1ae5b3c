"""What one size took."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Taken:
    """Milliseconds: the middle, and what nearly all stay below."""

    middle: float
    nearly_all: float

    @staticmethod
    def of(milliseconds: Sequence[float]) -> "Taken":
        """Return what these took."""
        ordered = sorted(milliseconds)
        return Taken(ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))])


@dataclass(frozen=True)
class Figures:
    """Figures of one size; sizes in bytes, times in seconds where not said otherwise."""

    memories: int
    recall: tuple[float, float]
    one: tuple[float, float]
    both: tuple[float, float]
    whole: tuple[float, float]
    resident: int
    file: int
    built_s: float
    saved_s: float
    read_s: float
    replayed_s: float
    anew_s: float

    def line(self) -> str:
        """Return a line from which the same can be read."""
        return json.dumps(asdict(self))

    @staticmethod
    def read(line: str) -> "Figures":
        """Return what was written as a line."""
        return Figures(**json.loads(line))

    def row(self) -> list[str]:
        """Return the row of the table."""
        pairs = (self.one, self.both, self.whole)
        times = (self.built_s, self.saved_s, self.read_s, self.replayed_s, self.anew_s)
        return [
            f"{self.memories:,}",
            *(f"{each:.4f}" for each in self.recall),
            *(f"{each:.2f}" for pair in pairs for each in pair),
            f"{self.resident / 1e6:.0f}",
            f"{self.file / 1e6:.0f}",
            *(f"{each:.2f}" for each in times),
        ]
