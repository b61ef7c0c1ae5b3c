"""What becomes of a new fact beside those that are kept: new, known, or true instead. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.memories import Memory
from app.memory.writing.claims import Claim, contradicts, says_same
from app.memory.writing.rules import claim
from app.memory.writing.wording import content, is_negated, words

LEAST_ALIKE: Final = 0.92
_LEAST_SHARED: Final = 0.8


class Course(StrEnum):
    """What is done with a new fact."""

    NEW = "new"
    AGAIN = "again"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is done, and beside which memory."""

    course: Course
    beside: Memory | None = None


def settled(new: Claim, kept: Sequence[Memory], alike: Mapping[int, float]) -> Settled:
    """Say what becomes of a claim beside memories of its scope.

    `alike`: by id of a memory, how near the two are in meaning, where that is known.
    """
    for old in kept:
        if _denies(new, old) or contradicts(new, claimed(old)):
            return Settled(Course.INSTEAD, old)
    for old in kept:
        if _same(new, old, alike.get(old.id, 0.0)):
            return Settled(Course.AGAIN, old)
    return Settled(Course.NEW)


def claimed(memory: Memory) -> Claim:
    """Return a memory as the claim it makes."""
    found = claim(memory.text)
    if found is not None:
        return found
    return Claim(memory.text, memory.kind, denied=is_negated(memory.text))


def _denies(new: Claim, old: Memory) -> bool:
    """Say whether one says what the other one denies, in the same words."""
    told = content(new.text)
    return (
        bool(told)
        and told == content(old.text)
        and is_negated(new.text) is not is_negated(old.text)
    )


def _same(new: Claim, old: Memory, alike: float) -> bool:
    if new.kind is not old.kind:
        return False
    if says_same(new, claimed(old)):
        return True
    one, other = content(new.text), content(old.text)
    shared = len(one & other) / max(1, len(one | other))
    return (alike >= LEAST_ALIKE or shared > _LEAST_SHARED) and _differ_in_nothing(
        new.text, old.text
    )


def _differ_in_nothing(one: str, other: str) -> bool:
    """Say whether what only one of two texts has can change nothing: no number, name or denial."""
    first, second = words(one), words(other)
    apart = {each for each in (*first[1:], *second[1:]) if (each in first) is not (each in second)}
    return is_negated(one) is is_negated(other) and not any(
        each[0].isupper() or any(sign.isdigit() for sign in each) for each in apart
    )
