"""What happens to the world in the middle of a run: written down before it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from benchmarks.simulator.house import COLD, WARM, Disk
from benchmarks.simulator.people import Model
from benchmarks.simulator.traffic import Traffic

# Of the right answers, this share is spoiled without anybody saying so.
DEGRADED: Final = 0.15


class Happening(StrEnum):
    """Kinds of events."""

    SWAP = "a model's file is replaced"
    DEGRADE = "a model becomes worse without a word"
    DRIFT = "other kinds of questions are asked"
    SHOCK = "questions come all at once"
    CALM = "questions come as before"
    COLD = "the disk is slow"
    THAWED = "the disk is as fast as before"


@dataclass(frozen=True, slots=True)
class Scripted:
    """One event, before the request of a number."""

    at: int
    what: Happening
    model: str = ""


@dataclass(frozen=True)
class Script:
    """How many requests there are, and what happens meanwhile. Epochs begin at these events."""

    requests: int
    events: tuple[Scripted, ...] = ()
    ample: bool = True  # there is memory for all models
    probes: int = 160  # questions each model was asked before it was shipped
    within_s: float = inf  # until when there should be an answer

    def epoch(self, number: int) -> int:
        """Return how many lasting events were before a request."""
        return sum(each.at <= number and each.what in LASTING for each in self.events)


LASTING: Final = frozenset({Happening.SWAP, Happening.DEGRADE, Happening.DRIFT})


def happen(event: Scripted, models: Mapping[str, Model], disk: Disk, traffic: Traffic) -> None:
    """Let an event happen."""
    match event.what:
        case Happening.SWAP:
            models[event.model].replace()
        case Happening.DEGRADE:
            models[event.model].worse = DEGRADED
        case Happening.DRIFT:
            traffic.drifted = True
        case Happening.SHOCK | Happening.CALM:
            traffic.hurry = event.what is Happening.SHOCK
        case Happening.COLD | Happening.THAWED:
            disk.speed = COLD if event.what is Happening.COLD else WARM


# A model is replaced once what was learned has settled.
LEARNING: Final = Script(1200, (Scripted(800, Happening.SWAP, "front"),))
# Everything that can happen, on a computer that cannot hold all models.
BUSY: Final = Script(
    480,
    (
        Scripted(80, Happening.SHOCK),
        Scripted(140, Happening.CALM),
        Scripted(180, Happening.COLD),
        Scripted(240, Happening.THAWED),
        Scripted(300, Happening.DEGRADE, "worker"),
        Scripted(400, Happening.DRIFT),
    ),
    ample=False,
    within_s=30.0,
)
