"""Conversations, messages and what is remembered about an answer."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.generation import Timings
from app.domain.models import Frozen, Tier
from app.domain.routing import AttemptRecord

Speaker = Literal["system", "user", "assistant"]

# A picture travels inside the message: an address would make an engine fetch it from elsewhere.
ImageData = Annotated[
    str,
    Field(max_length=30_000_000, pattern=r"^data:image/(png|jpeg|webp|gif|bmp);base64,[\w+/]+=*$"),
]


_TEMPORARY = "temporary-"


def temporary(new_id: str) -> str:
    """Return an id for a chat, or for a message, of which nothing is written anywhere."""
    return f"{_TEMPORARY}{new_id}"


def is_temporary(of: str) -> bool:
    """Say whether this is the id of a temporary chat or of one of its messages."""
    return of.startswith(_TEMPORARY)


class ChatMessage(Frozen):
    """One message as an engine reads it, with the pictures that belong to it."""

    role: Speaker
    content: str
    images: tuple[ImageData, ...] = ()

    def wire(self) -> dict[str, Any]:
        """Return the message as OpenAI-style JSON."""
        if not self.images:
            return {"role": self.role, "content": self.content}
        parts: list[dict[str, Any]] = [{"type": "text", "text": self.content}]
        parts += [{"type": "image_url", "image_url": {"url": image}} for image in self.images]
        return {"role": self.role, "content": parts}


class MessageState(StrEnum):
    """How far a stored message got. `interrupted` is set at start on what a crash left open."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class UsedMemory(Frozen):
    """A memory that went along with a question: which one, why, and where it was learned.

    Its words are not kept here: who deletes a memory deletes it everywhere. `learned` is in seconds
    since the epoch, `conversation_id` the chat it was learned in, '' for none.
    """

    memory_id: int
    why: str
    learned: float = 0.0
    conversation_id: str = ""


class Receipt(Frozen):
    """Who answered, why, how sure and how long it took; shown under the answer.

    Times are in milliseconds, except `seconds`. `decision` is `accept`, or `abstain` for the best
    there was, marked as doubtful. `confidence`: the gate's, that the answer is right (None: not
    judged); `promised`: the share of wrong answers that pass is bounded. By role: `chances` of a
    right answer and the `seconds` it would have taken, as expected before anybody answered.
    `redo_up` and `redo_down` name who could answer it again. `memories` went along with the
    question; `recall` says why they were not looked for by meaning. `obeyed`: what memory did.
    """

    role: str
    tier: Tier
    model: str
    reason: str
    first_token_ms: float | None = None
    total_ms: float = 0.0
    finish_reason: str = ""
    timings: Timings | None = None
    family: str = ""
    decision: str = ""
    confidence: float | None = None
    promised: bool = False
    attempts: tuple[AttemptRecord, ...] = ()
    chances: dict[str, float] = Field(default_factory=dict)
    seconds: dict[str, float] = Field(default_factory=dict)
    redo_up: str = ""
    redo_down: str = ""
    memories: tuple[UsedMemory, ...] = ()
    recall: str = ""
    obeyed: str = ""


class PastAnswer(Frozen):
    """An answer as it was given, with the message it answered and the kind of task."""

    asked: str
    said: str
    family: str = ""


class StoredMessage(Frozen):
    """One message on disk; answers to the same parent are its versions.

    `created` is in seconds since the epoch.
    """

    id: str
    conversation_id: str
    parent_id: str | None
    role: Speaker
    content: str
    state: MessageState
    created: float
    receipt: Receipt | None = None
    error: str = ""


class Conversation(Frozen):
    """One chat; `leaf_id` is the last message of the branch that is shown."""

    id: str
    title: str
    created: float
    updated: float
    leaf_id: str | None = None
    role: str = ""


class ThreadEntry(Frozen):
    """A message of the shown branch with its place among its versions (1-based)."""

    message: StoredMessage
    version: int = 1
    versions: int = 1
