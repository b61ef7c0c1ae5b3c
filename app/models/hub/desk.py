"""Requests about the hub, from a terminal or another process: search, show, test."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.domain.hub import Sort
from app.models.hub.headers import HeaderReader
from app.models.hub.hub import PAGE_MOST, Hub
from app.models.hub.machine import Sources, Surveyor
from app.models.hub.prospects import Prospect, Prospector
from app.models.hub.wire import Wire


class SearchRequest(BaseModel):
    """Words to look for; `cursor` is that of the page before."""

    model_config = ConfigDict(extra="forbid")

    op: str
    text: str = ""
    sort: Sort = Sort.TRENDING
    cursor: str = ""
    limit: int = Field(20, ge=1, le=PAGE_MOST)


class ShowRequest(BaseModel):
    """One repository; `context` is the window that is wanted, 0 an ordinary one."""

    model_config = ConfigDict(extra="forbid")

    op: str
    repo: str
    context: int = Field(0, ge=0, le=1 << 31)
    card: bool = False


class ReachRequest(BaseModel):
    """Asks whether the hub can be reached."""

    model_config = ConfigDict(extra="forbid")

    op: str


class HubDesk:
    """Answers requests about the hub with plain data."""

    def __init__(self, hub: Hub, prospector: Prospector) -> None:
        self._hub = hub
        self._prospector = prospector

    @classmethod
    def over(cls, wire: Wire, sources: Sources) -> "HubDesk":
        """Return a desk for the hub behind `wire`, on the computer that `sources` tell of."""
        hub = Hub(wire)
        return cls(hub, Prospector(hub, HeaderReader(wire), Surveyor(sources)))

    def queries(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]]:
        """Return what can be asked, by operation."""
        return {
            "models search": self.search,
            "models show": self.show,
            "models connection": self.reach,
        }

    async def search(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what was found.

        Raises:
            HubError: the hub did not answer.
        """
        asked = SearchRequest.model_validate(request)
        page = await self._hub.search(
            asked.text, sort=asked.sort, cursor=asked.cursor, limit=asked.limit
        )
        return asdict(page)

    async def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return a repository: its models with a verdict each, and its card if that is wanted.

        Raises:
            HubError: it is not there, or the hub did not answer.
        """
        asked = ShowRequest.model_validate(request)
        found = await self._prospector.look(asked.repo, asked.context)
        answer = asdict(found.model) | {"files": [_plain(each) for each in found.prospects]}
        if asked.card:
            answer["card"] = await self._hub.card(found.model)
        return answer

    async def reach(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return where the hub is and who we are there.

        Raises:
            HubError: it cannot be reached, or does not know our token.
        """
        ReachRequest.model_validate(request)
        return asdict(await self._hub.reach())


def _plain(prospect: Prospect) -> dict[str, Any]:
    bundle = prospect.bundle
    return {
        "label": bundle.label,
        "kind": bundle.kind,
        "quantisation": bundle.quantisation,
        "size": bundle.size,
        "parts": [asdict(file) for file in bundle.files],
        "verdict": asdict(prospect.verdict) if prospect.verdict else None,
        "profile": asdict(prospect.profile) if prospect.profile else None,
        "drafts_for": list(prospect.drafts_for),
        "looked_at": prospect.looked_at,
        "problem": prospect.problem,
    }
