"""Drafts for one answer: asks the sources, lets the tuner choose, and keeps the account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.engines.speculation.base import Draft
from app.engines.speculation.source import Guess, Source
from app.engines.speculation.stake import Stake
from app.engines.speculation.tuner import NOTHING, Choice, Situation, Tuner

# So many drafts in a row of which nothing stood silence a source for so many tokens.
MISSES: Final = 8
SILENCE: Final = 64


@dataclass(slots=True)
class Record:
    """What one source did for one answer."""

    drafted: int = 0
    stood: int = 0
    misses: int = 0
    silent_until: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """A source's guess, and how much of it is worth verifying."""

    source: Source
    guess: Guess
    choice: Choice


@dataclass
class Speculator:
    """The drafter of one answer; implements `Drafter`.

    `learns`: what comes of its drafts says something about answers to come.
    """

    tuner: Tuner
    sources: Sequence[Source]
    prompt: int
    family: str = "other"
    learns: bool = True
    stake: Stake = field(default_factory=Stake)
    records: dict[str, Record] = field(default_factory=dict)
    _taken: _Offer | None = None
    _context: int = 0

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return the draft that promises the most speed, or none."""
        self._context = len(context)
        self.stake.tokens = self._context - self.prompt
        self._taken = self._best(context, min(limit, self.tuner.most(self._context)))
        if self._taken is None:
            return Draft()
        choice = self._taken.choice
        tokens = self._taken.guess.tokens[: choice.count]
        return Draft(tokens, choice.probabilities, self._taken.source.name)

    def _best(self, context: Sequence[int], limit: int) -> _Offer | None:
        best: _Offer | None = None
        if limit <= 0:
            return best
        for source in self.sources:
            reached = best.choice.speed if best else NOTHING.speed
            if source.best_speed(context, self.stake.credit) <= reached or self._is_silent(source):
                continue
            offer = self._offer(source, context, limit)
            if offer.choice.count and (best is None or offer.choice.speed > reached):
                best = offer
        return best

    def _offer(self, source: Source, context: Sequence[int], limit: int) -> _Offer:
        guess = source.guess(context, limit, self.stake.credit)
        self.stake.pay(source.spent)
        situation = Situation(self.family, self._context, self.stake)
        return _Offer(source, guess, self.tuner.choose(source.name, guess.evidence, situation))

    def _is_silent(self, source: Source) -> bool:
        return self.record(source.name).silent_until > self.stake.tokens

    def accepted(self, drafted: int, kept: int) -> None:
        """Learn what came of the draft last proposed."""
        if self._taken is None:
            return
        name, evidence = self._taken.source.name, self._taken.guess.evidence
        if self.learns:
            self.tuner.acceptance.learn(name, self.family, evidence[:drafted], kept)
        self.stake.book(kept + 1, self.tuner.time(drafted, self._context))
        record = self.record(name)
        record.drafted += drafted
        record.stood += kept
        record.misses = 0 if kept else record.misses + 1
        if record.misses >= MISSES:
            record.misses = 0
            record.silent_until = self.stake.tokens + SILENCE

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for each source that drafted how many tokens it drafted and how many stood."""
        found = self.records.items()
        return {name: (each.drafted, each.stood) for name, each in found if each.drafted}

    def record(self, name: str) -> Record:
        """Return what a source did so far."""
        return self.records.setdefault(name, Record())
