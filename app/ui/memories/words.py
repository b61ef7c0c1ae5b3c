"""What memories are, in words."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from app.domain.memories import (
    EVERYWHERE,
    Memory,
    MemoryKind,
    MemorySource,
    MemoryStatus,
    Sort,
    Trust,
    Why,
)
from app.domain.names import printable

_TITLE = 60
_LINE = 400
# From here on a memory counts as more, or less, than usual.
LOW, USUAL, HIGH = 0.2, 0.5, 0.9


def one_line(text: str) -> str:
    """Return a text as one line that moves nothing around it."""
    return printable(" ".join(text[: 2 * _LINE].split()), _LINE)


def kind_words(kind: MemoryKind) -> str:
    """Return what a memory is."""
    translate = QCoreApplication.translate
    return {
        MemoryKind.TURN: translate("Memories", "said in a chat"),
        MemoryKind.FACT: translate("Memories", "fact"),
        MemoryKind.PREFERENCE: translate("Memories", "preference"),
        MemoryKind.TASK: translate("Memories", "task"),
        MemoryKind.SUMMARY: translate("Memories", "summary"),
        MemoryKind.PASSAGE: translate("Memories", "passage of a document"),
    }[kind]


def source_words(source: MemorySource) -> str:
    """Return where words come from."""
    translate = QCoreApplication.translate
    return {
        MemorySource.USER: translate("Memories", "from you"),
        MemorySource.ASSISTANT: translate("Memories", "from an answer"),
        MemorySource.TOOL: translate("Memories", "from a tool"),
        MemorySource.WEB: translate("Memories", "from the web"),
        MemorySource.DOCUMENT: translate("Memories", "from a document"),
        MemorySource.IMPORT: translate("Memories", "imported"),
    }[source]


def trust_words(trust: Trust) -> str:
    """Return who stands for a memory."""
    translate = QCoreApplication.translate
    return {
        Trust.USER: translate("Memories", "you stand for it"),
        Trust.MODEL: translate("Memories", "a model found it"),
        Trust.UNTRUSTED: translate("Memories", "not trusted"),
    }[trust]


def status_words(status: MemoryStatus) -> str:
    """Return how a memory stands."""
    translate = QCoreApplication.translate
    return {
        MemoryStatus.ACTIVE: translate("Memories", "remembered"),
        MemoryStatus.PROPOSED: translate("Memories", "proposed"),
        MemoryStatus.ARCHIVED: translate("Memories", "archived"),
        MemoryStatus.SUPERSEDED: translate("Memories", "replaced"),
    }[status]


def sort_words(sort: Sort) -> str:
    """Return an order."""
    translate = QCoreApplication.translate
    return {
        Sort.NEWEST: translate("Memories", "newest first"),
        Sort.OLDEST: translate("Memories", "oldest first"),
        Sort.CHANGED: translate("Memories", "last changed first"),
        Sort.USED: translate("Memories", "most used first"),
        Sort.IMPORTANT: translate("Memories", "most important first"),
    }[sort]


def scope_words(scope: str, titles: Mapping[str, str]) -> str:
    """Return where a memory counts; `titles` are those of chats by their ids."""
    translate = QCoreApplication.translate
    kind, _, name = scope.partition(":")
    if scope == EVERYWHERE:
        return translate("Memories", "everywhere")
    if kind == "chat":
        words = translate("Memories", "only in “%1”")
        title = titles.get(name) or translate("Memories", "a chat that is gone")
        return words.replace("%1", printable(title, _TITLE))
    if kind == "folder":
        words = translate("Memories", "folder %1")
    elif kind == "key":
        words = translate("Memories", "API key %1")
    else:
        words = "%1"
    return words.replace("%1", printable(name or scope, _TITLE))


def importance_words(importance: float) -> str:
    """Return how much a memory counts."""
    translate = QCoreApplication.translate
    if importance <= (LOW + USUAL) / 2:
        return translate("Memories", "of little weight")
    if importance >= (USUAL + HIGH) / 2:
        return translate("Memories", "important")
    return translate("Memories", "of usual weight")


def moment(at: float) -> str:
    """Return a day and a time."""
    return QLocale().toString(_time(at), QLocale.FormatType.ShortFormat)


def clock(at: float) -> str:
    """Return a time of the day."""
    return QLocale().toString(_time(at).time(), QLocale.FormatType.ShortFormat)


def day(at: float) -> str:
    """Return a day."""
    return QLocale().toString(_time(at).date(), QLocale.FormatType.LongFormat)


def second_line(memory: Memory, titles: Mapping[str, str]) -> str:
    """Return what stands below the words of a memory in a list."""
    said = [kind_words(memory.kind), scope_words(memory.scope, titles), moment(memory.created)]
    if memory.pinned:
        said.insert(0, QCoreApplication.translate("Memories", "pinned"))
    if memory.status is not MemoryStatus.ACTIVE:
        said.insert(0, status_words(memory.status))
    if memory.trust is Trust.UNTRUSTED:
        said.append(trust_words(memory.trust))
    return " · ".join(said)


def facts(memory: Memory, titles: Mapping[str, str]) -> str:
    """Return all that is known of a memory besides its words."""
    translate = QCoreApplication.translate
    learned = translate("Memories", "learned %1").replace("%1", moment(memory.created))
    used = translate("Memories", "given to a model %1 times").replace("%1", str(memory.uses))
    if not memory.uses:
        used = translate("Memories", "never given to a model yet")
    told = translate("Memories", "told %1 times").replace("%1", str(memory.told))
    lines = [
        [status_words(memory.status), kind_words(memory.kind), scope_words(memory.scope, titles)],
        [
            source_words(memory.source),
            trust_words(memory.trust),
            importance_words(memory.importance),
        ],
        [learned, used, told if memory.told > 1 else ""],
        [_dates(memory), _place(memory)],
    ]
    joined = (" · ".join(part for part in line if part) for line in lines)
    return "\n".join(line for line in joined if line)


def why_words(why: Why) -> str:
    """Return why a memory was recalled."""
    translate = QCoreApplication.translate
    said = [translate("Memories", "pinned: it is always given")] if why.pinned else []
    for rank, words in (
        (why.words, translate("Memories", "place %1 by its words")),
        (why.words_wide, translate("Memories", "place %1 by the words around it")),
        (why.meaning, translate("Memories", "place %1 by its meaning")),
        (why.meaning_wide, translate("Memories", "place %1 by the meaning around it")),
    ):
        if rank:
            said.append(words.replace("%1", str(rank)))
    return " · ".join(said)


def iso_day(at: float | None) -> str:
    """Return a day as it is written into a line, '' for none."""
    return "" if at is None else datetime.fromtimestamp(at).astimezone().date().isoformat()


def end_of(text: str) -> float | None:
    """Return the end of a day that was written as 2026-12-31; None where it is no day."""
    found = QDate.fromString(text.strip(), "yyyy-MM-dd")
    end = QDateTime(found, QTime(23, 59, 59))
    return end.toSecsSinceEpoch() if found.isValid() else None


def _dates(memory: Memory) -> str:
    translate = QCoreApplication.translate
    said = []
    if memory.event_at is not None:
        said.append(translate("Memories", "about %1").replace("%1", day(memory.event_at)))
    if memory.expires_at is not None:
        words = translate("Memories", "forgotten after %1")
        said.append(words.replace("%1", day(memory.expires_at)))
    return " · ".join(said)


def _place(memory: Memory) -> str:
    return printable(memory.place, _LINE) if memory.place else ""


def _time(at: float) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(at))
