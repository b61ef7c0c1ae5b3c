"""One head per model: how likely it answers a question rightly, from hashed words and numbers.

What makes questions hard for all models is learned from all of them together; each model's own
head learns what is different with it. So a model of which little is known gains from the others,
and there is never a score for "needs a large one": that would depend on who is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.hashing import SIZE
from app.orchestration.router.seen import Seen
from app.orchestration.router.sparse import FAMILY, Rows, Scale, fitted

# How strongly weights are held to nothing; chosen on one half of a public trace.
SHARED_RIDGE: Final = 2.0
OWN_RIDGE: Final = 8.0
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
class _Entries:
    """A question as a row of the matrix, and the log-odds all models have in common."""

    seen: Seen
    places: Order
    values: Vector
    dense: Vector
    shared: float

    def times(self, weights: Vector) -> float:
        """Return row times weights."""
        return float(self.values @ weights[self.places]) + float(self.dense @ weights[SIZE:])


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
        self._last: _Entries | None = None

    def odds(self, seen: Seen, model_id: str, usual: float) -> float:
        """Return the log-odds of a right answer; `usual` are those of an unknown model."""
        entries = self._entries(seen)
        own = self.own.get(model_id)
        different = entries.times(own.weights) if own else 0.0
        return self._base.get(model_id, usual) + entries.shared + different

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
        entries = self._entries(answered.seen)
        places, values, dense = entries.places, entries.values, entries.dense
        bend = max(1e-3, chance * (1 - chance))
        loose, loose_dense = values / own.bends[places], dense / own.bends[SIZE:]
        reach = float(values @ loose) + float(dense @ loose_dense)
        step = answered.weight * (answered.right - chance) / (1 + bend * reach)
        np.add.at(own.weights, places, step * loose)
        own.weights[SIZE:] += step * loose_dense
        np.add.at(own.bends, places, answered.weight * bend * values**2)
        own.bends[SIZE:] += answered.weight * bend * dense**2

    def _entries(self, seen: Seen) -> _Entries:
        """Return a question as a row; the last one is kept, as all models are asked of it."""
        last = self._last
        if last is None or last.seen is not seen:
            places = np.append(seen.places.astype(np.int64), seen.family_place)
            values = np.append(seen.values.astype(np.float64), FAMILY)
            dense = np.append(self._scale.scaled(seen.numbers), 1.0)
            last = _Entries(seen, places, values, dense, 0.0)
            last = self._last = replace(last, shared=last.times(self.shared))
        return last


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

    def fit(self, start: Heads | None = None) -> Heads:
        """Return heads fitted to the answers; the search begins at those of before."""
        rows, right, weights, offset = self._rows, self.right, self.weights, self.offset
        begin = start.shared if start else None
        shared = fitted(rows, right, weights, SHARED_RIDGE, offset, begin)
        known = offset + rows.times(shared)
        own = {}
        for model in np.unique(self.models):
            here = np.flatnonzero(self.models == model)
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
