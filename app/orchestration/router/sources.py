"""What the router asks, and whom."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from app.domain.models import ModelSpec
from app.engines.base import Capabilities
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import Breaker
from app.orchestration.gate.promises import USUAL
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.speeds import Speeds
from app.orchestration.router.starts import Moved
from app.orchestration.router.utility import weight_of


@dataclass(frozen=True)
class Sources:
    """What the router asks. Every part is optional: without any, the default role answers.

    `balance`: 0 for speed, 1 for quality. `resident`: whether a model is in memory; `outlook`: what
    it would take to have it there. `passing`: what the gate lets pass of right and of wrong
    answers, by model, family and what is asked for. `absent`: why a model cannot be asked now, such
    as a quarantine; `caps`: what its engine can do, where that is known. `within_s`: until when
    there should be an answer. `explore`: the share of turns that may begin with somebody else to
    learn, by the throws of `dice`. `moved`: where a kind of task begins by now.
    """

    predictor: Predictor = field(default_factory=Predictor)
    speeds: Speeds = field(default_factory=Speeds)
    breaker: Breaker | None = None
    identify: Callable[[ModelSpec], str] = lambda model: model.name
    resident: Callable[[str], bool] = lambda _: True
    clock: Callable[[], float] = lambda: 0.0
    balance: float = 0.5
    passing: Callable[[str, str, float], tuple[float, float]] = lambda *_: USUAL
    outlook: Callable[[ModelSpec], Outlook] | None = None
    absent: Callable[[str], str] = lambda _: ""
    caps: Callable[[str], Capabilities | None] = lambda _: None
    within_s: float = math.inf
    explore: float = 0.0
    dice: Random = field(default_factory=Random)
    moved: Callable[[str], Moved | None] = lambda _: None

    @property
    def weight(self) -> float:
        """What the time of the slowest answer is worth, in probability of a right one."""
        return weight_of(self.balance)

    def standing(self, model: ModelSpec) -> Outlook:
        """Return what it takes to have a model in memory."""
        if self.outlook is not None:
            return self.outlook(model)
        return Outlook(resident=self.resident(model.name))
