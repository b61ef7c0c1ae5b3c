"""What kind of task a question is, from its words alone: rules in English and German.

What is asked is told from what was given along with it: a long text is known by how it begins and
ends. The first rule that holds decides.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from app.orchestration.gate.arithmetic import has_calculation
from app.orchestration.question import Question
from app.orchestration.router import wordings

# Longer texts are known by their begin and end; so much of either may be the request itself.
EDGE: Final = 2000
REQUEST: Final = 240
# Up to so many characters, a text is all request.
SHORT: Final = 400
# A text of so many words, sentences or lines has something given in it.
MATERIAL_WORDS: Final = 40
STATEMENTS: Final = 5
SHORT_TALK_WORDS: Final = 16
REMARK_WORDS: Final = 8
FOLLOW_UP_WORDS: Final = 7

_SENTENCE_END = re.compile(r"[.!?][\"'”)]?\s|\n")
_HEAD_END = re.compile(r"[.!?:][\"'”)]?\s|\n")
_NUMBER = re.compile(r"\d")
# Things that are told of one after the other: "Anna: 5", "Bert lives in Kiel".
_RECORD = re.compile(
    r"(?:^|[.\n] ?)(?!(?:I|He|She|It|We|You|Ich|Er|Sie|Es|Wir|Du)\b)\w+(?: \d+)?(:| \w+ )"
)


@dataclass(frozen=True)
class _Asked:
    """A question as the rules see it."""

    question: Question

    @cached_property
    def text(self) -> str:
        """The text, without its middle if that is long."""
        text = self.question.text
        return text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"

    @cached_property
    def request(self) -> str:
        """What is asked, without what was given."""
        text = self.text.strip()
        if len(text) <= SHORT:
            return text
        return f"{_head(text[:REQUEST])}\n{_tail(text[-REQUEST:])}"

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def statements(self) -> int:
        """How many sentences or lines there are."""
        return len(_SENTENCE_END.findall(f"{self.text.strip()} "))

    @property
    def gives(self) -> bool:
        """Whether something was given to be worked on."""
        return self.words >= MATERIAL_WORDS or self.statements >= STATEMENTS or self.lists

    @cached_property
    def lists(self) -> bool:
        """Whether the same is told of several things."""
        told = Counter(_RECORD.findall(self.text)).most_common(1)
        return bool(told) and told[0][1] > 1

    @cached_property
    def system(self) -> str:
        first = self.question.thread[:1]
        return first[0].content[:EDGE] if first and first[0].role == "system" else ""

    def has(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.request))


def family_of(question: Question) -> str:
    """Return the kind of task, one of `FAMILIES`; what fits nowhere is `other`."""
    asked = _Asked(question)
    if question.schema is not None:
        return "structured"
    if question.tools:
        return "chat" if _is_talk(asked) else "tools"
    if wordings.WANTS_FORM.search(asked.system):
        return "structured"
    found = next((name for name, holds in _RULES if holds(asked)), "other")
    return _of_the_last(question) or found if _follows(asked, found) else found


def _head(text: str) -> str:
    end = _HEAD_END.search(text, 8)
    return text[: end.end()] if end else text


def _tail(text: str) -> str:
    ends = [each.end() for each in _SENTENCE_END.finditer(text.rstrip())]
    return text[ends[-1] :] if ends else text


def _is_code(asked: _Asked) -> bool:
    if asked.has(wordings.CODE):
        return True
    return bool(wordings.CODE_SIGNS.search(asked.text)) and not wordings.JSON_TEXT.search(
        asked.text
    )


def _is_form(asked: _Asked) -> bool:
    if asked.has(wordings.FORMS):
        return True
    return bool(wordings.JSON_TEXT.search(asked.text) and wordings.SCHEMA.search(asked.text))


def _is_earlier(asked: _Asked) -> bool:
    if asked.question.turns < 2 or asked.gives:
        return False
    return asked.has(wordings.BEFORE) or (
        asked.has(wordings.MINE) and not wordings.ABOUT_USER.search(asked.system)
    )


def _is_known(asked: _Asked) -> bool:
    return not asked.gives and asked.has(wordings.MINE)


def _is_document(asked: _Asked) -> bool:
    return asked.has(wordings.LOOKS_UP)


def _is_sum(asked: _Asked) -> bool:
    request = asked.request
    if has_calculation(request) or asked.has(wordings.MATHS):
        return True
    told = len(_NUMBER.findall(asked.text)) >= 2 and asked.has(wordings.STORY)
    return told and bool(wordings.ADDS_UP.search(asked.text)) and asked.words < 4 * MATERIAL_WORDS


def _is_talk(asked: _Asked) -> bool:
    return asked.words <= SHORT_TALK_WORDS and asked.has(wordings.TALKS)


def _is_remark(asked: _Asked) -> bool:
    return asked.words <= REMARK_WORDS and asked.has(wordings.REMARKS)


def _follows(asked: _Asked, found: str) -> bool:
    """Return whether a question says too little to stand alone."""
    short = asked.words <= FOLLOW_UP_WORDS and asked.question.turns > 1
    return short and found in {"other", "facts"} and asked.has(wordings.FOLLOWS)


def _of_the_last(question: Question) -> str:
    """Return the kind of the question before, or ''."""
    before = [at for at, each in enumerate(question.thread[:-1]) if each.role == "user"]
    if not before:
        return ""
    thread = (question.thread[before[-1]],)
    return family_of(replace(question, text=thread[0].content, thread=thread))


_RULES: Final[tuple[tuple[str, Callable[[_Asked], bool]], ...]] = (
    ("code", _is_code),
    ("structured", _is_form),
    ("earlier", _is_earlier),
    ("document", lambda asked: asked.has(wordings.QUOTES)),
    ("math", lambda asked: not asked.gives and asked.has(wordings.FORMULA)),
    ("rewrite", lambda asked: asked.has(wordings.CHANGES)),
    ("document", _is_document),
    ("tools", lambda asked: not asked.gives and asked.has(wordings.ACTIONS)),
    ("words", lambda asked: asked.has(wordings.PUZZLES)),
    ("math", _is_sum),
    ("known", _is_known),
    ("document", lambda asked: asked.gives and not asked.has(wordings.MAKES)),
    ("chat", _is_talk),
    ("other", lambda asked: asked.has(wordings.MAKES)),
    ("chat", _is_remark),
    ("facts", lambda asked: asked.has(wordings.ASKS)),
)
