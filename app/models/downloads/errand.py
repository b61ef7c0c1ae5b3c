"""One download from the first question to verified files: all that the carrying thread does."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from app.domain.downloads import Part, Step, Wanted
from app.domain.errors import AppError, DiskFull, NotWritable, SourceUnfit
from app.models.downloads.faults import Changed, Hitch
from app.models.downloads.partfile import PartFile, Place, hash_of, require_free, require_space
from app.models.downloads.source import Authorise, Found, Source
from app.models.downloads.transfer import Means, Transfer
from app.models.downloads.verify import Repair
from app.platform.net import NetworkPolicy

T = TypeVar("T")

_PURPOSE = "downloads"
_MOST_ANEW = 3


@dataclass(slots=True)
class _Leg:
    """One file of the errand."""

    part: Part
    place: Place
    source: Source
    found: Found


class Errand:
    """Brings the files of one download. When `run` returns, all are verified part files."""

    def __init__(
        self, wanted: Wanted, policy: NetworkPolicy, authorise: Authorise, means: Means
    ) -> None:
        self._wanted = wanted
        self._policy = policy
        self._authorise = authorise
        self._means = means

    async def run(self) -> None:
        """Bring and verify every file.

        Raises:
            AppError: this will not heal by itself.
        """
        pace = self._means.pace
        limits = httpx.Timeout(pace.stall_s, connect=pace.connect_s, pool=None)
        pool = httpx.Limits(max_connections=None, max_keepalive_connections=pace.connections)
        with said_plainly(self._wanted.folder):
            async with self._policy.client(
                _PURPOSE, bulk=True, timeout=limits, limits=pool
            ) as client:
                legs = [await self._leg(client, part) for part in self._wanted.parts]
                await self._bring_all([leg for leg in legs if leg is not None])

    async def _leg(self, client: httpx.AsyncClient, part: Part) -> _Leg | None:
        """Return what is to be done for a file, or None when it is there already."""
        place = Place(self._wanted.folder / part.name)
        if part.sha256 is not None:
            there = await asyncio.to_thread(_is_there, place.target, part.sha256)
            if there:
                return None
        require_free(place.target)
        source = Source(client, part, self._authorise)
        return _Leg(part, place, source, await self._patiently(source.find))

    async def _bring_all(self, legs: list[_Leg]) -> None:
        self._means.gauge.total = sum(leg.found.size for leg in legs)
        with ExitStack() as open_files:
            files = await asyncio.to_thread(self._reserve, legs, open_files)
            before = 0
            for leg, file in zip(legs, files, strict=True):
                self._means.gauge.watch(before, file.pieces)
                await self._bring(leg, file, before, open_files)
                before += leg.found.size
            self._means.gauge.watch(before, None)

    def _reserve(self, legs: list[_Leg], open_files: ExitStack) -> list[PartFile]:
        """Open all files with room for all bytes, before one is fetched."""
        folder = self._wanted.folder
        folder.mkdir(parents=True, exist_ok=True)
        require_space(folder, sum(max(0, leg.found.size - leg.place.taken()) for leg in legs))
        files = []
        for leg in legs:
            file = self._opened(leg)
            open_files.callback(file.close)
            files.append(file)
        return files

    def _opened(self, leg: _Leg) -> PartFile:
        file = PartFile.resume(leg.place)
        if file is not None:
            pieces, found = file.pieces, leg.found
            if found.is_same(pieces.size, pieces.mark, proven=leg.part.sha256 is not None):
                return file
            file.close()
            self._means.tell(Step.FLOW, _ANEW)
        return PartFile.begin(leg.place, leg.found.size, leg.found.mark)

    async def _bring(self, leg: _Leg, file: PartFile, before: int, open_files: ExitStack) -> None:
        """Bring one file; where it changes at the server meanwhile, begin anew."""
        for _ in range(_MOST_ANEW):
            try:
                return await self._bring_once(leg, file)
            except Changed:
                self._means.tell(Step.FLOW, _ANEW)
                file.close()
                leg.found = await self._patiently(leg.source.find)
                file = await asyncio.to_thread(
                    PartFile.begin, leg.place, leg.found.size, leg.found.mark
                )
                open_files.callback(file.close)
                self._means.gauge.watch(before, file.pieces)
        raise SourceUnfit(
            f"The file at {leg.source.host} changes all the time.", remedy="Try again later."
        )

    async def _bring_once(self, leg: _Leg, file: PartFile) -> None:
        transfer = Transfer(leg.source, leg.found, file, self._means)
        await transfer.run()
        self._means.tell(Step.WHOLE, "")
        repair = Repair(leg.source, leg.found, file, self._means)
        if leg.part.sha256 is None:
            await repair.damaged()
        elif transfer.hash.hexdigest() != leg.part.sha256:
            mended = await repair.damaged()
            if not (mended and await asyncio.to_thread(_is_there, leg.place.part, leg.part.sha256)):
                await repair.compare(leg.part.sha256)
        await file.seal()

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer, or an error that will not heal."""
        tries = 0
        while True:
            try:
                found = await ask()
            except Hitch as hitch:
                tries += 1
                self._means.tell(Step.HITCH, hitch.reason)
                pace = self._means.pace
                await pace.sleep(pace.back_off(tries, hitch.wait_s))
            else:
                if tries:
                    self._means.tell(Step.FLOW, "")
                return found


_ANEW = "the file was changed at the server, so it is fetched anew"


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Turn what the file system says into what happened and what can be done."""
    try:
        yield
    except AppError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise DiskFull(
                f"The disk with {folder} is full.",
                remedy="Free some space, then try again. What was fetched is kept.",
            ) from error
        raise NotWritable(
            f"{folder} cannot be used: {error.strerror or error}.",
            remedy="Check the folder's rights and that its disk is there, then try again.",
        ) from error


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and hash_of(path) == sha256
