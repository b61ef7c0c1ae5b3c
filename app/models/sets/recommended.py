"""A set for this computer, from the choice over the downloads to the registry."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.domain.downloads import Download
from app.domain.errors import ModelMissing
from app.domain.shelf import Item
from app.models.editing import RegistryEditor
from app.models.live import LiveRoster
from app.models.ordering import Order, Orders
from app.models.sets.adopting import Adoption
from app.models.sets.catalogue import Entry
from app.models.sets.choosing import Chooser, Plan
from app.models.sets.desk import SetDesk
from app.models.shelf.shelf import Shelf
from app.platform.paths import Paths


@dataclass(frozen=True, slots=True)
class Part:
    """One model of a set; `path` is its file, or None while it is not here."""

    entry: Entry
    path: Path | None

    def belongs(self, download: Download) -> bool:
        """Whether a download brings this part."""
        return self.entry.file in download.names


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a set is: its models, and whether the registry has all of them in their roles."""

    parts: tuple[Part, ...]
    in_use: bool = False

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is not here yet."""
        return tuple(part for part in self.parts if part.path is None)


class Recommended:
    """Joins sets, library, orders and registry; owns nothing."""

    def __init__(
        self,
        desk: SetDesk,
        shelf: Shelf,
        orders: Orders,
        editor: RegistryEditor,
        roster: LiveRoster,
        paths: Paths,
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._orders = orders
        self._editor = editor
        self.roster = roster
        self._paths = paths

    async def chooser(self) -> Chooser:
        """Return who chooses for this computer.

        Raises:
            StorageCorrupt: the catalogue cannot be read.
        """
        return await self._desk.chooser()

    async def standing(self, plan: Plan) -> Standing:
        """Return how far a set is.

        Raises:
            StorageError: the library cannot be looked through.
            RegistryInvalid: the registry cannot be followed.
        """
        items = (await self._shelf.survey()).items
        parts = tuple(Part(entry, _path(entry, items)) for entry in plan.files)
        held = {part.entry.name: part.path for part in parts if part.path is not None}
        if len(held) < len(parts):
            return Standing(parts)
        adoption, _ = await asyncio.to_thread(self._adoption)
        return Standing(parts, adoption.in_use(plan, held))

    async def order(self, part: Part) -> Download:
        """Queue what is missing of a set.

        Raises:
            HubError: the hub has it no more, or did not answer.
            DownloadError: the queue cannot take it.
        """
        return await self._orders.order(Order(f"{part.entry.repository}:{part.entry.file}"))

    async def use(self, plan: Plan) -> None:
        """Give the roles of a set their models, from the next turn on; a backup is kept.

        Raises:
            ModelMissing: not all of them are here.
            RegistryChanged: somebody else has changed the registry in this moment.
            RegistryInvalid: it cannot be followed or written.
        """
        standing = await self.standing(plan)
        if standing.missing:
            names = ", ".join(part.entry.name for part in standing.missing)
            raise ModelMissing(f"Not here yet: {names}.", remedy="Get them first.")
        held = {part.entry.name: part.path for part in standing.parts if part.path is not None}
        adoption, revision = await asyncio.to_thread(self._adoption)
        await self.roster.apply(list(adoption.changes(plan, held)), revision)

    def _adoption(self) -> tuple[Adoption, str]:
        sheet = self._editor.sheet()
        adoption = Adoption(sheet.registry, self._editor.preview(()), self._paths)
        return adoption, sheet.revision


def _path(entry: Entry, items: Iterable[Item]) -> Path | None:
    """Return the file of a model that can be used, wherever in the library it is."""
    found = (each.path for each in items if each.path.name == entry.file and not each.problem)
    return next(found, None)
