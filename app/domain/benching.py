"""What a model did when it was measured on this computer, and how far such a measurement is."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from app.domain.models import Frozen


class BenchPhase(StrEnum):
    """What a measurement is busy with."""

    LOADING = "loading"
    WARMING = "warming"  # it reads and writes once, so that all of it is in memory
    MEASURING = "measuring"
    RELOADING = "reloading"  # the first load also measured what drafts cost; this one is timed


@dataclass(frozen=True, slots=True)
class BenchStep:
    """How far a measurement is; `fraction` is that of all of it, from 0 to 1."""

    phase: BenchPhase
    fraction: float


class Verifying(Frozen):
    """What evaluating several tokens at once costs: t(k), in milliseconds by their number.

    `grid` has the numbers that are cheaper by the token than all smaller ones; only they are
    drafted. `off` says why nothing is drafted, or is empty. `longer` has the times behind long
    texts, by the tokens of context from which on they count; `threads` is with how many (0: not
    known).
    """

    milliseconds: dict[int, float] = Field(default_factory=dict)
    grid: tuple[int, ...] = ()
    off: str = ""
    longer: dict[int, dict[int, float]] = Field(default_factory=dict)
    threads: int = 0

    def ratio(self, rows: int) -> float:
        """Return what so many tokens cost, in times of a single one."""
        return self.milliseconds[rows] / self.milliseconds[1]


class Rates(Frozen):
    """What one measurement found; `at` is when it ended, in seconds since 1970.

    Models that make embeddings write nothing. `setting` says how the model was loaded.
    """

    prefill_tokens_s: float = Field(gt=0)
    decode_tokens_s: float | None = Field(None, gt=0)
    verifying: Verifying | None = None
    setting: str = ""
    at: float = 0.0


class Benchmark(Frozen):
    """All that was measured of a model: its rates, the load, and the memory it holds in use."""

    model: str
    model_id: str
    rates: Rates
    load_s: float | None = None
    bytes: int | None = None
