"""What the user sees of a turn: stages, text that only grows, and versions beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.domain.chat import Receipt
from app.domain.events import (
    Pace,
    Stage,
    StageChanged,
    TextArrived,
    TurnCancelled,
    TurnFailed,
    TurnFinished,
    VersionStarted,
)
from app.domain.models import RoleSpec
from app.platform.bus import Bus

TurnEnd = TurnFinished | TurnFailed | TurnCancelled


class Recorder(Protocol):
    """An observer that stores an answer while it grows; storing never stops a turn."""

    async def checkpoint(self, text: str) -> None:
        """Keep what is visible so far."""

    async def open_version(self, text: str, receipt: Receipt | None) -> str:
        """Keep `text` as one version of the answer; begin another and return its id."""

    async def conclude(self, end: TurnEnd, receipt: Receipt | None) -> None:
        """Keep the end of the answer, before anybody is told of it."""


@dataclass(frozen=True, slots=True)
class Version:
    """Text that was shown, and the message that holds it."""

    message_id: str
    text: str


class Display:
    """Owns what is visible of one turn. Text is never withdrawn: another answer is a version."""

    def __init__(
        self,
        turn_id: str,
        message_id: str,
        bus: Bus,
        elapsed_ms: Callable[[], float],
        recorder: Recorder | None,
    ) -> None:
        self.turn_id = turn_id
        self.message_id = message_id
        self.text = ""
        self.stage = Stage.QUEUED
        self.fraction: float | None = None
        self.first_token_ms: float | None = None
        self.versions: list[Version] = []
        self._bus = bus
        self.elapsed_ms = elapsed_ms
        self.recorder = recorder
        self._said: tuple[Stage, float | None] | None = None
        self._next: tuple[RoleSpec, str, Receipt | None] | None = None

    def enter(self, stage: Stage, fraction: float | None = None) -> None:
        """Say what the turn is busy with."""
        if (stage, fraction) != self._said:
            self.stage, self.fraction = self._said = stage, fraction
            self._bus.publish(StageChanged(self.turn_id, stage, fraction))

    def pace(self, role: RoleSpec, tokens: int, seconds: float) -> None:
        """Say how fast an answer grows."""
        if seconds > 0:
            self._bus.publish(Pace(self.turn_id, role.name, role.tier, tokens / seconds))

    def begin_again(self, role: RoleSpec, reason: str, receipt: Receipt | None) -> None:
        """Let what comes next stand beside what is visible, if anything is.

        `receipt` goes with the text that stands; `reason` says why another answer is made.
        """
        if self.text:
            self._next = (role, reason, receipt)

    async def show(self, text: str) -> None:
        """Make text visible; the first of another answer opens its version."""
        if not text:
            return
        if self._next is not None:
            await self._open_version(*self._next)
        if self.first_token_ms is None:
            self.first_token_ms = self.elapsed_ms()
        self.text += text
        self._bus.publish(TextArrived(self.turn_id, text))
        if self.recorder is not None:
            await self.recorder.checkpoint(self.text)

    async def _open_version(self, role: RoleSpec, reason: str, receipt: Receipt | None) -> None:
        self._next = None
        self.versions.append(Version(self.message_id, self.text))
        if self.recorder is not None:
            self.message_id = await self.recorder.open_version(self.text, receipt)
        self.text = ""
        self._bus.publish(
            VersionStarted(self.turn_id, self.message_id, role.name, role.tier, reason)
        )
