"""What can be asked of the queue through the private door."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.domain.downloads import ENDED, Download, State
from app.domain.errors import DownloadMissing, RequestInvalid
from app.domain.events import DownloadChanged
from app.models.downloads.service import Downloads
from app.models.ordering import Order
from app.platform.bus import Bus

Message = dict[str, Any]
Query = Callable[[Message], Awaitable[Message]]

# Who watches a download is answered when something changed, or after this time.
_LOOK_S = 5.0


class DownloadsDesk:
    """Answers about downloads; `order` puts what somebody names into the queue."""

    def __init__(
        self, downloads: Downloads, bus: Bus, order: Callable[[Order], Awaitable[Download]]
    ) -> None:
        self._downloads = downloads
        self._bus = bus
        self._order = order

    def queries(self) -> dict[str, Query]:
        """Return what can be asked, by operation."""
        return {
            "pull": self._pull,
            "downloads": self._list,
            "download": self._do,
            "watch download": self._watch,
        }

    async def _pull(self, request: Message) -> Message:
        folder = Path(str(request["to"])) if request.get("to") else None
        sha256 = str(request["sha256"]) if request.get("sha256") else None
        order = Order(str(request["what"]), sha256, folder)
        return as_message(await self._order(order))

    async def _list(self, _: Message) -> Message:
        return {"downloads": [as_message(each) for each in self._downloads.all]}

    async def _do(self, request: Message) -> Message:
        wishes = {
            "pause": self._downloads.pause,
            "resume": self._downloads.resume,
            "cancel": self._downloads.cancel,
            "retry": self._downloads.retry,
        }
        wish = wishes.get(str(request.get("do")))
        if wish is None:
            raise RequestInvalid("This request is not understood.", remedy="Update Echelon.")
        return as_message(await wish(self._named(request).id))

    async def _watch(self, request: Message) -> Message:
        """Answer with how a download is, once that is something new or it has come to rest."""
        download = self._named(request)
        if download.state in ENDED | {State.PAUSED} or request.get("seen") != download.state:
            return as_message(download)
        changed = asyncio.Event()

        def hear(event: DownloadChanged) -> None:
            if event.download.id == download.id:
                changed.set()

        leave = self._bus.on(DownloadChanged, hear)
        try:
            async with asyncio.timeout(_LOOK_S):
                await changed.wait()
        except TimeoutError:
            pass
        finally:
            leave()
        return as_message(self._downloads.one(download.id))

    def _named(self, request: Message) -> Download:
        """Return the one download whose id begins as told."""
        start = str(request.get("id", ""))
        found = [each for each in self._downloads.all if start and each.id.startswith(start)]
        if len(found) != 1:
            raise DownloadMissing(
                f"{'More than one' if found else 'No'} download has an id that begins with "
                f"“{start}”.",
                remedy="`echelon models downloads` lists them.",
            )
        return found[0]


def as_message(download: Download) -> Message:
    """Return a download as plain JSON can hold it."""
    return {**asdict(download), "folder": str(download.folder)}
