"""One head per model: how likely it answers a question rightly, from hashed words and numbers.

What makes questions hard for all models is learned from all of them together; each model's own
head learns what is different with it. So a model of which little is known gains from the others,
and there is never a score for "needs a large one": that would depend on who is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.hashing import SIZE
from app.orchestration.router.seen import Seen
from app.orchestration.router.sparse import FAMILY, Rows, Scale, fitted

# How strongly weights are held to nothing; chosen on one half of a public trace.
SHARED_RIDGE: Final = 4.0
OWN_RIDGE: Final = 12.0
# Below so many answers, a model has no head of its own.
LEAST: Final = 60

Vector = NDArray[np.float64]
Order = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A question one model answered, how rightly, and how much that counts."""

    seen: Seen
    model_id: str
    right: float
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """What is different with a model; `bends`: how certain each weight is."""

    weights: Vector
    bends: Vector


class Heads:
    """The heads of all models, fitted together."""

    def __init__(
        self, scale: Scale, base: Mapping[str, float], shared: Vector, own: Mapping[str, _Own]
    ) -> None:
        """Take the parts: log-odds by model, what all have in common, what is different."""
        self._scale = scale
        self._base = base
        self.shared = shared
        self.own = own

    def odds(self, seen: Seen, model_id: str, usual: float) -> float:
        """Return the log-odds of a right answer; `usual` are those of an unknown model."""
        places, values, dense = self._entries(seen)
        found = self._base.get(model_id, usual)
        own = self.own.get(model_id)
        for weights in (self.shared, *((own.weights,) if own else ())):
            found += float(values @ weights[places]) + float(dense @ weights[SIZE:])
        return found

    def without(self, model_id: str) -> "Heads":
        """Return the heads as if a model had none."""
        base = {model: odds for model, odds in self._base.items() if model != model_id}
        own = {model: head for model, head in self.own.items() if model != model_id}
        return Heads(self._scale, base, self.shared, own)

    def learn(self, answered: Answered) -> None:
        """Move a model's own head by one answer, where it is least certain the most."""
        own = self.own.get(answered.model_id)
        if own is None:
            return
        odds = self.odds(answered.seen, answered.model_id, 0.0)
        chance = float(sigmoid(np.array([odds]))[0])
        places, values, dense = self._entries(answered.seen)
        bend = max(1e-3, chance * (1 - chance))
        loose, loose_dense = values / own.bends[places], dense / own.bends[SIZE:]
        reach = float(values @ loose) + float(dense @ loose_dense)
        step = answered.weight * (answered.right - chance) / (1 + bend * reach)
        np.add.at(own.weights, places, step * loose)
        own.weights[SIZE:] += step * loose_dense
        np.add.at(own.bends, places, answered.weight * bend * values**2)
        own.bends[SIZE:] += answered.weight * bend * dense**2

    def _entries(self, seen: Seen) -> tuple[Order, Vector, Vector]:
        places = np.append(seen.places.astype(np.int64), seen.family_place)
        values = np.append(seen.values.astype(np.float64), FAMILY)
        dense = np.append(self._scale.scaled(seen.numbers), 1.0)
        return places, values, dense


class Lessons:
    """Answers of all models in the form in which heads are fitted."""

    def __init__(self, answers: Sequence[Answered], base: Mapping[str, float]) -> None:
        """Take the answers, and the log-odds each model is known for."""
        self._scale = Scale([each.seen for each in answers])
        self._rows = Rows.of([each.seen for each in answers], self._scale)
        self.base = base
        self.models = np.array([each.model_id for each in answers])
        self.right = np.array([each.right for each in answers], np.float64)
        self.weights = np.array([each.weight for each in answers], np.float64)
        self.offset = np.array([base[each.model_id] for each in answers], np.float64)
        self.half = np.array([each.seen.mark % 2 for each in answers], np.int64)
        self.families = np.array([each.seen.family for each in answers])

    def fit(self, at: Order | None = None, start: Heads | None = None) -> Heads:
        """Return heads fitted to the answers at these places, or to all."""
        rows = self._rows if at is None else self._rows.take(at)
        at = np.arange(rows.count) if at is None else at
        right, weights, offset = self.right[at], self.weights[at], self.offset[at]
        begin = start.shared if start else None
        shared = fitted(rows, right, weights, SHARED_RIDGE, offset, begin)
        known = offset + rows.times(shared)
        own = {}
        for model in np.unique(self.models[at]):
            here = np.flatnonzero(self.models[at] == model)
            if len(here) < LEAST:
                continue
            some = rows.take(here)
            before = start.own.get(str(model)) if start else None
            found = fitted(
                some,
                right[here],
                weights[here],
                OWN_RIDGE,
                known[here],
                before.weights if before else None,
            )
            chance = sigmoid(known[here] + some.times(found))
            bends = OWN_RIDGE + some.bends(weights[here] * chance * (1 - chance))
            own[str(model)] = _Own(found, bends)
        return Heads(self._scale, self.base, shared, own)

    def fit_unseen(self) -> tuple[Vector, Heads | None]:
        """Return the log-odds of each answer from heads that have not seen its question.

        One half of the questions is told from the other; also returns one of those heads, to
        begin the search for those of all.
        """
        odds, heads = self.offset.copy(), None
        for half in (0, 1):
            learned, told = np.flatnonzero(self.half != half), np.flatnonzero(self.half == half)
            if not len(learned) or not len(told):
                continue
            heads = self.fit(learned, heads)
            odds[told] = self._odds(heads, told)
        return odds, heads

    def _odds(self, heads: Heads, at: Order) -> Vector:
        odds = self.offset[at] + self._rows.take(at).times(heads.shared)
        for model, own in heads.own.items():
            here = np.flatnonzero(self.models[at] == model)
            if len(here):
                odds[here] += self._rows.take(at[here]).times(own.weights)
        return odds
