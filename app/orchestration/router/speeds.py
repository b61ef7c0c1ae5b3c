"""How long each model takes: learned from answers; before that what the registry or a size says."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean as mean
from typing import Final

from app.domain.models import Measured, ModelSpec, RoleSpec, Tier, Timeouts
from app.domain.routing import AttemptRecord, TurnRecord
from app.orchestration.deadlines import KEPT, LEAST_ANSWERS, MOST, Times, learned, quantile

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
# Nobody suddenly reads so many times as fast.
JUMP: Final = 3.0
EXPECTED_LENGTH: Final = 120.0
# A shorter wait in milliseconds is finding the model loaded.
LOADED_MS: Final = 100.0


@dataclass
class Speed:
    """One model's pace: tokens a second for reading and writing, seconds to load; 0 is unknown."""

    read_s: float
    written_s: float
    load_s: float
    answers: int = 0


class Speeds:
    """The pace of all models, by name. Owns what was measured; rows of turns bring it back."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._speeds: dict[str, Speed] = {}
        self._ids: dict[str, str] = {}
        self._guesses: dict[ModelSpec, Speed] = {}
        self._loads: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._times: defaultdict[tuple[str, str], Times] = defaultdict(Times)
        self._asked: deque[tuple[int, int]] = deque(maxlen=KEPT)  # tokens read and written

    def of(self, model: ModelSpec, tier: Tier = Tier.C) -> Speed:
        """Return the pace of a model as far as it is known; else what size or tier suggests."""
        seen = self._speeds.get(model.name)
        if seen is not None and seen.read_s and seen.written_s and seen.load_s:
            return seen
        known = seen or Speed(0.0, 0.0, 0.0)
        told, guess = model.measured or _NOTHING, self._guess(model, tier)
        return Speed(
            known.read_s or told.prefill_tokens_s or guess.read_s,
            known.written_s or told.decode_tokens_s or guess.written_s,
            known.load_s or (guess.load_s if told.load_s is None else told.load_s),
            known.answers,
        )

    def expect(self, model: str, read_s: float, written_s: float, load_s: float) -> None:
        """Take what was measured elsewhere, until own answers tell more."""
        known = self._speeds.setdefault(model, Speed(0.0, 0.0, 0.0))
        known.read_s = known.read_s or read_s
        known.written_s = known.written_s or written_s
        known.load_s = known.load_s or load_s

    def length(self, model: ModelSpec, family: str) -> float:
        """Return how many tokens an answer will probably have.

        Who was never asked such a question is taken to write as much as the others.
        """
        found = self._times.get((model.name, family))
        if found is not None and found.lengths:
            return mean(found.lengths)
        others = [times.lengths for (_, of), times in self._times.items() if of == family]
        count = sum(map(len, others))
        return sum(map(sum, others)) / count if count else EXPECTED_LENGTH

    def seconds(
        self,
        role: RoleSpec,
        family: str,
        prompt_tokens: float,
        *,
        loading: float = 0.0,
    ) -> float:
        """Return how long an answer will probably take.

        Args:
            role: who answers.
            family: the kind of task.
            prompt_tokens: how much has to be read.
            loading: seconds until the model is in memory.
        """
        speed = self.of(role.model, role.tier)
        length = min(self.length(role.model, family), float(role.sampling.max_tokens))
        return loading + prompt_tokens / speed.read_s + length / speed.written_s

    def ordinary_seconds(self, role: RoleSpec) -> float:
        """Return how long an ordinary question takes a role here; 0 while too few were asked."""
        if len(self._asked) < LEAST_ANSWERS:
            return 0.0
        speed = self.of(role.model, role.tier)
        read, written = (mean(each) for each in zip(*self._asked, strict=True))
        return read / speed.read_s + min(written, role.sampling.max_tokens) / speed.written_s

    def most_seconds(self, model: ModelSpec, family: str, share: float = MOST) -> float:
        """Return what a share of the answers of this kind did not exceed, 0 where none was seen."""
        found = self._times.get((model.name, family))
        return quantile(found.total_s, share) if found is not None else 0.0

    def deadlines(self, model: ModelSpec, family: str, registry: Timeouts) -> Timeouts:
        """Return learned limits, never above the registry's; its own while little is known."""
        times, loads = self._times.get((model.name, family)), self._loads.get(model.name, ())
        if times is None:
            return registry
        # Sorting all answers for every plan would take longer than the rest of it.
        state = registry, times.noted, len(loads), sum(loads)
        if times.limits is None or times.limits[0] != state:
            times.limits = state, learned(times, loads, registry)
        return times.limits[1]

    def note(self, record: TurnRecord) -> None:
        """Learn from the attempts of a turn."""
        for attempt in record.attempts:
            self._learn(attempt, record.family)
        first = record.attempts[0] if record.attempts else None
        if first is not None and first.prompt_tokens and first.answer_tokens:
            self._asked.append((first.prompt_tokens, first.answer_tokens))

    def forget(self, model: str) -> None:
        """Drop what was measured of a model."""
        self._speeds.pop(model, None)
        self._loads.pop(model, None)
        for key in [key for key in self._times if key[0] == model]:
            del self._times[key]

    def _learn(self, attempt: AttemptRecord, family: str) -> None:
        split, name = attempt.split, attempt.model
        if self._ids.setdefault(name, attempt.model_id) != attempt.model_id:
            self.forget(name)  # another file has its name now
            self._ids[name] = attempt.model_id
        known = self._speeds.setdefault(name, Speed(0.0, 0.0, 0.0))
        if split.loaded > LOADED_MS:
            self._loads[name].append(split.loaded / 1000)
            known.load_s = _towards(known.load_s, split.loaded / 1000)
        if attempt.answer_tokens < 2 or split.written <= 0:
            return
        known.written_s = _towards(known.written_s, attempt.answer_tokens / split.written * 1000)
        if split.read > 0 and attempt.prompt_tokens:
            # What was read before and kept costs nothing; it must not look like speed.
            seen = attempt.prompt_tokens / split.read * 1000
            known.read_s = _towards(known.read_s, min(seen, JUMP * (known.read_s or seen)))
        known.answers += 1
        times = self._times[name, family]
        times.note(attempt.answer_tokens, split.read / 1000, split.written / 1000)

    @property
    def measured(self) -> Mapping[str, Speed]:
        """What was measured, by model name."""
        return {name: speed for name, speed in self._speeds.items() if speed.answers}

    @property
    def timed(self) -> int:
        """For how many models and kinds of tasks deadlines were learned."""
        return sum(len(times.total_s) >= LEAST_ANSWERS for times in self._times.values())

    def _guess(self, model: ModelSpec, tier: Tier) -> Speed:
        """Return what a file's size suggests; looked at once, as files do not change in use."""
        found = self._guesses.get(model)
        if found is None:
            found = self._guesses[model] = _guessed(model, tier)
        return found


_NOTHING: Final = Measured.model_validate({})


def _towards(known: float, seen: float) -> float:
    return seen if known <= 0 else known + LEARNING * (seen - known)


def _guessed(model: ModelSpec, tier: Tier) -> Speed:
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
