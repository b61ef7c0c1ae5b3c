"""The builds that are here: one small file about them, their folders, and which one is used.

Owns both. The engines ask it at every start which build to take; what was unpacked is read again
before its first use of a run, and whenever a file of it has changed.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.domain.builds import Build, BuildBook, BuildKind, BuildMissing, BuildStands
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import NotWritable
from app.domain.events import NoticeRaised
from app.domain.models import ModelSpec
from app.engines.exits import Exit
from app.engines.llama_server.builds import PROGRAM
from app.models.downloads.partfile import hash_of
from app.platform.bus import Bus
from app.platform.paths import write_private

log = logging.getLogger(__name__)

_BOOK: Final = "builds.json"
# Where a wheel keeps the library. What it needs lies beside that in the wheel, so all is unpacked.
_LIBRARY: Final = "llama_cpp/lib"
# Ends of a start that the build itself may have brought about; no memory and no file is missing.
_OF_BUILD: Final = frozenset(
    {
        "aborted",
        "crashed",
        "engine_unfit",
        "flag_unknown",
        "illegal_instruction",
        "library_missing",
        "unknown",
    }
)
_PROVEN_MOST: Final = 50

# What tells whether files are as they were: place, time and size of each.
_Look = tuple[tuple[str, int, int], ...]


class BuildShelf:
    """All builds of this user."""

    def __init__(self, folder: Path, bus: Bus) -> None:
        """Keep builds in `folder`, and tell on `bus` what was taken back."""
        self.folder = folder
        self._bus = bus
        self._book: BuildBook | None = None
        self._sound: dict[str, _Look] = {}

    @property
    def book(self) -> BuildBook:
        """What is known of builds."""
        if self._book is None:
            self._book = _read(self.folder / _BOOK)
        return self._book

    def mechanisms(self) -> Iterator[Mechanism]:
        """Say which builds from elsewhere are in use."""
        for kind in BuildKind:
            build = self.book.in_use(kind)
            yield Mechanism(
                area="engines",
                name=f"{kind} from elsewhere",
                condition=Condition.LIVE if build else Condition.OFF,
                reason=build.id if build else "none was chosen; `echelon engines list` shows them",
            )

    def home(self, build: Build) -> Path:
        """Return the folder of a build."""
        return self.folder / build.id

    def entrance(self, build: Build) -> Path:
        """Return the folder inside a build that holds its program or library."""
        return entrance(build.kind, self.home(build))

    def named(self, name: str) -> Build:
        """Return the one build whose id begins like that.

        Raises:
            BuildMissing: there is none, or more than one.
        """
        exact = self.book.find(name)
        found = [each for each in self.book.builds if name and each.id.startswith(name)]
        if exact is None and len(found) != 1:
            there = ", ".join(each.id for each in (found or self.book.builds)) or "none"
            raise BuildMissing(
                f"{'More than one' if found else 'No'} build is called “{name[:80]}”.",
                remedy=f"Builds here: {there}.",
            )
        return exact or found[0]

    def write(self, book: BuildBook) -> None:
        """Keep what is known from now on.

        Raises:
            NotWritable: the disk does not take it; nothing has changed then.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_private(self.folder / _BOOK, book.model_dump_json(indent=1))
        except OSError as error:
            raise NotWritable(
                f"The list of builds in {self.folder} cannot be written: {error.strerror}.",
                remedy="Check the free space and your right to write there.",
            ) from error
        self._book = book

    def put(self, build: Build) -> None:
        """Keep a build, in the place of one with its id."""
        others = tuple(each for each in self.book.builds if each.id != build.id)
        self.write(self.book.model_copy(update={"builds": (*others, build)}))

    def use(self, build: Build) -> None:
        """Take a build from the next start of an engine on; the one before is remembered.

        Raises:
            BuildStands: it has not shown that it works here.
        """
        if not build.usable:
            raise BuildStands(
                f"{build.id} does not work here: {build.why or 'it was not tried'}",
                remedy="`echelon engines get` tries it again.",
            )
        now = self.book.used.get(build.kind, "")
        if now != build.id:
            self._choose(build.kind, build.id, before=now)

    def roll_back(self, kind: BuildKind) -> Build | None:
        """Take the good build before again, or what is there anyway; return it, None for that.

        Raises:
            BuildStands: none of that kind was chosen.
        """
        if self.book.in_use(kind) is None:
            raise BuildStands(
                f"No {kind} from elsewhere is in use.", remedy="`echelon engines list` shows all."
            )
        good = self.book.good_before(kind)
        if good is not None and good.id == self.book.used[kind]:
            good = None
        self._choose(kind, good.id if good else "", before="")
        return good

    def remove(self, build: Build) -> int:
        """Delete a build that is not in use and return the bytes that came free.

        Raises:
            BuildStands: it is in use.
            NotWritable: its folder stays.
        """
        if self.book.used.get(build.kind) == build.id:
            raise BuildStands(
                f"{build.id} is in use.", remedy="`echelon engines rollback` takes another one."
            )
        home = self.home(build)
        with contextlib.suppress(FileNotFoundError):
            try:
                shutil.rmtree(home)
            except PermissionError as error:
                raise NotWritable(
                    f"{home} cannot be deleted: {error.strerror}.",
                    remedy="End the engines that still use it, then try again.",
                ) from error
        left = tuple(each for each in self.book.builds if each.id != build.id)
        before = {kind: each for kind, each in self.book.before.items() if each != build.id}
        self.write(self.book.model_copy(update={"builds": left, "before": before}))
        return build.size

    async def place(self, kind: BuildKind) -> Path | None:
        """Return the folder of the build in use, its bytes being what they were; None for none.

        What is no longer what was unpacked is not started: the one before is taken, and said.
        """
        while (build := self.book.in_use(kind)) is not None:
            if await self.is_sound(build):
                return self.entrance(build)
            if not self.take_back(build, "its files are not what they were"):
                break
        return None

    async def is_sound(self, build: Build) -> bool:
        """Return whether the files of a build are those that were unpacked."""
        return await asyncio.to_thread(self._is_sound, build)

    def loaded(self, kind: BuildKind, place: Path, model: ModelSpec) -> None:
        """Note that a build has loaded a model."""
        build = self.book.in_use(kind)
        if build is None or self.entrance(build) != place or model.name in build.proven:
            return
        proven = (*build.proven, model.name)[-_PROVEN_MOST:]
        with contextlib.suppress(NotWritable):  # it only answers a question that may never come
            self.put(build.model_copy(update={"proven": proven}))

    def fell(self, kind: BuildKind, place: Path, model: ModelSpec, end: Exit) -> str:
        """Take a build back if it may be why a start failed; return that in words, or ''.

        A build that has loaded this model before is not the reason.
        """
        build = self.book.in_use(kind)
        if build is None or self.entrance(build) != place:
            return ""
        if end.code not in _OF_BUILD or model.name in build.proven:
            return ""
        return self.take_back(build, f"it could not load {model.name}: {end.error.message}")

    def take_back(self, build: Build, why: str) -> str:
        """Use the good build before instead of one that failed, and say so; return the words."""
        failed = build.model_copy(update={"usable": False, "why": why[:1].upper() + why[1:]})
        try:
            self.put(failed)
            good = self.roll_back(build.kind)
        except NotWritable as error:
            log.warning("a build could not be taken back: %s", error)
            return ""
        words = f"The engine build {build.id} was taken back: {why}"
        words = f"{words.rstrip('.')}. {_instead(good)}"
        self._bus.publish(
            NoticeRaised("build_taken_back", words, "`echelon engines list` shows all builds.")
        )
        return words

    def _choose(self, kind: BuildKind, build_id: str, before: str) -> None:
        book = self.book
        self.write(
            book.model_copy(
                update={
                    "used": {**book.used, kind: build_id},
                    "before": {**book.before, kind: before},
                }
            )
        )

    def _is_sound(self, build: Build) -> bool:
        home = self.home(build)
        try:
            look = _look(home)
            if self._sound.get(build.id) == look:
                return True
            if seal(home) != build.seal:
                return False
        except OSError:
            return False
        self._sound[build.id] = look
        return True


def entrance(kind: BuildKind, home: Path) -> Path:
    """Return the folder inside an unpacked build that holds its program or library."""
    if kind is BuildKind.LIBRARY:
        return home / _LIBRARY
    return next(iter(sorted(home.rglob(PROGRAM))), home / PROGRAM).parent


def seal(folder: Path) -> str:
    """Return one hash over all files of a folder: their names, whether they run, their bytes."""
    whole = hashlib.sha256()
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        what = f"-> {file.readlink()}" if file.is_symlink() else hash_of(file)
        runs = os.name != "nt" and bool(file.lstat().st_mode & 0o100)
        whole.update(f"{name}\0{what}\0{runs}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_symlink() or each.is_file())


def _look(folder: Path) -> _Look:
    found = ((each, each.lstat()) for each in _files(folder))
    return tuple((str(each), state.st_mtime_ns, state.st_size) for each, state in found)


def _instead(good: Build | None) -> str:
    return f"{good.id} is used again." if good else "What came with Echelon is used again."


def _read(file: Path) -> BuildBook:
    """Return the book; one that cannot be read is set aside, for builds can be had again."""
    try:
        return BuildBook.model_validate_json(file.read_text("utf-8"))
    except FileNotFoundError:
        return BuildBook()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        log.warning("the list of builds cannot be read: %s", error)
        with contextlib.suppress(OSError):
            file.replace(file.with_suffix(".unreadable"))
        return BuildBook()
