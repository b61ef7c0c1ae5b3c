"""What this computer can do with a model: the memory it gives, how fast it reads, what is here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from app.domain.footprint import active_bytes
from app.domain.gguf import GgufHeader
from app.domain.models import Measured, ModelSpec
from app.models.headers import Headers
from app.models.hub.verdict import Machine

# An engine reads weights about half as fast as memory can be copied, on two cores and on many.
_SHARE: Final = 0.5
# Smaller models stay near the processor; their speed says nothing of memory.
_TELLING: Final = 256 << 20

Meter = Callable[[ModelSpec], Awaitable[Measured | None]]


@dataclass(frozen=True)
class Sources:
    """Who is asked.

    `available` is the bytes models may have here, `models` are those that are installed, `meter`
    tells what was measured of one of them (None: nothing), `bandwidth` measures how many
    bytes of memory move in a second; it takes a moment and runs in a thread.
    """

    available: Callable[[], int]
    models: Callable[[], Iterable[ModelSpec]]
    meter: Meter
    bandwidth: Callable[[], float]


class Surveyor:
    """Knows this computer. Owns the measured bandwidth."""

    def __init__(self, sources: Sources, headers: Headers | None = None) -> None:
        self._sources = sources
        self._headers = headers or Headers()
        self._bandwidth: float | None = None

    async def machine(self) -> Machine:
        """Return what there is; what models really reached here beats what memory promises."""
        seen = await self._seen()
        if not seen and self._bandwidth is None:
            self._bandwidth = await asyncio.to_thread(self._sources.bandwidth)
        pace = median(seen) if seen else _SHARE * (self._bandwidth or 0.0)
        return Machine(self._sources.available(), pace or None)

    async def installed(self) -> Mapping[str, GgufHeader]:
        """Return the headers of installed models, by name; unreadable ones are left out."""
        models = [each for each in self._sources.models() if each.engine != "remote"]
        return await asyncio.to_thread(self._read, models)

    async def _seen(self) -> list[float]:
        """Return the bytes of weights that large models read in a second when they wrote."""
        headers = await self.installed()
        found: dict[str, float] = {}
        for model in self._sources.models():
            header = headers.get(model.name)
            read = active_bytes(header) if header is not None else 0
            told = await self._sources.meter(model) if read >= _TELLING else None
            if told is not None and told.decode_tokens_s:
                found[model.name] = read * told.decode_tokens_s
        return list(found.values())

    def _read(self, models: Iterable[ModelSpec]) -> dict[str, GgufHeader]:
        found = ((model.name, self._headers.of(model.path)) for model in models)
        return {name: header for name, header in found if header is not None}
