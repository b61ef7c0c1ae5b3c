"""What is wrong with an answer whatever it says: nothing in it, a loop, its end, an echo.

A refusal is told too, but is no fault by itself: it may be the right answer.
"""

import re
from typing import Final

from app.orchestration.escalation import Cause
from app.orchestration.gate.language import differs, name_of
from app.orchestration.gate.loops import is_loop
from app.orchestration.question import Question

# A refusal says so at its beginning.
OPENING: Final = 200
# An answer with so much of the question's words says nothing; short questions may be repeated.
ECHO: Final = 0.9
LEAST_ECHO_WORDS: Final = 8
# Kinds of tasks whose answers are meant to repeat, or to be in the language of something given.
REPEATING: Final = frozenset({"rewrite", "structured", "document", "code", "words"})
LONGEST: Final = 200_000  # characters that are looked at

_REFUSALS: Final = (
    r"i(?:'m| am) (?:sorry|afraid)[,.]? (?:but )?i (?:can(?:'t|not)|am (?:unable|not able))",
    r"i (?:can(?:'t|not)|am unable to|am not able to|won't|will not) (?:help|assist|answer|do|"
    r"provide|comply|fulfil|discuss)",
    r"as an ai(?: language)? model",
    r"i (?:do not|don't) (?:know|have (?:access|information|enough information))",
    r"es tut mir leid[,.]? (?:aber )?(?:ich|das) kann",
    r"(?:das|dabei|ich) (?:kann|darf) (?:ich )?(?:dir |ihnen )?(?:leider )?nicht (?:helfen|"
    r"beantworten|sagen)",
    r"(?:das )?weiß ich (?:leider )?nicht",
    r"je (?:suis désolé|ne peux pas|ne sais pas)",
    r"(?:lo siento|no puedo (?:ayudar|responder)|no lo sé)",
    r"(?:mi dispiace|non (?:posso (?:aiutare|rispondere)|lo so))",
    r"(?:desculpe|não (?:posso (?:ajudar|responder)|sei))",
    r"(?:het spijt me|ik (?:kan (?:je |u )?(?:daar )?niet (?:bij )?(?:helpen|mee helpen)|"
    r"weet het niet))",
    r"(?:przykro mi|nie (?:mogę|wiem))",
    r"(?:извините|я не (?:могу|знаю))",
)
_REFUSAL = re.compile(rf"^\W*(?:{'|'.join(_REFUSALS)})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def is_refusal(text: str) -> bool:
    """Return whether an answer says that it will not or cannot answer."""
    return _REFUSAL.search(text[:OPENING].replace("\u2019", "'")) is not None


def is_empty(text: str) -> bool:
    """Return whether there is not a letter, digit or sign in it."""
    return not any(not letter.isspace() for letter in text[:LONGEST])


def is_echo(question: str, answer: str) -> bool:
    """Return whether an answer is the question once more."""
    asked = set(_WORD.findall(question[:LONGEST].casefold()))
    said = set(_WORD.findall(answer[:LONGEST].casefold()))
    if len(asked) < LEAST_ECHO_WORDS or not said:
        return False
    return len(asked & said) / len(asked | said) > ECHO


def fault(
    question: Question, family: str, answer: str, finish_reason: str, *, capped: bool
) -> tuple[Cause, str] | None:
    """Return what is wrong with an answer and the detail in words, or None.

    Args:
        question: what was asked.
        family: the kind of task.
        answer: the words.
        finish_reason: why the answer ended.
        capped: the user limited its length, so that an end there is no fault.
    """
    if is_empty(answer):
        return Cause.EMPTY, ""
    if finish_reason == "loop" or is_loop(answer[:LONGEST]):
        return Cause.LOOP, ""
    if finish_reason == "length" and not capped:
        return Cause.CUT_OFF, ""
    return None if family in REPEATING else _beside_the_point(question.text, answer)


def _beside_the_point(question: str, answer: str) -> tuple[Cause, str] | None:
    if is_echo(question, answer):
        return Cause.EMPTY, "It repeats the question."
    wanted = differs(question, answer)
    return (Cause.LANGUAGE, f"Answer in {name_of(wanted)}.") if wanted else None
