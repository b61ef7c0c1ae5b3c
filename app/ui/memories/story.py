"""What was done to memories, in words."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain.memories import Act, Happened, Memory
from app.ui.memories.words import one_line


def act_words(act: Act) -> str:
    """Return what was done."""
    translate = QCoreApplication.translate
    return {
        Act.ADDED: translate("Memories", "learned"),
        Act.CHANGED: translate("Memories", "changed"),
        Act.ARCHIVED: translate("Memories", "archived"),
        Act.RESTORED: translate("Memories", "restored"),
        Act.ACCEPTED: translate("Memories", "accepted"),
        Act.REFUSED: translate("Memories", "refused"),
        Act.EXPIRED: translate("Memories", "no longer valid"),
        Act.SUPERSEDED: translate("Memories", "replaced by something newer"),
        Act.MERGED: translate("Memories", "merged with another"),
        Act.DELETED: translate("Memories", "deleted"),
        Act.BROUGHT_BACK: translate("Memories", "brought back"),
    }[act]


def told(happened: Happened, memories: Mapping[int, Memory]) -> str:
    """Return what happened, with the words it happened to where they are still kept."""
    act, memory = act_words(happened.act), memories.get(happened.memory_id)
    before, after = happened.before, happened.after
    if "text" in before and "text" in after:
        return f"{act}: “{_text(before)}” → “{_text(after)}”"
    if memory is None:
        return act
    return f"{act}: “{one_line(memory.text)}”"


def _text(fields: Mapping[str, Any]) -> str:
    return one_line(str(fields["text"]))
