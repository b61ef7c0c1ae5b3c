"""A turn as evidence: what was said, word for word, in passages that can be found. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.memories import MemoryKind, MemorySource, MemoryStatus, NewMemory, Trust
from app.memory.blocks import Block, BlockKind, blocks, pieces
from app.memory.writing.orders import is_order
from app.memory.writing.saying import Said

# A passage of a long message; a piece of code or a table may be longer, to stay whole.
PASSAGE: Final = 2_000
_WHOLE: Final = 8_000
# However much is pasted: its beginning and its end say what it is.
MOST_PASSAGES: Final = 40
_FIRST: Final = 32
_LAST: Final = MOST_PASSAGES - _FIRST
_BEGINNING: Final = _FIRST * PASSAGE
_END: Final = _LAST * PASSAGE
_WIDE: Final = 2
_IMPORTANCE: Final = {"user": 0.4, "assistant": 0.2}
_STRANGERS: Final = (MemorySource.TOOL, MemorySource.WEB, MemorySource.IMPORT)


def evidence(scope: str, said: Said, before: Sequence[Said]) -> tuple[tuple[NewMemory, ...], bool]:
    """Return a message as memories, and whether they are all of it.

    Of a very long message they are its beginning and its end.
    """
    kept, whole = _kept(said.text)
    told = tuple(f"{each.speaker}: {each.text}" for each in before[-_WIDE:] if each.text.strip())
    made = tuple(
        _memory(scope, said, part, told if number == 0 else (kept[number - 1],), len(kept))
        for number, part in enumerate(kept)
    )
    return made, whole


def _kept(text: str) -> tuple[tuple[str, ...], bool]:
    if len(text) > _BEGINNING + _END:  # what is cut in the middle of a passage is left out
        first, last = cut(text[:_BEGINNING])[:-1], cut(text[-_END:])[1:]
    else:
        first = last = cut(text)
        if len(first) <= MOST_PASSAGES:
            return first, True
    return (*first[:_FIRST], *last[-_LAST:]), False


def cut(text: str) -> tuple[str, ...]:
    """Return a message in passages: whole where it is short, else cut at the ends of paragraphs."""
    if len(text) <= PASSAGE:
        return (text,) if text.strip() else ()
    return tuple(_packed(text))


def _packed(text: str) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for block in (piece for each in blocks(text) for piece in pieces(each, _most(each))):
        if held and size + len(block.text) > PASSAGE:
            yield "\n\n".join(held)
            held, size = [], 0
        held.append(block.text)
        size += len(block.text) + 2
    if held:
        yield "\n\n".join(held)


def _most(block: Block) -> int:
    return _WHOLE if block.kind in {BlockKind.CODE, BlockKind.TABLE} else PASSAGE


def _memory(scope: str, said: Said, text: str, before: tuple[str, ...], parts: int) -> NewMemory:
    own = MemorySource.USER if said.role == "user" else MemorySource.ASSISTANT
    source = said.source or own
    strange = source in _STRANGERS or _is_smuggled(text, said, parts)
    trusted = Trust.USER if source is MemorySource.USER else Trust.MODEL
    return NewMemory(
        scope=scope,
        text=text,
        kind=MemoryKind.TURN,
        source=source,
        trust=Trust.UNTRUSTED if strange else trusted,
        status=MemoryStatus.PROPOSED if strange else MemoryStatus.ACTIVE,
        speaker=said.speaker,
        conversation_id=said.conversation_id,
        message_id=said.message_id,
        event_at=said.at,
        importance=_IMPORTANCE[said.role],
        before=before,
    )


def _is_smuggled(text: str, said: Said, parts: int) -> bool:
    """Say whether these are orders that somebody else wrote.

    What is pasted is long; what an answer says may come from a page a tool has read.
    """
    return (parts > 1 or said.role == "assistant") and is_order(text)
