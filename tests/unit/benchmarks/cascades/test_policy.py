"""The core over remembered answers, and what is said of them in tables."""

from collections.abc import Sequence

import pytest

from app.domain.routing import Group
from benchmarks.cascades import judging, table
from benchmarks.cascades.answers import Answered, Answers
from benchmarks.cascades.judging import Kept, given, promises, worth
from benchmarks.cascades.live import Lived
from benchmarks.cascades.policy import play
from benchmarks.cascades.questions import Asked, asked
from benchmarks.cascades.recorded import Recorded
from benchmarks.simulator.dice import chance

SKILLS = {"front": 0.5, "worker": 0.7, "architect": 0.95}
FAMILIES = ("talk", "facts", "known")


class Scripted(Answers):
    """A model that is right by chance, and sure where it is."""

    def __init__(self, name: str, questions: Sequence[Asked]) -> None:
        self.id = name
        self._questions = {each.thread[-1].content: each for each in questions}

    def ask(self, prompts: Sequence[str]) -> list[Answered]:
        return [self._said(prompt) for prompt in prompts]

    def close(self) -> None:
        pass

    def _said(self, prompt: str) -> Answered:
        right = chance("right", prompt) < SKILLS[self.id]
        sure = -0.01 if right else -1.0 - chance("sure", self.id, prompt)
        return Answered(
            prompt, "Right." if right else "Wrong.", (sure,) * 8, (0.5,) * 8, 40, 8, True
        )


@pytest.fixture(scope="module")
def questions() -> list[Asked]:
    found = [each for each in asked(10) if each.family in FAMILIES]
    return [
        Asked(each.family, each.grade, each.number, each.thread, lambda text: text == "Right.")
        for each in found
    ]


@pytest.fixture(scope="module")
def models(questions: list[Asked]) -> dict[str, Recorded]:
    return {name: Recorded(name, Scripted(name, questions)) for name in SKILLS}


def test_the_core_is_nearly_as_good_as_the_best_and_cheaper(
    questions: list[Asked], models: dict[str, Recorded]
) -> None:
    learned = [each for each in questions if each.is_calibration]
    measured = [each for each in questions if not each.is_calibration]
    rows = play(models, learned, measured)
    assert [row.number for row in rows] == list(range(len(measured)))
    assert all(set(row.seen) == set(SKILLS) for row in rows)
    right = sum(row.right for row in rows) / len(rows)
    assert right >= 0.9 * sum(row.seen["architect"].right for row in rows) / len(rows)
    spent = sum(row.seconds for row in rows)
    assert spent < sum(row.seen["architect"].seconds for row in rows)
    names = [check.what for check in table.path_checks(rows)]
    assert len(names) == 3
    assert "always architect" in table.policies(rows)
    assert "talk" in table.tiers(rows)
    lived = [Lived("x", "front", right=True, seconds=0.1, attempts=1, withdrawn=0)]
    assert "real seconds" in table.live(lived, rows)


def test_the_gate_tells_right_from_wrong_and_keeps_its_word(
    questions: list[Asked], models: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LEAST_MEASURED", 10)
    answers = [
        given(each, answered, model.id)
        for model in models.values()
        for each, answered in zip(questions, model.answer(questions), strict=True)
    ]
    found = worth(answers)
    assert found.separation > 0.95
    assert found.count == len(answers) // 2
    kept = promises(answers, 20)
    assert set(kept) >= {(each.model_id, Group.TALK) for each in answers}
    assert table.promise_check(kept).holds
    assert "front" in table.kept(kept, {name: name for name in SKILLS})


def test_a_broken_promise_is_counted() -> None:
    found = {("m", Group.TALK): Kept(10, 10, 4, 0.5, 0.2)}
    check = table.promise_check(found)
    assert not check.holds
    assert "40.0%" in check.figure
