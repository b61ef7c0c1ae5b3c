"""Drafts for one answer: asks the sources, lets the tuner choose, and keeps the account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.engines.speculation.base import Draft
from app.engines.speculation.costs import OUTLIER
from app.engines.speculation.source import Guess, Source
from app.engines.speculation.stake import Stake
from app.engines.speculation.tuner import NOTHING, Choice, Situation, Tuner

# So many drafts in a row of which nothing stood silence a source for so many tokens.
MISSES: Final = 8
SILENCE: Final = 64
# Until so many guesses in a row would have stood.
CONVINCED: Final = 4


@dataclass(slots=True)
class Record:
    """What one source did for one answer.

    `unsaid` is the first token of a guess that was not tried, what speaks for it, and the length of
    the text it would have followed; `right` counts those that were right in a row.
    """

    drafted: int = 0
    stood: int = 0
    misses: int = 0
    silent_until: int = 0
    unsaid: tuple[int, int, int] | None = None
    right: int = 0


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
    _booked: float = 0.0  # what was booked for the last draft, until its time is known

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return the draft that promises the most speed, or none."""
        self._context = len(context)
        self.stake.tokens = self._context - self.prompt
        self._compare(context)
        self._taken = self._best(context, min(limit, self.tuner.most(self._context)))
        if self._taken is None:
            return Draft()
        choice = self._taken.choice
        self.record(self._taken.source.name).unsaid = None
        tokens = self._taken.guess.tokens[: choice.count]
        return Draft(tokens, choice.probabilities, self._taken.source.name)

    def _best(self, context: Sequence[int], limit: int) -> _Offer | None:
        best: _Offer | None = None
        if limit <= 0:
            return best
        for source in self.sources:
            reached = best.choice.speed if best else NOTHING.speed
            silent = self._is_silent(source)
            if silent and not source.free:
                continue
            if source.best_speed(context, self.stake.credit) <= reached:
                continue
            offer = self._offer(source, context, limit)
            if silent:  # it was asked to see whether it is right again
                continue
            if offer.choice.count and (best is None or offer.choice.speed > reached):
                best = offer
        return best

    def _offer(self, source: Source, context: Sequence[int], limit: int) -> _Offer:
        guess = source.guess(context, limit, self.stake.credit)
        self.stake.pay(source.spent)
        if guess.tokens:
            first = guess.tokens[0], guess.evidence[0], len(context)
            self.record(source.name).unsaid = first
        situation = Situation(self.family, self._context, self.stake)
        return _Offer(source, guess, self.tuner.choose(source.name, guess.evidence, situation))

    def _compare(self, context: Sequence[int]) -> None:
        """Learn from guesses that were not tried: what came is known by now, at no cost."""
        for name, record in self.records.items():
            if record.unsaid is None:
                continue
            token, evidence, place = record.unsaid
            record.unsaid = None
            stood = place < len(context) and context[place] == token
            record.right = record.right + 1 if stood else 0
            if record.right >= CONVINCED:
                record.silent_until = 0
            if self.learns:
                self.tuner.acceptance.learn(name, self.family, (evidence,), int(stood))

    def _is_silent(self, source: Source) -> bool:
        return self.record(source.name).silent_until > self.stake.tokens

    def accepted(self, drafted: int, kept: int, ties: int = 0) -> None:
        """Learn what came of the draft last proposed."""
        if self._taken is None:
            return
        name, evidence = self._taken.source.name, self._taken.guess.evidence
        if self.learns:
            self.tuner.acceptance.learn(name, self.family, evidence[:drafted], kept)
        self._booked = self.tuner.time(drafted, self._context)
        self.stake.book(kept + 1, self._booked + ties)
        record = self.record(name)
        record.drafted += drafted
        record.stood += kept
        record.misses = 0 if kept else record.misses + 1
        if record.misses >= MISSES:
            record.misses = 0
            record.silent_until = self.stake.tokens + SILENCE

    def took(self, milliseconds: float) -> None:
        """Book what the last draft really took, so that the account holds on a busy computer too.

        A single time says little, so it counts only within bounds.
        """
        costs = self.tuner.costs
        if costs is None or costs.fixed or not self._booked:
            return
        seen = costs.singles(milliseconds, self._context)
        most = self._booked * OUTLIER
        self.stake.pay(min(max(seen, self._booked / OUTLIER), most) - self._booked)
        self._booked = 0.0

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for each source that drafted how many tokens it drafted and how many stood."""
        found = self.records.items()
        return {name: (each.drafted, each.stood) for name, each in found if each.drafted}

    def record(self, name: str) -> Record:
        """Return what a source did so far."""
        return self.records.setdefault(name, Record())
