"""What is known of a question before anybody answers it."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.chat import ChatMessage


@dataclass(frozen=True, slots=True)
class Question:
    """The last message of a thread, with what the answer has to be like.

    `tools`: some may be called. `schema`: the answer is JSON of this form. `retry`: an earlier
    answer did not please. `within_s`: until when there should be an answer.
    """

    text: str
    thread: tuple[ChatMessage, ...]
    tools: bool = False
    schema: Mapping[str, Any] | None = None
    retry: bool = False
    conversation_id: str = ""
    images: bool = False
    within_s: float = math.inf

    @property
    def key(self) -> str:
        """The same for the same words, however they are spaced and capitalised."""
        words = " ".join(self.text.split()).casefold()
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def turns(self) -> int:
        """How many questions there were, with this one."""
        return sum(message.role == "user" for message in self.thread)
