"""All checks that can tell something for sure, and what their verdicts together mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from app.orchestration.escalation import Cause
from app.orchestration.failopen import advised
from app.orchestration.gate import arithmetic
from app.orchestration.gate.forms import NO_OPINION, Verdict, fences, json_form, python_form
from app.orchestration.gate.grounding import COUNTED, numbers, quotes
from app.orchestration.gate.lengths import length
from app.orchestration.gate.wordwork import backwards, letters, one_word, ordered
from app.orchestration.question import Question

Check = Callable[[Question, str], Verdict]
LONGEST: Final = 200_000  # characters of an answer that are checked


def _equations(question: Question, answer: str) -> Verdict:
    # To repeat what was asked about is no mistake.
    asked = {each.text for each in arithmetic.equations(question.text[:LONGEST])}
    found = [each for each in arithmetic.equations(answer) if each.text not in asked]
    wrong = [each.text for each in found if each.right is False]
    if wrong:
        return -1, f"{wrong[0]} is wrong."
    return int(any(each.right for each in found)), ""


def _calculation(question: Question, answer: str) -> Verdict:
    if question.tools:  # the answer may be to ask one
        return NO_OPINION
    found = arithmetic.answered(question.text, answer)
    return found, "The result is wrong; work it out again step by step." if found < 0 else ""


CHECKS: Final[Mapping[str, Check]] = {
    "json": json_form,
    "python": python_form,
    "fences": fences,
    "equations": _equations,
    "calculation": _calculation,
    "order": ordered,
    "backwards": backwards,
    "letters": letters,
    "one word": one_word,
    "length": length,
    "quotes": quotes,
    "numbers": numbers,
}
# Who says no to the form alone; the others say no to what is said.
FORMS: Final = frozenset({"json", "python", "fences", "one word", "length"})
# Whose yes proves an answer right: the question says all there is to know.
PROVING: Final = frozenset({"calculation", "order", "backwards", "letters"})
# Whose no is a hint only: an answer may count what was given.
HINTS: Final = frozenset({"numbers"})


@dataclass(frozen=True, slots=True)
class Validated:
    """What the checks said: 1 passed, -1 failed, by name; those with no opinion are left out.

    `cause` and `detail`: the first mistake. `proven`: 1 or 0 where a check can tell for sure.
    """

    verdicts: Mapping[str, int] = field(default_factory=dict)
    cause: Cause | None = None
    detail: str = ""
    proven: float | None = None


def validated(question: Question, family: str, answer: str) -> Validated:
    """Return what all checks say of an answer; one that breaks has no opinion."""
    verdicts: dict[str, int] = {}
    cause, detail = None, ""
    if len(answer) > LONGEST:
        return Validated()  # a part of it would be judged for the whole
    for name, check in CHECKS.items():
        if name == "numbers" and family not in COUNTED:
            continue
        verdict, words = advised(
            partial(check, question, answer), NO_OPINION, f"the check of {name}"
        )
        if verdict:
            verdicts[name] = verdict
        if verdict < 0 and name not in HINTS and cause is None:
            cause = Cause.MALFORMED if name in FORMS else Cause.WRONG
            detail = words
    return Validated(verdicts, cause, detail, _proven(verdicts, cause))


def settled(verdicts: Mapping[str, int]) -> float | None:
    """Return 1 where checks alone let an answer pass, 0 where they alone stop it, else None."""
    if any(verdict < 0 and name not in HINTS for name, verdict in verdicts.items()):
        return 0.0
    return 1.0 if any(verdicts.get(name, 0) > 0 for name in PROVING) else None


def _proven(verdicts: Mapping[str, int], cause: Cause | None) -> float | None:
    """Return what is sure either way.

    A check that can only say no proves nothing here: who learned from its words would hear of
    wrong answers alone, and believe that a model is never right.
    """
    sure = [verdicts[name] for name in PROVING if name in verdicts]
    if not sure:
        return None
    return 1.0 if cause is None and min(sure) > 0 else 0.0
