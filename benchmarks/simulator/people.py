"""Models that are numbers: what they can do, how sure they sound, how fast they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Final

import numpy as np

from app.domain.errors import EngineDied
from app.domain.generation import ChatRequest
from app.domain.models import ModelSpec, RoleSpec, Sampling, Tier, Timeouts
from app.engines.base import Capabilities
from app.orchestration.gate.gate import Answer
from benchmarks.simulator.curves import Vector
from benchmarks.simulator.dice import chance, normal, whole
from benchmarks.simulator.engine import Frame, Reply, Speaker
from benchmarks.simulator.fitted import Fitted
from benchmarks.simulator.items import Item, tokens_of
from benchmarks.simulator.library import Library
from benchmarks.simulator.mistakes import blemished, mistaken
from benchmarks.simulator.tables import Cell

GB: Final = 1 << 30
# How far a model that replaces another is better at some kinds of questions and worse at others.
SWAP: Final = 1.0
# The mean log-probability of an answer: at sureness 0, and how fast it nears 0 as that grows.
_AT_ZERO: Final = -0.2
_NEARING: Final = 1.1
_LONGEST: Final = 320
_SURE: Final = NormalDist()
# An attempt with a hint is a little better than chance would make it.
_HINTED: Final = 0.3
JITTER: Final = 0.15
CAPS: Final = Capabilities()


# Measured on 8 cores: 1.5, 4 and 8 billion weights of 4 bits.
FRAMES: Final[Mapping[str, Frame]] = {
    "front": Frame(Tier.A, 1.0, 120.0, 40.0),
    "worker": Frame(Tier.C, 2.5, 60.0, 16.0),
    "coder": Frame(Tier.B, 5.0, 40.0, 9.0),
    "architect": Frame(Tier.B, 5.0, 40.0, 9.0),
}
TIMEOUTS: Final = Timeouts(load_s=120.0, first_token_s=120.0, stall_s=30.0, total_s=600.0)


@dataclass(frozen=True)
class Said:
    """One answer: its words, whether they are right, and how sure each token was."""

    text: str
    right: bool
    logprobs: Vector
    margins: Vector

    @property
    def tokens(self) -> int:
        """How long it is."""
        return len(self.logprobs)

    def answer(self) -> Answer:
        """Return it as the gate takes it."""
        logprobs, margins = tuple(self.logprobs.tolist()), tuple(self.margins.tolist())
        return Answer(self.text, logprobs, margins, "stop", self.tokens)


@dataclass
class Model:
    """One model; `version` counts the files it has been, `worse` is a share of answers spoiled."""

    name: str
    frame: Frame
    fitted: Fitted
    seed: int
    library: Library
    version: int = 1
    worse: float = 0.0
    shifts: dict[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of its bytes, under which evidence is kept."""
        return f"{self.name}-{self.version}"

    @property
    def caps(self) -> Capabilities:
        """What may be asked of it."""
        return CAPS

    def reply(self, request: ChatRequest) -> Reply:
        """Return what it says to a question of the library."""
        found = self.library.find([str(each["content"]) for each in request.messages])
        if found is None:
            raise EngineDied("Nobody drew this question.", remedy="Ask one that was drawn.")
        item, attempt = found
        said = self.say(item, attempt)
        pace = exp(JITTER * normal("pace", self.seed, self.id, item.key, attempt))
        return Reply(
            said.text,
            said.logprobs.tolist(),
            said.margins.tolist(),
            item.prompt_tokens,
            slowness=pace,
        )

    def replace(self) -> None:
        """Become another file of the same size, better at every second kind, worse at the rest."""
        self.version += 1
        for kind, _ in self.fitted.abilities[self.name]:
            up = whole("swap", self.seed, self.name, self.version, kind) % 2
            self.shifts[kind] = SWAP if up else -SWAP

    def ability(self, cell: Cell) -> float:
        """Return what it can do in a cell of questions."""
        return self.fitted.abilities[self.name][cell] + self.shifts.get(cell[0], 0.0)

    def share(self, cell: Cell) -> float:
        """Return the share of right answers in a cell."""
        mean = self.fitted.curve(cell[0]).mean(self.ability(cell))
        return mean * (1 - self.worse)

    def seconds(self, item: Item, said: "Said") -> float:
        """Return how long an answer takes, without jitter, queue and load."""
        return item.prompt_tokens / self.frame.read + said.tokens / self.frame.write

    def say(self, item: Item, attempt: int = 0) -> Said:
        """Return its answer; the same question gets the same answer."""
        key = (self.seed, self.id, item.key, attempt)
        right = self._right(item, attempt)
        text = self._text(item, right, key)
        return Said(text, right, *self._sureness(item, right, tokens_of(text), key))

    def _right(self, item: Item, attempt: int) -> bool:
        curve = self.fitted.curve(item.kind)
        luck = curve.spread * normal("luck", self.seed, self.id, item.key)
        lead = self.ability((item.kind, item.grade)) - item.difficulty + luck
        right = chance("right", self.seed, self.id, item.key) < curve.chance(lead)
        if attempt and not right:
            again = chance("again", self.seed, self.id, item.key, attempt)
            right = again < _HINTED * curve.chance(lead)
        return right and chance("worse", self.seed, item.key) >= self.worse

    def _text(self, item: Item, right: bool, key: tuple[object, ...]) -> str:
        return blemished(item, key) if right else mistaken(item, key)

    def _sureness(
        self,
        item: Item,
        right: bool,
        tokens: int,
        key: tuple[object, ...],
    ) -> tuple[Vector, Vector]:
        """Return log-probabilities and margins; their mean tells right from wrong by its AUROC."""
        apart = sqrt(2) * _SURE.inv_cdf(self.fitted.auroc(self.name, item.kind))
        mean = _AT_ZERO * exp(-_NEARING * (normal("sure", *key) + (apart if right else 0.0)))
        source = np.random.Generator(np.random.PCG64(whole("tokens", *key)))
        # Few tokens carry most of the doubt.
        parts = source.exponential(size=tokens) ** 2 + 1e-3
        logprobs = np.maximum(mean * parts / parts.mean(), -12.0)
        sure = np.exp(logprobs)
        return np.asarray(logprobs, np.float64), np.asarray(sure - 0.8 * (1 - sure), np.float64)


def models(fitted: Fitted, seed: int) -> dict[str, Model]:
    """Return the models of one run."""
    library = Library()
    return {name: Model(name, frame, fitted, seed, library) for name, frame in FRAMES.items()}


def role(speaker: Speaker) -> RoleSpec:
    """Return the role that a model has."""
    spec = ModelSpec(
        name=speaker.name,
        path=Path(f"{speaker.name}.gguf"),
        context=4096,
        sequences=1,
        speculation=False,
    )
    return RoleSpec(
        name=speaker.name,
        tier=speaker.frame.tier,
        model=spec,
        sampling=Sampling(temperature=0.0, max_tokens=_LONGEST),
        timeouts=TIMEOUTS,
        gated=True,
        families=("code",) if speaker.name == "coder" else (),
    )
