"""Every fact the core can tell; published on the bus, read by any front-end.

Exactly one of TurnFinished, TurnFailed and TurnCancelled follows every TurnStarted.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.chat import Receipt
from app.domain.downloads import Download
from app.domain.generation import Timings
from app.domain.models import Roster, Tier
from app.domain.routing import AttemptRecord


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, slots=True)
class TurnEvent(Event):
    """A fact about one turn."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class TurnStarted(TurnEvent):
    """The core took the turn; the ids (of the answer) are empty when nothing is stored."""

    conversation_id: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class RouteChosen(TurnEvent):
    """Who will answer, and why, in plain words."""

    role: str
    tier: Tier
    model: str
    reason: str


class Stage(StrEnum):
    """What a turn is busy with while no new word shows."""

    QUEUED = "queued"
    LOADING = "loading"
    READING = "reading"
    WRITING = "writing"  # it writes, and shows it once the first words are worth it
    JUDGING = "judging"
    RETRYING = "retrying"


@dataclass(frozen=True, slots=True)
class StageChanged(TurnEvent):
    """What happens now, with a fraction from 0 to 1 where one is known."""

    stage: Stage
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class TextArrived(TurnEvent):
    """More of the answer; what was shown is never withdrawn."""

    text: str


@dataclass(frozen=True, slots=True)
class Pace(TurnEvent):
    """How fast an answer grows now, told a few times a second while it does."""

    role: str
    tier: Tier
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class AttemptEnded(TurnEvent):
    """One answer was judged, or broke off; `next_role` goes on, if anybody does."""

    record: AttemptRecord
    next_role: str = ""


@dataclass(frozen=True, slots=True)
class VersionStarted(TurnEvent):
    """Text that was already shown gets a better answer beside it: what comes now belongs there."""

    message_id: str
    role: str
    tier: Tier
    reason: str


@dataclass(frozen=True, slots=True)
class TurnFinished(TurnEvent):
    """The answer is complete; of several versions, `message_id` is the one that counts."""

    text: str
    receipt: Receipt
    timings: Timings | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class TurnFailed(TurnEvent):
    """The turn ended without a complete answer; `text` is what had become visible."""

    code: str
    message: str
    remedy: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class TurnCancelled(TurnEvent):
    """The user stopped the turn; `text` is what had become visible."""

    text: str = ""


class ServerState(StrEnum):
    """The life of one engine process; only the supervisor writes it."""

    STOPPED = "stopped"
    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    STOPPING = "stopping"
    CRASHED = "crashed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class ServerStateChanged(Event):
    """A server moved to another state; `progress` is the loaded fraction, `detail` the why."""

    model: str
    state: ServerState
    progress: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ConversationChanged(Event):
    """A conversation was made, renamed, extended or removed."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class MemoriesChanged(Event):
    """What is remembered was written to; `seq` counts changes of what can be found.

    It counts on, except where a damaged file was set aside and a fresh one began: then it is 0.
    """

    seq: int


@dataclass(frozen=True, slots=True)
class DownloadChanged(Event):
    """A download moved on: at once when its state changes, else a few times a second."""

    download: Download


class IndexWork(StrEnum):
    """What is done so that memories are found by their meaning."""

    EMBEDDING = "embedding"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class MemoriesIndexed(Event):
    """Memories are made findable by their meaning: so many texts of all."""

    work: IndexWork
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DownloadLimitChanged(Event):
    """All downloads together may be as fast as this, in megabytes a second; 0 is no limit."""

    mb: float


@dataclass(frozen=True, slots=True)
class RosterChanged(Event):
    """Other roles or models are in force from now on; turns that run keep those they began with."""

    before: Roster
    after: Roster


@dataclass(frozen=True, slots=True)
class NoticeRaised(Event):
    """Something the user should know that belongs to no turn."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class UserSeen(Event):
    """Somebody uses the program: what was begun because nobody did ends now."""


@dataclass(frozen=True, slots=True)
class WindowRequested(Event):
    """Somebody started the program again: the window should come to the front."""
