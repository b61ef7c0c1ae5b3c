"""What is said about a command that was carried out, in the language it was given in. Pure."""

from collections.abc import Sequence
from typing import Final

from app.domain.memories import Memory
from app.memory.writing.commands import Language

_WORDS: Final[dict[str, dict[Language, str]]] = {
    "kept": {"en": "I will remember this: {text}", "de": "Das merke ich mir: {text}"},
    "known": {"en": "I knew this already: {text}", "de": "Das wusste ich schon: {text}"},
    "instead": {
        "en": "I will remember this instead of what I knew: {text}",
        "de": "Das merke ich mir statt dessen, was ich wusste: {text}",
    },
    "off": {
        "en": "Memory is off in this chat, so nothing was kept.",
        "de": "In diesem Chat ist das Gedächtnis aus; es wurde nichts behalten.",
    },
    "long": {
        "en": "This is too long for one memory; attach it as a document instead.",
        "de": "Das ist zu lang für eine Erinnerung; fügen Sie es als Dokument an.",
    },
    "forgot": {"en": "Forgotten: {text}", "de": "Vergessen: {text}"},
    "forgot_many": {
        "en": "{count} memories are forgotten.",
        "de": "{count} Erinnerungen sind vergessen.",
    },
    "nothing": {
        "en": "I remember nothing about this.",
        "de": "Darüber weiß ich nichts.",
    },
    "which_one": {
        "en": "Should this be forgotten: {text}",
        "de": "Soll das vergessen werden: {text}",
    },
    "which": {
        "en": "{count} memories may be meant; choose what should be forgotten.",
        "de": "{count} Erinnerungen können gemeint sein; wählen Sie, was vergessen werden soll.",
    },
}
_MOST: Final = 200


def reply(name: str, language: Language, text: str = "", count: int = 0) -> str:
    """Return one plain sentence."""
    short = text if len(text) <= _MOST else f"{text[: _MOST - 1].rstrip()}…"
    return _WORDS[name][language].format(text=short, count=count)


def forgotten(memories: Sequence[Memory], language: Language) -> str:
    """Return what is said when memories were forgotten."""
    if len(memories) == 1:
        return reply("forgot", language, memories[0].text)
    return reply("forgot_many", language, count=len(memories))


def which(memories: Sequence[Memory], language: Language) -> str:
    """Return what is asked when it is not plain what is to be forgotten."""
    if len(memories) == 1:
        return reply("which_one", language, memories[0].text)
    return reply("which", language, count=len(memories))
