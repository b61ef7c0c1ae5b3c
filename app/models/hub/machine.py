"""What this computer can do with a model: the memory it gives, how fast it reads, what is here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from app.domain.footprint import active_bytes
from app.domain.gguf import GgufError, GgufHeader, read_header
from app.domain.models import ModelSpec
from app.models.hub.verdict import Machine

# An engine reads weights about half as fast as memory can be copied, on two cores and on many.
_SHARE: Final = 0.5
# Smaller models stay near the processor; their speed says nothing of memory.
_TELLING: Final = 256 << 20

Pace = Callable[[ModelSpec], Awaitable[float | None]]


@dataclass(frozen=True)
class Sources:
    """Who is asked.

    `available` is the bytes models may have here, `models` are those that are installed, `pace`
    is how many tokens a second one of them wrote (None: not known), `bandwidth` measures how many
    bytes of memory move in a second; it takes a moment and runs in a thread.
    """

    available: Callable[[], int]
    models: Callable[[], Iterable[ModelSpec]]
    pace: Pace
    bandwidth: Callable[[], float]


class Surveyor:
    """Knows this computer. Owns the headers of installed models and the measured bandwidth."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[Path, tuple[tuple[int, int], GgufHeader]] = {}
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
        return await asyncio.to_thread(self._headers, models)

    async def _seen(self) -> list[float]:
        """Return the bytes of weights that large models read in a second when they wrote."""
        headers = await self.installed()
        found = []
        for model in self._sources.models():
            header = headers.get(model.name)
            read = active_bytes(header) if header is not None else 0
            if read >= _TELLING and (pace := await self._sources.pace(model)):
                found.append(read * pace)
        return found

    def _headers(self, models: Iterable[ModelSpec]) -> dict[str, GgufHeader]:
        found = ((model.name, self._header(model.path)) for model in models)
        return {name: header for name, header in found if header is not None}

    def _header(self, path: Path) -> GgufHeader | None:
        try:
            state = path.stat()
            stamp = (state.st_size, state.st_mtime_ns)
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                with path.open("rb") as file:
                    known = self._known[path] = (stamp, read_header(file, size=state.st_size))
        except (OSError, GgufError):
            return None
        return known[1]
