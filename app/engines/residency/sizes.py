"""How much memory a model takes: forecast from its files, corrected by what was measured."""

import asyncio
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from app.domain.models import Measured, ModelSpec
from app.engines.residency.forecast import Forecast, fingerprint, forecast
from app.engines.residency.records import Record, Records
from app.platform.memory import Usage

# How fast a model is read from a disk, where its load was not measured yet.
_BYTES_PER_S: Final = 500e6
_START_S: Final = 0.5
# A process that holds so much of its weights' size more than expected has copied them.
_COPIED_SHARE: Final = 0.25
# Forecasts of one kind of model err alike, but nobody errs by more than this: half, or twice.
_LEAST: Final = -0.5
_MOST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """The memory of one model, in bytes, and how long its load takes.

    `bytes` is what is to be promised; `seen` what was measured since its load, 0 for nothing yet.
    `copied` are weights that its process had taken over from their file when it was loaded.
    """

    key: str
    forecast: Forecast
    bytes: int
    reload_s: float
    seen: int = 0
    copied: int = 0

    @property
    def predicted(self) -> int:
        """What the headers say."""
        return self.forecast.weights + self.forecast.beside


class Sizes:
    """Knows the sizes of models. Owns what was measured of them."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[str, Record] | None = None
        self._forecasts: dict[str, Forecast] = {}

    async def of(self, model: ModelSpec) -> Size:
        """Return what the model will take, by the best knowledge there is."""
        known = await self._all()
        key = fingerprint(model)
        expected = self._forecasts.get(key)
        if expected is None:
            expected = self._forecasts[key] = await asyncio.to_thread(forecast, model)
        predicted = expected.weights + expected.beside
        record = known.get(key)
        if record is not None:
            return Size(key, expected, record.measured, record.load_s)
        told = model.measured or Measured.model_validate({})
        corrected = told.bytes or self._corrected(expected.kind, predicted)
        load_s = _START_S + predicted / _BYTES_PER_S if told.load_s is None else told.load_s
        return Size(key, expected, corrected, load_s)

    async def seen(self, model: ModelSpec) -> Record | None:
        """Return what was measured of a model on this computer, if it was ever loaded."""
        return (await self._all()).get(fingerprint(model))

    async def _all(self) -> dict[str, Record]:
        """Return everything that was measured, since the start or before."""
        if self._known is None:
            found = await self._records.load()
            self._known = self._known or found
        return self._known

    async def loaded(self, size: Size, usage: Usage, load_s: float) -> Size:
        """Return the size, corrected by what a process holds that has just become ready."""
        expected = size.forecast
        grown = replace(size, copied=_copied(expected, usage))
        # Its buffers are there, but the pages that no evaluation has needed yet come later.
        more = usage.own - grown.copied - (expected.beside - expected.untouched)
        seen = needed(grown, usage) + expected.untouched - max(0, min(expected.untouched, more))
        corrected = replace(grown, bytes=seen, seen=seen, reload_s=load_s)
        await self._keep(corrected)
        return corrected

    async def leaves(self, size: Size, usage: Usage) -> None:
        """Learn from what a process holds that has done its work."""
        seen = needed(size, usage)
        if size.seen and seen > size.seen:
            await self._keep(replace(size, seen=seen))

    def _corrected(self, kind: str, predicted: int) -> int:
        """Return a forecast less the error of others of its kind.

        A small model errs by bytes that all processes have, a large one by a share: so by how much
        others were off and in what proportion both tell, and what changes less is believed.
        """
        assert self._known is not None
        seen = [each for each in self._known.values() if each.kind == kind]
        if not seen:
            return predicted
        more = median(each.measured - each.predicted for each in seen)
        share = median(each.measured / each.predicted for each in seen) - 1
        off = min(more, predicted * share, key=abs)
        return int(predicted + max(_LEAST * predicted, min(_MOST * predicted, off)))

    async def _keep(self, size: Size) -> None:
        record = Record(size.key, size.forecast.kind, size.predicted, size.seen, size.reload_s)
        assert self._known is not None
        self._known[size.key] = record
        await self._records.save(record)


def needed(size: Size, usage: Usage) -> int:
    """Return the bytes a process needs to work well.

    Weights that were copied into another form are its own; their pages of the file may go. What
    was not copied is read from the mapped file and has to stay.
    """
    mapped = max(0, size.forecast.weights - size.copied)
    return usage.own + min(mapped, max(0, usage.resident - usage.own))


def _copied(expected: Forecast, usage: Usage) -> int:
    """Return the weights a process has copied: what it holds that can be nothing else."""
    more = usage.own - (expected.beside - expected.untouched)
    sure = more - expected.untouched >= _COPIED_SHARE * expected.weights
    return more if sure else 0
