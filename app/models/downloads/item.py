"""One download in memory: what is kept of it, what moves, and how it looks from outside."""

import asyncio
import logging
from dataclasses import replace

from app.domain.downloads import UNDERWAY, Download, State, Step, next_state
from app.domain.errors import DownloadStands
from app.models.downloads.meter import Meter
from app.models.downloads.partfile import Place
from app.models.downloads.rows import Entry
from app.models.downloads.transfer import Gauge

log = logging.getLogger(__name__)


class Item:
    """Owns the state of one download; every change of it goes through `step`."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.task: asyncio.Task[None] | None = None
        self.gauge = Gauge()
        self.meter = Meter()
        self._kept = 0, 0  # of files nobody works on: bytes here, bytes in all

    @property
    def id(self) -> str:
        """The download's id."""
        return self.entry.id

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.entry.state

    @property
    def places(self) -> list[Place]:
        """Where its files will be."""
        folder = self.entry.wanted.folder
        return [Place(folder / part.name) for part in self.entry.wanted.parts]

    def step(self, step: Step, code: str = "", message: str = "", remedy: str = "") -> Entry:
        """Return the entry after a step, whose words belong to the new state alone.

        Raises:
            DownloadStands: the step cannot happen now.
        """
        state = next_state(self.state, step)
        if state is None:
            raise DownloadStands(
                f"{self.entry.wanted.label} is {self.state}; it cannot {step} now.",
                remedy="`echelon models downloads` shows where every download stands.",
            )
        return replace(self.entry, state=state, code=code, message=message, remedy=remedy)

    def begin(self) -> None:
        """Prepare for a run."""
        self.gauge, self.meter = Gauge(), Meter()

    def is_here(self) -> bool:
        """Say whether every file is on the disk, under its name or not yet."""
        return all(place.part.exists() or place.target.exists() for place in self.places)

    def settle(self) -> None:
        """Give all files their names."""
        for place in self.places:
            place.settle()
        self._count_whole()

    def clear(self) -> None:
        """Remove what was fetched; nobody may be working on it."""
        for place in self.places:
            place.clear()
        self.recount()

    def recount(self) -> None:
        """Look at the disk for how far the files are; nobody may be working on them."""
        try:
            if self.state is State.DONE:
                self._count_whole()
                return
            kept = [place.kept() for place in self.places]
            self._kept = sum(done for done, _ in kept), sum(size for _, size in kept)
        except OSError as error:  # the disk is away; the download will say so when it is its turn
            log.warning("%s cannot be looked at: %s", self.entry.wanted.folder, error)
            self._kept = 0, 0

    def _count_whole(self) -> None:
        targets = [place.target for place in self.places]
        whole = sum(target.stat().st_size for target in targets if target.exists())
        self._kept = whole, whole

    @property
    def view(self) -> Download:
        """How it looks now."""
        entry = self.entry
        done, total = self._figures()
        moving = self.state is State.RUNNING
        return Download(
            id=entry.id,
            label=entry.wanted.label,
            folder=entry.wanted.folder,
            names=tuple(part.name for part in entry.wanted.parts),
            state=entry.state,
            position=entry.position,
            done=done,
            total=total,
            rate=self.meter.rate if moving else None,
            eta_s=self.meter.eta(total - done) if moving and total else None,
            code=entry.code,
            message=entry.message,
            remedy=entry.remedy,
        )

    def _figures(self) -> tuple[int, int | None]:
        promised = [part.size for part in self.entry.wanted.parts]
        known = sum(size or 0 for size in promised) if None not in promised else None
        if self.state in UNDERWAY and self.gauge.total is not None:
            return self.gauge.done, self.gauge.total
        done, total = self._kept
        return done, known or self.gauge.total or total or None
