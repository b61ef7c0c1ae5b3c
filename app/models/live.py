"""The roles that are in force now: read from the registry, changed with it, asked by everybody.

Who routes, loads, learns or shows holds this and no copy, so that a changed registry counts from
the next turn on. A turn that runs keeps the roles of its plan.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError
from app.domain.events import NoticeRaised, RosterChanged
from app.domain.models import RoleSpec, Roster
from app.domain.settings import Settings
from app.models.editing import Change, RegistryEditor
from app.models.registry import load_registry
from app.platform.bus import Bus
from app.platform.paths import Paths

log = logging.getLogger(__name__)

_KEPT: Final = "What counted before the change still counts."
# What changes when a file is written anew: where it lies, when it was written, its size and place.
_Mark = tuple[Path, int, int, int]


class LiveRoster:
    """Owns which roles are in force. It belongs to one event loop; its files are read beside it."""

    def __init__(self, load: Callable[[], Roster], editor: RegistryEditor, bus: Bus) -> None:
        """Read the registry.

        Args:
            load: reads the roles as they are in the file, with what the settings change.
            editor: writes the file, and knows which one is in force.
            bus: told when other roles are in force, and what of the file cannot be followed.

        Raises:
            AppError: the registry cannot be followed.
        """
        self._load = load
        self._editor = editor
        self._bus = bus
        self._seen = _mark(editor.source)
        self._now = load()
        self._fault = ""
        self._one_at_a_time = asyncio.Lock()

    @property
    def now(self) -> Roster:
        """The roles as they are at this moment."""
        return self._now

    @property
    def roles(self) -> tuple[RoleSpec, ...]:
        """Everybody."""
        return self._now.roles

    @property
    def default_role(self) -> str:
        """Who answers when nobody else is named."""
        return self._now.default_role

    @property
    def source(self) -> str:
        """Where it stands."""
        return self._now.source

    @property
    def answering(self) -> tuple[RoleSpec, ...]:
        """The roles a user can choose."""
        return self._now.answering

    @property
    def pinned(self) -> frozenset[str]:
        """The models that never leave memory for others."""
        return self._now.pinned

    def find(self, name: str) -> RoleSpec | None:
        """Return the role of that name, or None."""
        return self._now.find(name)

    async def look(self) -> None:
        """Take the registry over if its file is another one than last time.

        One that cannot be followed is told once, and changes nothing.
        """
        if _mark(self._editor.source) != self._seen or self._one_at_a_time.locked():
            async with self._one_at_a_time:
                await self._take_over()

    async def apply(self, changes: Sequence[Change], revision: str) -> None:
        """Write changes to the registry; they count from the next turn on.

        Args:
            changes: made one after another.
            revision: of the sheet they were made for.

        Raises:
            RegistryChanged: somebody else has changed the file meanwhile.
            RegistryInvalid: the result could not be followed, or the file cannot be written.
        """
        # Whoever stops waiting does not stop the write, and what is written has to count.
        await asyncio.shield(self._written(changes, revision))

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say whether the file as it is now is followed."""
        yield Mechanism(
            area="registry",
            name="model registry",
            condition=Condition.OFF if self._fault else Condition.LIVE,
            reason=f"{self._fault} {_KEPT}" if self._fault else self.source,
        )

    async def _written(self, changes: Sequence[Change], revision: str) -> None:
        async with self._one_at_a_time:
            await asyncio.to_thread(self._editor.apply, changes, revision)
            await self._take_over()

    async def _take_over(self) -> None:
        mark = _mark(self._editor.source)
        if mark == self._seen:
            return
        try:
            after = await asyncio.to_thread(self._load)
        except AppError as error:
            self._refuse(error, mark)
            return
        # A file that was written while it was read is read again the next time.
        self._seen, self._fault = mark, ""
        before, self._now = self._now, after
        if after != before:
            log.info("other roles are in force: %s", ", ".join(each.name for each in after.roles))
            self._bus.publish(RosterChanged(before, after))

    def _refuse(self, error: AppError, mark: _Mark) -> None:
        self._seen, self._fault = mark, error.message
        log.warning("the registry is not followed: %s", error.message)
        message = f"{error.message}\n{_KEPT}"
        self._bus.publish(NoticeRaised(error.code, message, error.remedy))


def open_roster(settings: Settings, paths: Paths, bus: Bus) -> LiveRoster:
    """Return the roles of this installation.

    Raises:
        AppError: the registry cannot be followed.
    """
    return LiveRoster(
        lambda: load_registry(settings.registry, settings=settings, paths=paths),
        RegistryEditor(settings, paths),
        bus,
    )


def _mark(file: Path) -> _Mark:
    try:
        state = file.stat()
    except OSError:
        return file, 0, 0, 0
    return file, state.st_mtime_ns, state.st_size, state.st_ino
