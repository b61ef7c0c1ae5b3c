"""The library as a service: a survey of all models, and what a person may do with them."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.domain.errors import AppError, ModelMissing, RequestInvalid
from app.domain.names import printable
from app.domain.shelf import Folder, FolderState, Found, Item, Origin, Survey, called
from app.models.identity import Identities
from app.models.shelf.bringing import Brought, beside, bring, require_usable
from app.models.shelf.checking import Check, OnRead, check
from app.models.shelf.places import adopted
from app.models.shelf.reading import Reader, keys_of
from app.models.shelf.records import Row, ShelfRecords
from app.models.shelf.removal import Removal, Removals
from app.models.shelf.scan import scan, used, wasted
from app.models.shelf.walk import is_model_file
from app.platform.threads import GoOn, in_thread

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where the library begins: our folder, the shipped models, and the user's surroundings."""

    own: Path
    shipped: Path
    home: Path
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overview:
    """The library as a person looks at it.

    `roles` tells by the file that is loaded who uses a model; `used` are all bytes on disk, and
    `wasted` those that copies take beyond the first.
    """

    survey: Survey
    roles: Mapping[Path, tuple[str, ...]]
    used: int
    wasted: int


class Shelf:
    """Owns the library. Files are only looked at in threads; one survey at a time."""

    def __init__(
        self,
        grounds: Grounds,
        records: ShelfRecords,
        identities: Identities,
        removals: Removals,
        clock: Callable[[], float],
    ) -> None:
        """Join what the library stands on.

        Args:
            grounds: where to look.
            records: what is kept in the database.
            identities: ids of models.
            removals: deletes, in two steps.
            clock: seconds, for the order in which folders were added.
        """
        self._grounds = grounds
        self._records = records
        self._identities = identities
        self._removals = removals
        self._clock = clock
        self._surveying = asyncio.Lock()

    async def survey(self) -> Survey:
        """Look through all folders; what has not changed since the last time is not opened.

        Raises:
            StorageError: the list of folders cannot be read.
        """
        async with self._surveying:
            folders = await self._folders()
            known = await self._records.rows()
            reader = Reader(self._identities, known)
            found = await in_thread(lambda go_on: scan(folders, reader, go_on))
            await self._records.keep(reader.fresh, _gone(known, found))
            return found

    async def overview(self) -> Overview:
        """Look through all folders, and tell what it comes to.

        Raises:
            StorageError: the list of folders cannot be read.
        """
        survey = await self.survey()

        def work(_: GoOn) -> Overview:
            items = survey.items
            roles = {item.path: self._removals.roles(item) for item in items}
            return Overview(survey, roles, used(items), wasted(items))

        return await in_thread(work)

    async def add_folder(self, path: Path) -> None:
        """Make a folder part of the library.

        Raises:
            RequestInvalid: it is no folder, or is part of the library already.
        """
        if not await in_thread(lambda _: _opens(path)):
            raise RequestInvalid(
                f"{printable(str(path))} is no folder that can be opened.",
                remedy="Name a folder; single files come in with `echelon models import`.",
            )
        if path in [folder.path for folder in await self._folders()]:
            raise RequestInvalid(
                f"{printable(str(path))} is part of the library already.",
                remedy="Nothing has to be done.",
            )
        await self._records.add_folder(path, self._clock())

    async def remove_folder(self, path: Path) -> None:
        """Take a folder out of the library; its files stay.

        Raises:
            RequestInvalid: the user has not added it.
        """
        added = await self._records.folders()
        if path not in added:
            named = ", ".join(printable(str(each)) for each in added) or "none"
            raise RequestInvalid(
                f"{printable(str(path))} is not among the folders you have added.",
                remedy=f"Folders you have added: {named}.",
            )
        await self._records.remove_folder(path)

    async def take(self, source: Path, *, copy: bool) -> tuple[Item, Brought]:
        """Make a model from elsewhere part of the library: by a link, or as a copy.

        Raises:
            ModelMissing: there is no such file.
            ModelInvalid: it is no model that can be used.
            StorageError: it could not be brought in.
        """
        found = await in_thread(lambda _: beside(source))
        known = next(
            (each for each in (await self.survey()).items if source in each.found.files), None
        )
        if known is not None and known.found.origin.ours:
            raise RequestInvalid(
                f"{printable(source.name)} is part of the library already.",
                remedy="Nothing has to be done.",
            )
        item = known or await self._read(found)
        require_usable(item)
        own = self._grounds.own
        brought = await in_thread(lambda go_on: bring(item, own, copy=copy, go_on=go_on))
        if brought.way == "reference":
            await self._records.add_folder(brought.files[0], self._clock())
        digests = brought.digests or item.digests
        if digests:
            await self.arrived(dict(zip(brought.files, digests, strict=True)))
        return item, brought

    async def arrived(self, digests: Mapping[Path, str]) -> None:
        """Take in files whose bytes somebody has just read whole, so that nobody has to again.

        Args:
            digests: the SHA-256 of every file.
        """
        try:
            await self._records.keep(await in_thread(lambda _: self._known_whole(digests)))
        except (OSError, AppError) as error:  # then they are read later, like all others
            log.info("what has just come is read again: %s", error)

    def _known_whole(self, digests: Mapping[Path, str]) -> dict[Path, Row]:
        reader, rows = Reader(self._identities, {}), dict[Path, Row]()
        for path in filter(lambda path: is_model_file(path.name), digests):
            found = beside(path)
            if found.files[0] in rows or not set(found.files) <= digests.keys():
                continue
            self._identities.know(found.files[0], digests[found.files[0]])
            item = reader.item(found)
            told = tuple(digests[file] for file in found.files)
            if not item.problem:
                rows[item.path] = replace(reader.fresh[item.path], digests=told)
        return rows

    async def plan_removal(self, name: str) -> Removal:
        """Say what would go with a model; nothing is deleted yet.

        Raises:
            ModelMissing: there is no such model, or more than one.
            ModelKept: it is not ours to delete.
        """
        item = await self.one(name)
        added = await self._records.folders()
        reference = item.found.origin is Origin.ADDED and any(
            file in added for file in item.found.files
        )
        return await in_thread(lambda _: self._removals.plan(item, reference=reference))

    async def remove(self, token: str) -> Removal:
        """Delete what a plan has said.

        Raises:
            RequestInvalid: the plan is not valid any more.
            NotWritable: a file could not be deleted.
        """
        removal = await in_thread(lambda _: self._removals.carry_out(token))
        if removal.reference:
            for file in removal.item.found.files:
                await self._records.remove_folder(file)
        return removal

    async def verify(self, name: str = "", on_read: OnRead = lambda _: None) -> list[Check]:
        """Read one model, or all that we may read, as a whole; takes as long as the disk does.

        Args:
            name: the model; an empty one stands for all.
            on_read: is told how many bytes more were read, in the thread that reads.

        Raises:
            ModelMissing: there is no such model, or more than one.
        """
        items = [await self.one(name)] if name else (await self.survey()).items
        checks = []
        for item in items:
            found = await in_thread(partial(check, item, on_read=on_read))
            await self._keep_digests(found)
            checks.append(found)
        return checks

    async def one(self, name: str) -> Item:
        """Return the model a name stands for.

        Raises:
            ModelMissing: there is no such model, or more than one.
        """
        survey = await self.survey()
        found = called(survey.items, name)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ModelMissing(
                f"There is no model “{printable(name)}” in the library.",
                remedy="`echelon models list` shows all.",
            )
        paths = "\n".join(f"  {printable(str(each.path))}" for each in found)
        raise ModelMissing(
            f"“{printable(name)}” can be {len(found)} models:\n{paths}",
            remedy="Name one of them by its path.",
        )

    async def locate(self, name: str) -> Item:
        """Return the model a name stands for, or that of a file, in the library or not.

        Raises:
            ModelMissing: there is no such model, or more than one.
        """
        path = Path(name)
        if not path.is_absolute():
            return await self.one(name)
        return await self._read(await in_thread(lambda _: beside(path)))

    async def _read(self, found: Found) -> Item:
        reader = Reader(self._identities, {})
        return await in_thread(lambda _: reader.item(found))

    async def _folders(self) -> list[Folder]:
        grounds = self._grounds
        added = await self._records.folders()
        others = await in_thread(lambda _: adopted(grounds.environ, grounds.home))
        # What belongs to others comes before what the user added: it stays theirs.
        return [
            Folder(grounds.shipped, Origin.SHIPPED),
            *others,
            Folder(grounds.own, Origin.OWN),
            *(Folder(path, Origin.ADDED) for path in added),
        ]

    async def _keep_digests(self, found: Check) -> None:
        item = found.item
        if not found.digests or found.remedy:
            return
        try:
            key = await in_thread(lambda _: keys_of(item.found.files))
        except OSError:
            return
        row = Row(key, item.id, item.card, item.problem, found.digests)
        await self._records.keep({item.path: row})


def _gone(known: Iterable[Path], found: Survey) -> list[Path]:
    """Return what was there once and is no more; what lies in a folder nobody could see may be."""
    there = {item.path for item in found.items}
    unseen = [each.folder.path for each in found.folders if each.state is not FolderState.OPEN]
    return [
        path
        for path in known
        if path not in there and not any(path.is_relative_to(folder) for folder in unseen)
    ]


def _opens(path: Path) -> bool:
    """Whether a path is a folder that can be opened."""
    try:
        with os.scandir(path):
            return True
    except (OSError, ValueError):
        return False
