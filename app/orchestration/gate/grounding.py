"""Whether what an answer quotes and counts stands in what was given."""

import re
from typing import Final

from app.orchestration.gate.forms import NO_OPINION, Verdict
from app.orchestration.question import Question

# Fewer words between quotation marks are a name or a title.
LEAST_QUOTED: Final = 3
LONGEST: Final = 400_000
# Kinds of tasks whose numbers have to come from what was given.
COUNTED: Final = frozenset({"document", "known", "earlier"})
_QUOTE = re.compile(
    r"\"([^\"\n]{8,600})\"|\u201c([^\u201d\n]{8,600})\u201d|\u201e([^\u201c\u201d\n]{8,600})[\u201c\u201d]"
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*\d|(?<![\w.])\d")


def quotes(question: Question, answer: str) -> Verdict:
    """Say whether longer quotations stand in the messages before; where none is made, nothing."""
    # In JSON and code, quotation marks hold values.
    if answer.lstrip()[:1] in {"{", "["} or "```" in answer:
        return NO_OPINION
    quoted = [next(filter(None, found.groups())) for found in _QUOTE.finditer(answer[:LONGEST])]
    quoted = [each for each in quoted if len(each.split()) >= LEAST_QUOTED]
    given = _plain(given_text(question)) if quoted else ""
    if len(given.split()) < 4 * LEAST_QUOTED:
        return NO_OPINION
    for each in quoted:
        if _plain(each).strip(".,;:!? ") not in given:
            return -1, f"These words do not stand in what was given: {each[:80]}"
    return 1, ""


def numbers(question: Question, answer: str) -> Verdict:
    """Say whether the numbers in an answer stand in what was given."""
    found = {_figure(each) for each in _NUMBER.findall(answer[:LONGEST])}
    given = {_figure(each) for each in _NUMBER.findall(given_text(question))} if found else set()
    if not given:
        return NO_OPINION
    strange = sorted(found - given)
    if not strange:
        return 1, ""
    return -1, f"This number does not stand in what was given: {strange[0]}"


def given_text(question: Question) -> str:
    """Return all messages up to the question, as one text."""
    return "\n".join(message.content for message in question.thread)[-LONGEST:]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _figure(number: str) -> str:
    return number.replace(",", "").rstrip(".")
