"""What is kept of each request of a run, for the figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seen:
    """What one model would have made of a question.

    `share`: how likely it was to be right; `sure`: the mean probability of its tokens;
    `probability`: the gate's.
    """

    right: bool
    share: float
    seconds: float
    sure: float
    probability: float
    passes: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One request: what was decided, how it went, and how every start would have gone.

    `gains`: by start, what the path is worth: right or not, less its time at the dial's price.
    `late`: it took longer than it may; `feasible`: somebody could have kept the deadline.
    """

    number: int
    epoch: int
    kind: str
    grade: int
    family: str
    start: str
    role: str
    right: bool
    seconds: float
    late: bool
    feasible: bool
    withdrawn: int
    replays: int
    gains: Mapping[str, float]
    seen: Mapping[str, Seen]


@dataclass
class Run:
    """One run of a script with one seed."""

    seed: int
    digest: str = ""
    lines: int = 0
    loads: int = 0
    rows: list[Row] = field(default_factory=list)
