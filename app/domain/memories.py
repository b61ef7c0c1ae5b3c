"""What is remembered across chats: facts, turns and passages, in scopes that never mix."""

from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from app.domain.models import Frozen

EVERYWHERE: Final = "everywhere"


class MemoryKind(StrEnum):
    """What a memory is. Turns are what was said, word for word; passages come from documents."""

    TURN = "turn"
    FACT = "fact"
    PREFERENCE = "preference"
    TASK = "task"
    SUMMARY = "summary"
    PASSAGE = "passage"


class MemorySource(StrEnum):
    """Where the words come from."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    WEB = "web"
    DOCUMENT = "document"
    IMPORT = "import"


class Trust(StrEnum):
    """How far a memory may reach: what strangers wrote is never recalled by itself."""

    USER = "user"
    MODEL = "model"
    UNTRUSTED = "untrusted"


class MemoryStatus(StrEnum):
    """Only `active` memories are recalled; `superseded` ones are history."""

    ACTIVE = "active"
    PROPOSED = "proposed"
    ARCHIVED = "archived"
    SUPERSEDED = "superseded"


class ScopeMode(StrEnum):
    """How far the memory of one chat reaches."""

    OFF = "off"
    CHAT = "chat"
    FOLDER = "folder"
    EVERYWHERE = "everywhere"


def chat_scope(conversation_id: str) -> str:
    """Return the scope of one chat."""
    return f"chat:{conversation_id}"


def folder_scope(folder: str) -> str:
    """Return the scope of a folder of chats, or of a collection of documents."""
    return f"folder:{folder}"


def key_scope(key_id: str) -> str:
    """Return the scope of one key of the api."""
    return f"key:{key_id}"


class ChatScope(Frozen):
    """How far the memory of one chat reaches, and which folder it belongs to."""

    mode: ScopeMode = ScopeMode.EVERYWHERE
    folder: str = ""

    def reads(self, conversation_id: str) -> tuple[str, ...]:
        """Return the scopes this chat may recall from, exactly these."""
        own = chat_scope(conversation_id)
        folder = (folder_scope(self.folder),) if self.folder else ()
        match self.mode:
            case ScopeMode.OFF:
                return ()
            case ScopeMode.CHAT:
                return (own,)
            case ScopeMode.FOLDER:
                return (own, *folder)
            case ScopeMode.EVERYWHERE:
                return (own, *folder, EVERYWHERE)

    def writes(self, conversation_id: str) -> str:
        """Return the scope in which is kept what this chat teaches; '' for none."""
        match self.mode:
            case ScopeMode.OFF:
                return ""
            case ScopeMode.CHAT:
                return chat_scope(conversation_id)
            case ScopeMode.FOLDER:
                return folder_scope(self.folder) if self.folder else chat_scope(conversation_id)
            case ScopeMode.EVERYWHERE:
                return EVERYWHERE


class NewMemory(Frozen):
    """Something to be kept.

    `speaker` stands before the words where they are searched. `event_at` is when it happened or
    will, `expires_at` when it stops to matter (seconds since the epoch). `place` says where a
    passage stands (file and page). `importance` and `confidence` go from 0 to 1.
    `before`: the words said before, for the wider view of a turn.
    """

    scope: str
    text: str
    kind: MemoryKind = MemoryKind.FACT
    source: MemorySource = MemorySource.USER
    trust: Trust = Trust.USER
    status: MemoryStatus = MemoryStatus.ACTIVE
    speaker: str = ""
    conversation_id: str = ""
    message_id: str = ""
    place: str = ""
    event_at: float | None = None
    expires_at: float | None = None
    pinned: bool = False
    importance: float = Field(0.5, ge=0, le=1)
    confidence: float = Field(1.0, ge=0, le=1)
    supersedes: int | None = None
    before: tuple[str, ...] = ()


class Memory(Frozen):
    """Something that is kept.

    `uses` counts how often it was given to a model, `told` how often these words were told.
    `supersedes` is what it is meant to replace, `replaced_by` what did replace it.
    """

    id: int
    scope: str
    text: str
    kind: MemoryKind
    source: MemorySource
    trust: Trust
    status: MemoryStatus
    speaker: str
    conversation_id: str
    message_id: str
    place: str
    created: float
    changed: float
    event_at: float | None
    expires_at: float | None
    pinned: bool
    importance: float
    confidence: float
    uses: int
    used_at: float | None
    supersedes: int | None
    told: int = 1
    replaced_by: int | None = None


class Sort(StrEnum):
    """In which order memories are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"
    USED = "used"
    IMPORTANT = "important"


class Filter(Frozen):
    """Which memories are wanted; what is not said does not matter.

    Every word of `text` has to be in a memory, anywhere and in any case. `since` and `until` are
    about when it was learned.
    """

    text: str = ""
    scopes: tuple[str, ...] | None = None
    kinds: tuple[MemoryKind, ...] = ()
    statuses: tuple[MemoryStatus, ...] = ()
    trusts: tuple[Trust, ...] = ()
    pinned: bool | None = None
    since: float | None = None
    until: float | None = None
    sort: Sort = Sort.NEWEST
    offset: int = Field(0, ge=0)
    limit: int = Field(100, ge=0)


class Page(Frozen):
    """Memories as they were asked for, and how many there are in all."""

    memories: tuple[Memory, ...] = ()
    total: int = 0


class Act(StrEnum):
    """What was done to a memory."""

    ADDED = "added"
    CHANGED = "changed"
    ARCHIVED = "archived"
    RESTORED = "restored"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    MERGED = "merged"
    DELETED = "deleted"
    BROUGHT_BACK = "brought back"


class Happened(Frozen):
    """Something that was done to a memory: what it was before and after, as far as it changed."""

    at: float
    act: Act
    memory_id: int
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)


class RefusedLine(Frozen):
    """A line of a file that was not taken, and why."""

    number: int
    why: str


class Imported(Frozen):
    """What came of an import; only the first of the refused lines are told one by one."""

    added: int = 0
    known: int = 0
    refused: int = 0
    lines: tuple[RefusedLine, ...] = ()


class Meter(Frozen):
    """What memories take: bytes on the disk, and how many there are of what."""

    bytes: int = 0
    index_bytes: int = 0
    vectors: int = 0
    kinds: dict[MemoryKind, int] = Field(default_factory=dict)
    scopes: dict[str, int] = Field(default_factory=dict)
    statuses: dict[MemoryStatus, int] = Field(default_factory=dict)


class Why(Frozen):
    """Why a memory was recalled: its rank in each list (from 1; 0 is not in it), and its score."""

    words: int = 0
    words_wide: int = 0
    meaning: int = 0
    meaning_wide: int = 0
    pinned: bool = False
    score: float = 0.0


class Recalled(Frozen):
    """A memory that was found for a question, with why; `said` is what the model is given."""

    memory: Memory
    why: Why
    said: str


class RecallReport(Frozen):
    """What was found; `lexical` says why meaning was not asked, '' where it was.

    `budget`: how many tokens a model may be given of it (0: as many as there are).
    """

    found: tuple[Recalled, ...] = ()
    lexical: str = ""
    milliseconds: float = 0.0
    tokens: int = 0
    budget: int = 0
