"""Brings builds here: ordered, downloaded, unpacked, sealed, tried on a starter model, used."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from app.domain.builds import (
    Build,
    BuildKind,
    BuildMissing,
    BuildStands,
    BuildUnproven,
    Offer,
    Offers,
)
from app.domain.downloads import ENDED, Download, Part, State, Wanted
from app.domain.errors import AppError, DownloadError, EngineUnfit, NotWritable
from app.domain.events import DownloadChanged
from app.engines.llama_server.builds import PROGRAM
from app.models.builds.shelf import BuildShelf, entrance, seal
from app.models.builds.unpack import unpack
from app.models.downloads.partfile import hash_of
from app.models.downloads.service import Downloads
from app.platform.bus import Bus

_NEW: Final = ".new"

# Tries a build in a folder on a starter model; raises AppError where it does not work.
Trial = Callable[[BuildKind, Path], Awaitable[None]]


class Lists(Protocol):
    """Who knows what can be had."""

    async def offers(self) -> Offers:
        """Return all that can be had."""

    async def proven(self, offer: Offer) -> Offer:
        """Return an offer with the hashes that its publisher names elsewhere."""


@dataclass(frozen=True, slots=True)
class BuildGround:
    """What the service stands on."""

    shelf: BuildShelf
    listing: Lists
    downloads: Downloads
    bus: Bus
    trial: Trial


class EngineBuilds:
    """All that can be done with builds. One thing at a time is unpacked or tried."""

    def __init__(self, ground: BuildGround) -> None:
        self._ground = ground
        self.shelf = ground.shelf
        self._at_work = asyncio.Lock()

    async def offers(self) -> Offers:
        """Return what can be had for this computer, and in words what cannot."""
        return await self._ground.listing.offers()

    async def order(self, name: str, *, anyway: bool = False) -> Download | None:
        """Queue the files of an offer; None where the build is here already.

        Args:
            name: the offer's id, or how it begins.
            anyway: take it also where its publisher names no hash.

        Raises:
            BuildMissing: there is no such offer, or more than one.
            BuildUnproven: nobody says what its bytes have to be.
            BuildsUnlisted: who might say so could not be asked.
            DownloadError: the queue cannot take it.
        """
        if self.shelf.book.find(name) is not None:
            return None
        offer = _one(await self.offers(), name)
        if self.shelf.book.find(offer.id) is not None:
            return None
        if not anyway:
            offer = await self._ground.listing.proven(offer)
        if not offer.hashed and not anyway:
            raise BuildUnproven(
                f"Nobody says which hash {offer.id} must have.",
                remedy="`--without-hash` takes it as it comes; its own hash is kept from then on.",
            )
        await self._note(offer)
        parts = tuple(
            Part(each.url, each.name, each.size, each.sha256 or None) for each in offer.assets
        )
        return await self._ground.downloads.add(Wanted(offer.id, self._archives(offer), parts))

    async def install(self, name: str) -> Build:
        """Unpack what was downloaded, try it, and use it from the next start of an engine on.

        A build that is here is tried again.

        Raises:
            BuildError: nothing of that name was ordered, or what came cannot be used.
            EngineError: it does not work on this computer; it stays, and can be tried again.
        """
        async with self._at_work:
            build = self.shelf.book.find(name) or await self._unpacked(self._ordered(name))
            if not await self.shelf.is_sound(build):
                raise BuildStands(
                    f"The files of {build.id} are not what they were.",
                    remedy=f"`echelon engines rm {build.id}`, then get it again.",
                )
            return await self._tried(build)

    async def get(self, name: str, *, anyway: bool = False) -> Build:
        """Order a build, wait for it, and install it; raises what these two raise."""
        download = await self.order(name, anyway=anyway)
        if download is None:
            return await self.install(self._here(name))
        await self._arrived(download)
        return await self.install(download.label)

    def use(self, name: str) -> Build:
        """Use a build that is here from the next start of an engine on.

        Raises:
            BuildError: there is none, or it does not work here.
        """
        build = self.shelf.named(name)
        self.shelf.use(build)
        return build

    def remove(self, name: str) -> tuple[Build, int]:
        """Delete a build and return it with the bytes that came free.

        Raises:
            BuildError: there is none, or it is in use.
        """
        build = self.shelf.named(name)
        return build, self.shelf.remove(build)

    def _archives(self, offer: Offer) -> Path:
        return self.shelf.folder / "archives" / offer.id

    def _here(self, name: str) -> str:
        return self.shelf.named(name).id

    async def _note(self, offer: Offer) -> None:
        """Remember what is on its way: another run of the program may unpack it."""
        book = self.shelf.book
        ordered = tuple(each for each in book.ordered if each.id != offer.id)
        self.shelf.write(book.model_copy(update={"ordered": (*ordered, offer)}))

    def _ordered(self, name: str) -> Offer:
        for offer in self.shelf.book.ordered:
            if offer.id == name:
                return offer
        raise BuildMissing(
            f"No build “{name[:80]}” was ordered.", remedy="`echelon engines list` shows all."
        )

    async def _arrived(self, download: Download) -> None:
        """Wait for a download.

        Raises:
            DownloadError: it came to rest without its files.
        """
        ended: asyncio.Future[Download] = asyncio.get_running_loop().create_future()

        def hear(event: DownloadChanged) -> None:
            at_rest = event.download.state in ENDED | {State.PAUSED}
            if event.download.id == download.id and at_rest and not ended.done():
                ended.set_result(event.download)

        leave = self._ground.bus.on(DownloadChanged, hear)
        try:
            now = self._ground.downloads.one(download.id)
            found = now if now.state in ENDED | {State.PAUSED} else await ended
        finally:
            leave()
        if found.state is not State.DONE:
            raise DownloadError(
                found.message or f"The download of {found.label} is {found.state}.",
                remedy=found.remedy or "Resume it, then get the build again.",
            )

    async def _unpacked(self, offer: Offer) -> Build:
        home = self.shelf.folder / offer.id
        fresh = home.with_name(home.name + _NEW)
        try:
            build = await asyncio.to_thread(_unpack, offer, self._archives(offer), fresh)
            await asyncio.to_thread(_settle, fresh, home)
        except OSError as error:
            raise NotWritable(
                f"{offer.id} could not be unpacked: {error.strerror or error}.",
                remedy="Check the free space and your right to write there.",
            ) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)
            await asyncio.to_thread(shutil.rmtree, self._archives(offer), ignore_errors=True)
            book = self.shelf.book
            left = tuple(each for each in book.ordered if each.id != offer.id)
            self.shelf.write(book.model_copy(update={"ordered": left}))
        self.shelf.put(build)
        return build

    async def _tried(self, build: Build) -> Build:
        """Let a build show that it works, write down how that went, and use it if it does."""
        try:
            await self._ground.trial(build.kind, self.shelf.entrance(build))
        except AppError as error:
            if self.shelf.book.used.get(build.kind) == build.id:
                self.shelf.take_back(build, f"it failed its trial: {error.message}")
            else:
                changed = {"usable": False, "why": error.message}
                self.shelf.put(build.model_copy(update=changed))
            raise EngineUnfit(
                f"{build.id} does not work on this computer: {error.message}",
                remedy="It is not used. Choose another build, or mend what is said and get it "
                "again: it is tried anew.",
            ) from error
        tried = build.model_copy(update={"usable": True, "why": ""})
        self.shelf.put(tried)
        self.shelf.use(tried)
        return tried


def _one(offers: Offers, name: str) -> Offer:
    """Return the one offer that a name means.

    Raises:
        BuildMissing: there is none, or more than one.
    """
    exact = [each for each in offers.offers if each.id == name]
    found = exact or [each for each in offers.offers if name and each.id.startswith(name)]
    if len(found) != 1:
        ids = ", ".join(each.id for each in (found or offers.offers))
        raise BuildMissing(
            f"{'More than one' if found else 'No'} build to be had is called “{name[:80]}”.",
            remedy=f"There are: {ids}." if ids else " ".join(offers.reasons),
        )
    return found[0]


def _unpack(offer: Offer, archives: Path, fresh: Path) -> Build:
    """Unpack all files of an offer into one folder and seal it."""
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    size, assets = 0, []
    for number, asset in enumerate(offer.assets):
        file = archives / asset.name
        if not file.is_file():
            raise BuildMissing(
                f"{asset.name} of {offer.id} is not here.", remedy="Get the build again."
            )
        part = fresh if not number else fresh / f"more-{number}"
        part.mkdir(exist_ok=True)
        size += unpack(file, part)
        assets.append(asset.model_copy(update={"sha256": hash_of(file)}))
    _join(fresh, len(offer.assets))
    _require_engine(offer, fresh)
    return Build(
        id=offer.id,
        kind=offer.kind,
        backend=offer.backend,
        version=offer.version,
        seal=seal(fresh),
        size=size,
        assets=tuple(assets),
    )


def _join(fresh: Path, count: int) -> None:
    """Put what else a build needs beside its program, where the system looks for it."""
    beside = entrance(BuildKind.SERVER, fresh)
    for number in range(1, count):
        part = fresh / f"more-{number}"
        for file in sorted(each for each in part.rglob("*") if each.is_file()):
            target = beside / file.name
            if not target.exists():
                file.replace(target)
        shutil.rmtree(part)


def _require_engine(offer: Offer, fresh: Path) -> None:
    folder = entrance(offer.kind, fresh)
    wanted = PROGRAM if offer.kind is BuildKind.SERVER else "*llama.*"
    if not any(folder.glob(wanted)):
        raise BuildMissing(
            f"There is no engine inside {offer.assets[0].name}.", remedy="Choose another build."
        )


def _settle(fresh: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    fresh.replace(home)
