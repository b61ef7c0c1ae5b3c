"""How often drafted tokens stand, by drafter, kind of task, and what spoke for them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Edges of the evidence, and what is believed of each bin before anything is seen: how often the
# token stands. The weight of that belief is PRIOR_WEIGHT observations.
COPY_EDGES: Final = (2, 3, 4, 6, 9, 13, 20, 32, 64)
COPY_PRIOR: Final = (0.30, 0.35, 0.45, 0.55, 0.68, 0.80, 0.88, 0.93, 0.95, 0.97)
FOLLOW_EDGES: Final = (1, 2, 4, 8, 16, 32, 64, 128)
FOLLOW_PRIOR: Final = (0.85, 0.88, 0.90, 0.92, 0.94, 0.95, 0.96, 0.975, 0.985)
SURE_EDGES: Final = (20, 40, 60, 75, 85, 92, 97, 99)  # percent of the draft model
SURE_PRIOR: Final = (0.15, 0.30, 0.45, 0.60, 0.75, 0.83, 0.90, 0.94, 0.98)
PRIOR_WEIGHT: Final = 6.0
# What is learned fades slowly, so that a new model or habit is noticed.
FADING: Final = 0.98
# What usually speaks for the first token of a guess is followed as slowly.
USUAL: Final = 0.99
# A kind of task is judged by itself from so many observations on, and by all tasks until then.
OWN_WEIGHT: Final = 12.0


@dataclass(frozen=True, slots=True)
class Scale:
    """The bins of one drafter's evidence and their prior acceptance."""

    edges: tuple[int, ...]
    prior: tuple[float, ...]

    def bin(self, evidence: int) -> int:
        """Return the bin a piece of evidence falls into."""
        return bisect_right(self.edges, evidence)


SCALES: Final[Mapping[str, Scale]] = {
    "lookup": Scale(COPY_EDGES, COPY_PRIOR),
    "prediction": Scale(FOLLOW_EDGES, FOLLOW_PRIOR),
    "draft model": Scale(SURE_EDGES, SURE_PRIOR),
}


@dataclass(slots=True)
class Tally:
    """Faded counts of tokens that were tried and that stood."""

    tried: float = 0.0
    stood: float = 0.0

    def add(self, stood: bool) -> None:
        """Count one more token."""
        self.tried = FADING * self.tried + 1
        self.stood = FADING * self.stood + stood


class Acceptance:
    """Learned acceptance of all drafters of one model, shared by its answers."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, str, int], Tally] = {}
        self._all: dict[tuple[str, int], Tally] = {}
        self._usual: dict[str, list[float]] = {}  # faded counts of first tokens in each bin

    def probabilities(self, drafter: str, family: str, evidence: Sequence[int]) -> list[float]:
        """Return for each token how likely it stands if those before it stand."""
        return [self._probability(drafter, family, each) for each in evidence]

    def _probability(self, drafter: str, family: str, evidence: int) -> float:
        scale = SCALES[drafter]
        place = scale.bin(evidence)
        common = _blend(self._all.get((drafter, place)), scale.prior[place], PRIOR_WEIGHT)
        return _blend(self._own.get((drafter, family, place)), common, OWN_WEIGHT)

    def learn(self, drafter: str, family: str, evidence: Sequence[int], kept: int) -> None:
        """Take in that the first `kept` of the tokens stood; the one after them did not."""
        scale = SCALES[drafter]
        if evidence:
            self._expect(drafter, scale.bin(evidence[0]))
        for at, each in enumerate(evidence[: kept + 1]):
            place = scale.bin(each)
            for tally in (
                self._own.setdefault((drafter, family, place), Tally()),
                self._all.setdefault((drafter, place), Tally()),
            ):
                tally.add(at < kept)

    def _expect(self, drafter: str, place: int) -> None:
        counts = self._counts(drafter)
        counts[:] = [USUAL * each for each in counts]
        counts[place] += 1.0

    def _counts(self, drafter: str) -> list[float]:
        """Return how often a guess began in each bin; at first, as often as it was tried there."""
        if drafter not in self._usual:
            places = range(len(SCALES[drafter].prior))
            tallies = (self._all.get((drafter, place)) for place in places)
            self._usual[drafter] = [tally.tried if tally else 0.0 for tally in tallies]
        return self._usual[drafter]

    def _shares(self, drafter: str) -> list[float]:
        counts = self._counts(drafter)
        total = sum(counts) or 1.0
        return [each / total for each in counts]

    def usual(self, drafter: str) -> list[tuple[float, float]]:
        """Return how often a guess begins in each bin, and how likely its token stands there."""
        scale = SCALES[drafter]
        return [
            (share, _blend(self._all.get((drafter, place)), scale.prior[place], PRIOR_WEIGHT))
            for place, share in enumerate(self._shares(drafter))
        ]

    def dump(self) -> list[list[object]]:
        """Return everything that was learned, as plain lists."""
        return [
            [*key, round(tally.tried, 3), round(tally.stood, 3)] for key, tally in self._own.items()
        ]

    def restore(self, rows: object) -> None:
        """Take over what `dump` returned; what is no such row is left out."""
        for row in rows if isinstance(rows, list) else ():
            match row:
                case [str(drafter), str(family), int(place), float(tried), float(stood)] if (
                    drafter in SCALES and 0 <= stood <= tried
                ):
                    self._own[drafter, family, place] = Tally(tried, stood)
                    common = self._all.setdefault((drafter, place), Tally())
                    common.tried += tried
                    common.stood += stood

    def seen(self, drafter: str) -> float:
        """Return how much has been observed of a drafter, fading with time."""
        return sum(tally.tried for (name, _), tally in self._all.items() if name == drafter)

    def rate(self, drafter: str) -> float | None:
        """Return the share of a drafter's tokens that stood lately; nothing without a trial."""
        found = [
            (share, tally.stood / tally.tried)
            for place, share in enumerate(self._shares(drafter))
            if (tally := self._all.get((drafter, place))) is not None and tally.tried
        ]
        total = sum(share for share, _ in found)
        return sum(share * stood for share, stood in found) / total if total else None


def _blend(tally: Tally | None, prior: float, weight: float) -> float:
    if tally is None:
        return prior
    return (tally.stood + weight * prior) / (tally.tried + weight)
