"""What can be asked of the builds through the private door."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.domain.builds import Build, BuildKind, Offer
from app.models.builds.matching import Host
from app.models.builds.service import EngineBuilds
from app.models.downloads.desk import as_message

Message = dict[str, Any]
Query = Callable[[Message], Awaitable[Message]]


class BuildRequest(BaseModel):
    """Something about builds; `name` is an id or how it begins.

    `here` lists only what is here; `anyway` takes also what nobody names a hash of.
    """

    model_config = ConfigDict(extra="forbid")

    op: str
    name: str = ""
    kind: BuildKind = BuildKind.SERVER
    here: bool = False
    anyway: bool = False


class BuildsDesk:
    """Answers about builds of the engine."""

    def __init__(self, engines: EngineBuilds) -> None:
        self._engines = engines

    def queries(self) -> dict[str, Query]:
        """Return what can be asked, by operation."""
        return {
            "engines list": self._list,
            "engines order": self._order,
            "engines install": self._install,
            "engines use": self._use,
            "engines rollback": self._roll_back,
            "engines remove": self._remove,
        }

    async def _list(self, request: Message) -> Message:
        book = self._engines.shelf.book
        told: Message = {
            "computer": str(Host.here()),
            "builds": [self._build(each) for each in book.builds],
            "offers": [],
            "reasons": [],
        }
        if not BuildRequest.model_validate(request).here:
            found = await self._engines.offers()
            told["offers"] = [offer(each) for each in found.offers]
            told["reasons"] = list(found.reasons)
        return told

    async def _order(self, request: Message) -> Message:
        asked = BuildRequest.model_validate(request)
        download = await self._engines.order(asked.name, anyway=asked.anyway)
        if download is None:
            return {"id": self._engines.shelf.named(asked.name).id, "download": None}
        return {"id": download.label, "download": as_message(download)}

    async def _install(self, request: Message) -> Message:
        return self._build(await self._engines.install(BuildRequest.model_validate(request).name))

    async def _use(self, request: Message) -> Message:
        return self._build(self._engines.use(BuildRequest.model_validate(request).name))

    async def _roll_back(self, request: Message) -> Message:
        kind = BuildRequest.model_validate(request).kind
        good = self._engines.shelf.roll_back(kind)
        return {"kind": kind.value, "build": self._build(good) if good else None}

    async def _remove(self, request: Message) -> Message:
        build, freed = self._engines.remove(BuildRequest.model_validate(request).name)
        return {"id": build.id, "freed": freed}

    def _build(self, build: Build) -> Message:
        book = self._engines.shelf.book
        return {
            **build.model_dump(mode="json", exclude={"assets", "proven"}),
            "in_use": book.used.get(build.kind) == build.id,
            "folder": str(self._engines.shelf.home(build)),
        }


def offer(found: Offer) -> Message:
    """Return an offer as plain JSON can hold it."""
    return {**found.model_dump(mode="json"), "size": found.size, "hashed": found.hashed}
