"""Asks every service what it does, so that nothing is off without anybody knowing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.domain.doctor import Condition, Mechanism
from app.orchestration.failopen import advised

Source = Callable[[], Iterable[Mechanism]]


class Doctor:
    """Collects what services say of themselves; one that cannot say anything is off."""

    def __init__(self, sources: Sequence[tuple[str, Source]]) -> None:
        """Take the sources, each with the area it speaks of."""
        self._sources = sources

    def report(self) -> list[Mechanism]:
        """Return all mechanisms, area by area."""
        found = [each for area, source in self._sources for each in _asked(area, source)]
        places = {each.area: at for at, each in reversed(list(enumerate(found)))}
        return sorted(found, key=lambda each: places[each.area])

    async def answer(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"mechanisms": [each.model_dump(mode="json") for each in self.report()]}


def _asked(area: str, source: Source) -> list[Mechanism]:
    broken = Mechanism(area=area, name=area, condition=Condition.OFF, reason="it cannot be asked")
    return advised(lambda: list(source()), [broken], f"the report of {area}")


def lines(answer: dict[str, Any]) -> list[str]:
    """Return a report as lines for a terminal."""
    found = [Mechanism.model_validate(each) for each in answer["mechanisms"]]
    width = max((len(each.name) for each in found), default=0)
    told: list[str] = []
    area = ""
    for each in found:
        if each.area != area:
            told.append(each.area)
            area = each.area
        reason = f"  {each.reason}" if each.reason else ""
        told.append(f"  {each.condition.value:<9}  {each.name:<{width}}{reason}".rstrip())
    return told
