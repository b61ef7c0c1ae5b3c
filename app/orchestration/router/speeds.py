"""How long each model takes: learned from answers, guessed from file sizes before that."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.models import ModelSpec, RoleSpec, Tier, Timeouts
from app.domain.routing import AttemptRecord, TurnRecord

# An ordinary computer reads so many bytes of weights a second, and loads so many from a disk.
BYTES_READ_S: Final = 8e9
BYTES_LOADED_S: Final = 1e9
LOAD_AT_LEAST_S: Final = 0.4
# Reading a prompt is so many times as fast as writing, before anything was measured.
READING: Final = 5.0
MOST_WRITTEN_S: Final = 400.0  # tokens; what is spent beside the weights bounds it
# Bytes of an ordinary model of each tier, where there is no file to look at.
SIZES: Final = {Tier.D: 300_000_000, Tier.A: 1 << 30, Tier.C: 4 << 30, Tier.B: 12 << 30}
# A remote tells no size.
REMOTE_WRITTEN_S: Final = 40.0
# How fast what is seen replaces what was known.
LEARNING: Final = 0.2
EXPECTED_LENGTH: Final = 120.0
KEPT: Final = 200
# A deadline needs so many answers, and gives so many times what nearly all of them took.
LEAST_ANSWERS: Final = 20
PATIENCE: Final = 3.0
NEARLY_ALL: Final = 0.95
LEAST_DEADLINE_S: Final = 10.0


@dataclass
class Speed:
    """One model's pace: tokens a second for reading and writing, seconds to load."""

    read_s: float
    written_s: float
    load_s: float
    answers: int = 0


@dataclass
class _Samples:
    """The last answers of a model to one kind of task: tokens and seconds."""

    lengths: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    first_s: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    total_s: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))


class Speeds:
    """The pace of all models, by name. Owns what was measured."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._speeds: dict[str, Speed] = {}
        self._loads: dict[str, deque[float]] = {}
        self._samples: dict[tuple[str, str], _Samples] = {}

    def of(self, model: ModelSpec, tier: Tier = Tier.C) -> Speed:
        """Return the pace of a model, as far as it is known; else what size or tier suggests."""
        return self._speeds.get(model.name) or _guess(model, tier)

    def expect(self, model: str, read_s: float, written_s: float, load_s: float) -> None:
        """Take what was measured elsewhere, until own answers tell more."""
        self._speeds.setdefault(model, Speed(read_s, written_s, load_s))

    def length(self, model: ModelSpec, family: str) -> float:
        """Return how many tokens an answer will probably have.

        Who was never asked such a question is taken to write as much as the others.
        """
        found = self._samples.get((model.name, family))
        lengths = list(found.lengths) if found is not None else []
        if not lengths:
            lengths = [
                length
                for (_, of), samples in self._samples.items()
                if of == family
                for length in samples.lengths
            ]
        return sum(lengths) / len(lengths) if lengths else EXPECTED_LENGTH

    def seconds(
        self, role: RoleSpec, family: str, prompt_tokens: float, *, resident: bool
    ) -> float:
        """Return how long an answer will probably take.

        Args:
            role: who answers.
            family: the kind of task.
            prompt_tokens: how much has to be read.
            resident: the model is in memory already.
        """
        model = role.model
        speed = self.of(model, role.tier)
        loading = 0.0 if resident else speed.load_s
        reading = prompt_tokens / speed.read_s
        return loading + reading + self.length(model, family) / speed.written_s

    def deadlines(self, model: ModelSpec, family: str, registry: Timeouts) -> Timeouts:
        """Return learned limits, never above the registry's; its own while little is known."""
        found = self._samples.get((model.name, family))
        if found is None or len(found.total_s) < LEAST_ANSWERS:
            return registry
        loads = self._loads.get(model.name, ())
        return Timeouts(
            load_s=_limit(loads, registry.load_s) if loads else registry.load_s,
            first_token_s=_limit(found.first_s, registry.first_token_s),
            stall_s=registry.stall_s,
            total_s=_limit(found.total_s, registry.total_s),
        )

    def note(self, record: TurnRecord) -> None:
        """Learn from the attempts of a turn."""
        for attempt in record.attempts:
            self._learn(attempt, record.family)

    def _learn(self, attempt: AttemptRecord, family: str) -> None:
        split = attempt.split
        known = self._speeds.setdefault(attempt.model, Speed(0.0, 0.0, 0.0))
        if split.loaded > 100:  # shorter is finding it loaded
            self._loads.setdefault(attempt.model, deque(maxlen=KEPT)).append(split.loaded / 1000)
            known.load_s = _towards(known.load_s, split.loaded / 1000)
        if attempt.answer_tokens < 2 or split.written <= 0:
            return
        known.written_s = _towards(known.written_s, attempt.answer_tokens / split.written * 1000)
        if split.read > 0 and attempt.prompt_tokens:
            known.read_s = _towards(known.read_s, attempt.prompt_tokens / split.read * 1000)
        known.answers += 1
        samples = self._samples.setdefault((attempt.model, family), _Samples())
        samples.lengths.append(float(attempt.answer_tokens))
        samples.first_s.append(split.read / 1000)
        samples.total_s.append((split.read + split.written) / 1000)

    @property
    def measured(self) -> Mapping[str, Speed]:
        """What was measured, by model name."""
        return {name: speed for name, speed in self._speeds.items() if speed.answers}


def _towards(known: float, seen: float) -> float:
    return seen if known <= 0 else known + LEARNING * (seen - known)


def _limit(samples: Sequence[float] | deque[float], most: float) -> float:
    ordered = sorted(samples)
    high = ordered[min(len(ordered) - 1, int(NEARLY_ALL * len(ordered)))]
    return min(most, max(LEAST_DEADLINE_S, PATIENCE * high))


def _guess(model: ModelSpec, tier: Tier) -> Speed:
    if model.engine == "remote":
        return Speed(REMOTE_WRITTEN_S * READING, REMOTE_WRITTEN_S, 0.0)
    try:
        size = max(1, model.path.stat().st_size)
    except OSError:  # it may be gone; whoever loads it says so
        size = SIZES[tier]
    written = min(MOST_WRITTEN_S, BYTES_READ_S / size)
    # Small models differ less in time than in size, but they differ.
    written = written / (1 + size / 20e6) if written >= MOST_WRITTEN_S else written
    return Speed(READING * written, written, LOAD_AT_LEAST_S + size / BYTES_LOADED_S)
