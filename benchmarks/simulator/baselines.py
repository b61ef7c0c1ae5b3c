"""What simpler ways of choosing would have made of the same questions and answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchmarks.simulator.rows import Row, Seen

CHEAPEST, MIDDLE, STRONGEST = "front", "worker", "architect"
# What anybody would write down without having measured anything.
RULES: Final[Mapping[str, str]] = {
    "chat": "front",
    "facts": "front",
    "code": "coder",
    "math": "worker",
    "words": "worker",
    "document": "worker",
    "rewrite": "worker",
}
CHAINS: Final = (
    (CHEAPEST, STRONGEST),
    (CHEAPEST, MIDDLE),
    (MIDDLE, STRONGEST),
    (CHEAPEST, MIDDLE, STRONGEST),
)
THRESHOLDS: Final = tuple(at / 40 for at in range(4, 40))
# Fixed weights: how sure, how long, how well it looks; and what they have to sum up to.
_SURE, _LONG, _WELL, _ENOUGH = 0.5, 0.3, 0.2, 0.7

Answer = tuple[bool, float]  # whether it is right, and its seconds
Policy = Callable[[Row], Answer]


@dataclass(frozen=True, slots=True)
class Score:
    """What a policy reaches: share right, seconds a question, and what that is worth."""

    name: str
    right: float
    seconds: float
    gain: float


def always(role: str) -> Policy:
    """Return the policy that asks one role whatever comes."""
    return lambda row: (row.seen[role].right, row.seen[role].seconds)


def by_rules(row: Row) -> Answer:
    """Ask who is written down for the kind of task."""
    role = RULES.get(row.family, CHEAPEST)
    return always(role if role in row.seen else STRONGEST)(row)


def cascade(chain: Sequence[str], enough: Callable[[Seen], bool]) -> Policy:
    """Return the policy that climbs a chain until an answer is good enough."""

    def policy(row: Row) -> Answer:
        spent = 0.0
        for role in chain:
            seen = row.seen[role]
            spent += seen.seconds
            if enough(seen):
                break
        return seen.right, spent

    return policy


def oracle(row: Row) -> Answer:
    """Ask the fastest of those who will be right; nobody knows that before."""
    right = [each for each in row.seen.values() if each.right]
    chosen = min(right or row.seen.values(), key=lambda each: each.seconds)
    return chosen.right, chosen.seconds


def achievable(price: Callable[[Row, float], float]) -> Policy:
    """Return the policy that knows all chances, but no outcome."""

    def policy(row: Row) -> Answer:
        seen = max(row.seen.values(), key=lambda each: each.share - price(row, each.seconds))
        return seen.right, seen.seconds

    return policy


def fixed_weights(seen: Seen) -> bool:
    """Return whether an answer is good enough by weights that nobody fitted."""
    long = min(1.0, seen.seconds / 2.0)
    return _SURE * seen.sure + _LONG * long + _WELL * 1.0 >= _ENOUGH


class Yard:
    """Measures policies on the same rows; what has to be tuned is tuned on the first half."""

    def __init__(self, rows: Sequence[Row], price: Callable[[Row, float], float]) -> None:
        self._tuning, self._rows = rows[::2], rows[1::2]
        self._price = price

    def score(self, name: str, policy: Policy) -> Score:
        """Return what a policy reaches on the other half."""
        return _score(name, self._rows, policy, self._price)

    def live(self) -> Score:
        """Return what the program reached."""
        return self.score("Echelon", lambda row: (row.right, row.seconds))

    def all(self) -> list[Score]:
        """Return all baselines, the mix at the same time as the program's."""
        live = self.live()
        found = [self.score(f"always {role}", always(role)) for role in self._rows[0].seen]
        found += [
            self._mix(live.seconds),
            self.score("rules only", by_rules),
            self._tuned("confidence only", ((CHEAPEST, STRONGEST),)),
            self._tuned("best fixed cascade", [each for each in CHAINS if self._has(each)]),
            self.score("fixed weights", cascade((CHEAPEST, STRONGEST), fixed_weights)),
            self.score("oracle of chances", achievable(self._price)),
            self.score("oracle of outcomes", oracle),
        ]
        return [live, *found]

    def _has(self, chain: Sequence[str]) -> bool:
        return all(role in self._rows[0].seen for role in chain)

    def _mix(self, seconds: float) -> Score:
        """Return the toss between two roles that takes as long as the program."""
        singles = [self.score(role, always(role)) for role in self._rows[0].seen]
        hull = _hull(singles)
        for low, high in pairwise(hull):
            if low.seconds <= seconds <= high.seconds:
                share = (seconds - low.seconds) / (high.seconds - low.seconds)
                return Score(
                    "random mix at equal cost",
                    low.right + share * (high.right - low.right),
                    seconds,
                    low.gain + share * (high.gain - low.gain),
                )
        end = hull[0] if seconds < hull[0].seconds else hull[-1]
        return Score("random mix at equal cost", end.right, end.seconds, end.gain)

    def _tuned(self, name: str, chains: Sequence[Sequence[str]]) -> Score:
        policies = [
            cascade(chain, lambda seen, least=least: seen.sure >= least)  # type: ignore[misc]
            for chain in chains
            for least in THRESHOLDS
        ]
        best = max(
            policies, key=lambda policy: _score(name, self._tuning, policy, self._price).gain
        )
        return self.score(name, best)


def _score(
    name: str, rows: Sequence[Row], policy: Policy, price: Callable[[Row, float], float]
) -> Score:
    answers = [policy(row) for row in rows]
    gains = [right - price(row, spent) for row, (right, spent) in zip(rows, answers, strict=True)]
    count = len(rows)
    return Score(
        name,
        sum(right for right, _ in answers) / count,
        sum(spent for _, spent in answers) / count,
        sum(gains) / count,
    )


def _hull(scores: Sequence[Score]) -> list[Score]:
    """Return those no mix of others beats, the fastest first."""
    kept: list[Score] = []
    for each in sorted(scores, key=lambda score: score.seconds):
        if kept and each.right <= kept[-1].right:
            continue
        while len(kept) > 1 and _steep(kept[-2], each) >= _steep(kept[-2], kept[-1]):
            kept.pop()
        kept.append(each)
    return kept


def _steep(low: Score, high: Score) -> float:
    return (high.right - low.right) / (high.seconds - low.seconds)
