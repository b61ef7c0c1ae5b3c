"""Receipts in words, for the terminal; the window has its own, translated."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.domain.chat import Receipt
from app.domain.routing import AttemptRecord

LEAST_MS: Final = 5.0  # shorter times are not worth a word

_WENT_ON = {
    "accept": "accepted",
    "abstain": "kept, marked as doubtful",
    "escalate": "a stronger one was asked",
    "fall back": "another one was asked",
    "retry": "asked again, with help",
    "think harder": "asked to think first",
    "continue": "asked to go on",
    "fail": "given up",
}


def explained(receipt: Receipt) -> list[str]:
    """Return the lines that say who answered, why, how sure and how long it took."""
    if not receipt.model:  # nobody was asked
        return [f"{receipt.role} answered: {receipt.reason}"]
    return [
        f"{receipt.role} answered (tier {receipt.tier}, {receipt.model}): {receipt.reason}",
        f"  {_sureness(receipt)}",
        *_memories(receipt),
        *_attempts(receipt.attempts),
        *_times(receipt),
        *_others(receipt),
        *_redo(receipt),
    ]


def percent(probability: float) -> str:
    """Return a probability in words."""
    return f"{probability:.0%} likely right"


def _sureness(receipt: Receipt) -> str:
    doubt = "; the best there was, but doubtful" if receipt.decision == "abstain" else ""
    if receipt.confidence is None:
        return f"not judged{doubt}"
    promise = "the promise holds" if receipt.promised else "no promise yet"
    return f"{percent(receipt.confidence)} ({promise}){doubt}"


def _memories(receipt: Receipt) -> Iterator[str]:
    if receipt.obeyed:
        yield f"  memory: {receipt.obeyed}"
    for each in receipt.memories:
        day = datetime.fromtimestamp(each.learned).astimezone().date()
        yield f"  remembered: memory {each.memory_id}, {each.why}, learned {day}"
    if receipt.memories and receipt.recall:
        yield f"  recalled by words only: {receipt.recall}"


def _attempts(attempts: tuple[AttemptRecord, ...]) -> Iterator[str]:
    if len(attempts) < 2:
        return
    for place, each in enumerate(attempts, start=1):
        seconds = sum(each.split.model_dump().values()) / 1000
        sure = f", {percent(each.probability)}" if each.probability is not None else ""
        cause = f", {each.cause}" if each.cause != "passed" else ""
        detail = f" ({each.detail})" if each.detail else ""
        onward = _WENT_ON.get(each.action, each.action)
        yield f"  {place}. {each.role}: {seconds:.1f} s{sure}{cause}{detail} -> {onward}"


def _times(receipt: Receipt) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for each in receipt.attempts:
        sums.update(each.split.model_dump())
    parts = [f"{name} {ms / 1000:.2f} s" for name, ms in sums.items() if ms >= LEAST_MS]
    parts.append(f"in all {receipt.total_ms / 1000:.2f} s")
    yield f"  time: {', '.join(parts)}"
    written = sum(each.answer_tokens for each in receipt.attempts)
    drafted = sum(each.drafted for each in receipt.attempts)
    stood = sum(each.draft_accepted for each in receipt.attempts)
    drafts = f", {drafted} drafted of which {stood} stood" if drafted else ""
    yield f"  tokens: {written} written{drafts}"


def _others(receipt: Receipt) -> Iterator[str]:
    said = []
    for role, chance in receipt.chances.items():
        seconds = receipt.seconds.get(role)
        time = f" in about {seconds:.1f} s" if seconds is not None else ""
        said.append(f"{role} {percent(chance)}{time}")
    if said:
        yield f"  expected before: {'; '.join(said)}"


def _redo(receipt: Receipt) -> Iterator[str]:
    if receipt.redo_up:
        yield f"  stronger: --role {receipt.redo_up}"
    if receipt.redo_down:
        yield f"  faster: --role {receipt.redo_down}"
