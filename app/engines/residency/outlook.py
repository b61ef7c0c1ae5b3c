"""What it would take to have a model in memory: whether it fits, its load, and who has to leave."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.amounts import in_words
from app.domain.models import ModelSpec
from app.engines.residency.place import Phase
from app.engines.residency.policy import choose
from app.engines.residency.residency import Residency
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Size, Sizes


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a model stands to memory now.

    `load_s`: seconds until it is ready, None where nobody knows. `debt_s`: seconds that others
    will wait, by expectation, because they have to leave for it. `why_not`: why it cannot be
    loaded at all, in words. `ahead`: turns that will use it before, one after the other.
    """

    resident: bool = True
    load_s: float | None = None
    debt_s: float = 0.0
    why_not: str = ""
    ahead: float = 0.0


ELSEWHERE: Final = Outlook()


class Outlooks:
    """Answers at once, from what is known: it measures nothing and waits for nobody."""

    def __init__(
        self, residency: Residency, sizes: Sizes, scales: Scales, *, anyway: bool = False
    ) -> None:
        """Look at the places of `residency`; `anyway` loads also what does not fit."""
        self._anyway = anyway
        self._residency = residency
        self._sizes = sizes
        self._scales = scales
        self._known: dict[str, Size] = {}
        self._limit = 0

    async def survey(self, models: Iterable[ModelSpec]) -> None:
        """Find out how large these models are; before that, everything is taken to fit."""
        self._limit = self._scales.limit(self._scales.gauge())
        for model in models:
            if model.engine != "remote":
                self._known[model.name] = await self._sizes.of(model)

    def of(self, model: ModelSpec) -> Outlook:
        """Return how a model stands to memory."""
        if model.engine == "remote":
            return ELSEWHERE
        places = {place.model.name: place for place in self._residency.places}
        current = {name: place for name, place in places.items() if not place.outdated}
        self._known.update((name, place.size) for name, place in current.items())
        place = current.get(model.name)
        ahead = self._residency.ahead(model.name)
        if place is not None and place.phase is Phase.READY:
            return Outlook(ahead=ahead)
        size = self._known.get(model.name)
        if size is None or not self._limit:
            return Outlook(resident=False, ahead=ahead)
        others = [each for name, each in places.items() if name != model.name]
        staying = sum(each.size.bytes for each in others if each.pinned)
        if size.bytes > self._limit - staying and not (self._anyway or model.load_anyway):
            least = in_words(size.bytes)
            return Outlook(False, size.reload_s, 0.0, f"it needs {least} of memory")
        missing = size.bytes + sum(each.size.bytes for each in others) - self._limit
        now = asyncio.get_running_loop().time()
        victims = choose((each.stake(now) for each in others if not each.pinned), missing) or ()
        debt = sum(stake.worth for stake in victims)
        return Outlook(False, size.reload_s, debt, ahead=ahead)
