"""Cuts a thread to what a model can read, openly: how many messages were left out is said."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.domain.chat import ChatMessage

Count = Callable[[str], Awaitable[int]]

# ChatML spends about this many tokens on the frame of one message.
_FRAME_TOKENS = 8
# Models with eyes read a picture as some hundred to two thousand tokens.
_IMAGE_TOKENS = 1024
# A short window keeps at least this share of itself for the answer.
_ANSWER_SHARE = 4


@dataclass(frozen=True, slots=True)
class FittedThread:
    """The messages that fit, and how many older ones were left out."""

    messages: tuple[ChatMessage, ...]
    dropped: int = 0

    @property
    def note(self) -> str:
        """What was left out, in words for the receipt."""
        noun = "message" if self.dropped == 1 else "messages"
        return f"{self.dropped} older {noun} did not fit into its memory"


async def fit_thread(
    count: Count, thread: Sequence[ChatMessage], *, window: int, answer_tokens: int
) -> FittedThread:
    """Drop the oldest messages until thread and answer fit; system and last message always stay.

    A last message that is too long by itself is left for the engine to refuse with its numbers.
    """
    budget = window - min(answer_tokens, window // _ANSWER_SHARE)
    first = 1 if thread and thread[0].role == "system" else 0
    kept = len(thread) - 1
    used = await _cost(count, (*thread[:first], *thread[kept:]))
    # From the newest backwards, so that a long thread costs no more than what fits.
    while kept > first:
        used += await _cost(count, (thread[kept - 1],))
        if used > budget:
            break
        kept -= 1
    # An answer without its question confuses more than it helps.
    while first < kept < len(thread) - 1 and thread[kept].role == "assistant":
        kept += 1
    return FittedThread((*thread[:first], *thread[kept:]), dropped=kept - first)


async def _cost(count: Count, messages: Sequence[ChatMessage]) -> int:
    words = sum([await count(each.content) + _FRAME_TOKENS for each in messages])
    return words + sum(_IMAGE_TOKENS * len(each.images) for each in messages)
