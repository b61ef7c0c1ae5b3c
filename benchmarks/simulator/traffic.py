"""Who asks what, and when: kinds of questions in shares, a few in a row, with pauses between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from benchmarks.simulator.dice import stream
from benchmarks.simulator.items import GRADES, KINDS, Item, draw

# After so many questions the user goes away for a while.
SITTING: Final = 40
AWAY_S: Final = 900.0
_STAY: Final = 0.5  # how likely the next question continues the conversation
_EVERY_S: Final = 45.0
_HURRY_S: Final = 2.0
# After a drift these kinds come four times as often.
DRIFTED: Final = ("code", "json", "exam", "sort", "multiply")
DRIFT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Request:
    """A question that is asked, so many seconds after the one before."""

    number: int
    item: Item
    conversation: str
    after_s: float


@dataclass
class Traffic:
    """Draws what is asked. `hurry` and `drifted` are set by events."""

    seed: int
    hurry: bool = False
    drifted: bool = False
    _random: Random = field(init=False)
    _kind: str = ""
    _conversation: int = 0

    def __post_init__(self) -> None:
        self._random = stream("traffic", self.seed)

    def request(self, number: int) -> Request:
        """Return the request of a number; to be asked for one after the other."""
        random = self._random
        if not self._kind or random.random() >= _STAY:
            self._conversation += 1
            self._kind = random.choices(KINDS, list(self._shares()))[0]
        item = draw(self.seed, number, self._kind, random.choice(GRADES))
        gap = random.expovariate(1 / (_HURRY_S if self.hurry else _EVERY_S))
        if number and number % SITTING == 0:
            gap += AWAY_S
        return Request(number, item, f"chat-{self._conversation}", gap)

    def _shares(self) -> Iterator[float]:
        for kind in KINDS:
            yield DRIFT if self.drifted and kind in DRIFTED else 1.0
