"""Which memories an order to forget is about, and whether that is plain. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.memories import Memory, MemoryKind
from app.memory.writing.commands import Command
from app.memory.writing.settling import claimed
from app.memory.writing.wording import content, is_negated

_FITS: Final = 0.5
# Of a memory that is meant so much is named, where only one is.
_PLAIN: Final = 0.5
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Meant:
    """What an order may mean, the likeliest first; `plain` where it can be nothing else."""

    memories: tuple[Memory, ...] = ()
    plain: bool = False


def meant(command: Command, kept: Sequence[Memory]) -> Meant:
    """Return which of these memories an order to forget is about."""
    asked = content(command.words)
    scored = [(each, _share(asked, each)) for each in kept]
    found = sorted((each for each in scored if each[1] >= _FITS), key=lambda each: -each[1])
    told = [each for each in found if each[0].kind is not MemoryKind.TURN] or found
    whole = [memory for memory, share in told if share == 1]
    plain = (
        not command.broad
        and len(whole) == 1
        and len(told) == len(whole)
        and len(asked & _all(whole[0])) >= _PLAIN * len(content(whole[0].text))
        and is_negated(command.words) is is_negated(whole[0].text)
    )
    if plain:
        return Meant((whole[0],), plain=True)
    return Meant(tuple(memory for memory, _ in (found if command.broad else told)[:_MOST]))


def tracks(memory: Memory, turns: Sequence[Memory]) -> tuple[int, ...]:
    """Return the turns that say what a memory says, and so would bring it back."""
    told = content(memory.text)
    return tuple(
        each.id
        for each in turns
        if each.kind is MemoryKind.TURN and each.id != memory.id and told <= content(each.text)
    )


def _all(memory: Memory) -> frozenset[str]:
    """Return what a memory is about, also by the common name of a thing: "Katze" is a cat."""
    about = claimed(memory).about.replace("self.", "").replace(".", " ")
    return content(memory.text) | content(about)


def _share(asked: frozenset[str], memory: Memory) -> float:
    return len(asked & _all(memory)) / max(1, len(asked))
