"""How fast all downloads together may be: as the user said last, until then as the settings say."""

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from app.domain.errors import NotWritable
from app.domain.events import DownloadLimitChanged
from app.models.downloads.service import Downloads
from app.platform.bus import Bus
from app.platform.paths import write_private

log = logging.getLogger(__name__)

MB: Final = 1e6
# In megabytes a second; more is no limit at all.
MOST_MB: Final = 100_000.0
_KEY: Final = "limit_mb"


class LimitRequest(BaseModel):
    """Asks for the limit; with `mb`, it is that from now on, in megabytes a second (0: none)."""

    model_config = ConfigDict(extra="forbid")

    op: str
    mb: float | None = Field(None, ge=0, le=MOST_MB, allow_inf_nan=False)


class Allowance:
    """Owns the speed limit. Window and terminal set it here; running downloads follow at once."""

    def __init__(self, downloads: Downloads, file: Path, usual_mb: float, bus: Bus) -> None:
        """Limit downloads as it was said last.

        Args:
            downloads: who is limited.
            file: where the limit is kept.
            usual_mb: what counts until somebody has said something, 0 for no limit.
            bus: told about every change.
        """
        self._downloads = downloads
        self._file = file
        self._bus = bus
        self._writing = asyncio.Lock()
        kept = _kept(file)
        self._mb = usual_mb if kept is None else kept
        downloads.limit(self._mb * MB or None)

    @property
    def mb(self) -> float:
        """Megabytes a second, 0 for no limit."""
        return self._mb

    async def set(self, mb: float) -> None:
        """Limit all downloads from now on, also after the next start.

        Raises:
            NotWritable: it counts, but could not be kept.
        """
        if mb != self._mb:
            self._mb = mb
            self._downloads.limit(mb * MB or None)
            self._bus.publish(DownloadLimitChanged(mb))
        try:
            async with self._writing:
                await asyncio.to_thread(write_private, self._file, json.dumps({_KEY: self._mb}))
        except OSError as error:
            raise NotWritable(
                f"The limit counts until Echelon ends; it could not be kept: {error.strerror}.",
                remedy=f"Check the free space and your right to write {self._file}.",
            ) from error

    def queries(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]]:
        """Return what can be asked, by operation."""
        return {"download limit": self.answer}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the limit, after it was set if that was asked.

        Raises:
            NotWritable: it counts, but could not be kept.
        """
        asked = LimitRequest.model_validate(request)
        if asked.mb is not None:
            await self.set(asked.mb)
        return {"mb": self._mb}


def _kept(file: Path) -> float | None:
    """Return the limit of an earlier run; None if there is none that can be used."""
    try:
        found = float(json.loads(file.read_text("utf-8"))[_KEY])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        log.info("the speed limit of earlier is not used: %s", error)
        return None
    return found if math.isfinite(found) and 0 <= found <= MOST_MB else None
