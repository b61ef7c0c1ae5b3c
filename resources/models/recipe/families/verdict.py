"""Judging an answer: is it right?"""

import re
from collections.abc import Sequence

from resources.models.recipe.families.draw import Draw
from resources.models.recipe.families.task import Family, Task, exactly, user

ASK = "Is this answer right? Reply yes or no.\n\nQuestion:\n{q}\n\nAnswer:\n{a}"
_WORD = re.compile(r"[A-Za-z]{3,}|\d")


def family_of(judged: Sequence[Family]) -> Family:
    """Return the family that asks for a judgement of answers to the families `judged`."""

    def make(draw: Draw, grade: int) -> Task:
        task = draw.pick(judged).make(draw, grade)
        right = draw.chance(0.5)
        answer = task.answer if right else _spoiled(draw, task)
        if not right and task.check(answer):
            return make(draw, grade)
        question = str(task.messages[-1]["content"])
        text = ASK.replace("{q}", question).replace("{a}", answer)
        verdict = "Yes." if right else "No."
        return Task((user(text),), verdict, exactly(verdict))

    return Family("verdict", make)


def _spoiled(draw: Draw, task: Task) -> str:
    """Return the answer with a digit or a word changed, as a weak model would miss it."""
    places = list(_WORD.finditer(task.answer))
    if not places:
        return f"{task.answer} {draw.thing()}"
    at = draw.pick(places)
    old = at[0]
    if old.isdigit():
        new = str((int(old) + draw.between(1, 9)) % 10)
    elif draw.chance(0.5) and len(places) > 1:
        new = draw.pick(
            [place[0] for place in places if place[0] != old and not place[0].isdigit()]
            or [draw.thing()]
        )
    else:
        new = draw.name() if old[0].isupper() else draw.thing()
    return task.answer[: at.start()] + new + task.answer[at.end() :]
