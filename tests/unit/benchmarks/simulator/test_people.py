"""Simulated models: as good, as sure and as fast as they are said to be, the same every time."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.orchestration.gate.checks import is_refusal
from benchmarks.simulator import fitted
from benchmarks.simulator.items import GRADES, KINDS, Item, draw
from benchmarks.simulator.people import Model, models
from resources.models.recipe.figures import auroc

FITTED = fitted.load(Path("nowhere"))


def some(kind: str, count: int, grade: int = 2, seed: int = 1) -> list[Item]:
    return [draw(seed, number, kind, grade) for number in range(count)]


def shares(kind: str, seed: int, count: int = 300) -> Counter[str]:
    people = models(FITTED, seed)
    items = some(kind, count, seed=seed)
    return Counter({name: sum(each.say(i).right for i in items) for name, each in people.items()})


def test_every_kind_and_grade_can_be_drawn() -> None:
    for kind in KINDS:
        for grade in GRADES:
            item = draw(3, 7, kind, grade)
            assert item == draw(3, 7, kind, grade)
            assert item.thread[-1].role == "user"
            assert item.answer != item.other
            assert item.prompt_tokens > 16


def test_models_are_right_as_often_as_they_should() -> None:
    people = models(FITTED, 1)
    items = some("look-up", 1500)
    for model in people.values():
        right = sum(model.say(item).right for item in items) / len(items)
        assert right == pytest.approx(model.share(("look-up", 2)), abs=0.04)


def test_strong_models_fail_where_weak_ones_do() -> None:
    people = models(FITTED, 1)
    items = some("look-up", 1000)
    weak = [people["front"].say(item).right for item in items]
    strong = [people["architect"].say(item).right for item in items]
    only = sum(a and not b for a, b in zip(weak, strong, strict=True)) / len(items)
    assert 0 < only < 0.1


def test_how_sure_they_sound_tells_right_from_wrong_as_measured() -> None:
    separation = {"front": {"": 0.8, "look-up": 0.7}}
    people = models(replace(FITTED, separation=separation), 1)
    for kind, wanted in (("look-up", 0.7), ("facts", 0.8)):
        said = [people["front"].say(item) for item in some(kind, 1200, grade=3)]
        found = auroc([float(each.logprobs.mean()) for each in said], [e.right for e in said])
        assert found == pytest.approx(wanted, abs=0.04)


def test_right_answers_say_what_is_right_and_wrong_ones_something_else() -> None:
    model = models(FITTED, 2)["front"]
    for item in some("facts", 60):
        said = model.say(item)
        assert (said.text == item.answer) == said.right
        assert said.tokens == len(said.margins) >= 2
        assert (said.logprobs <= 0).all()
        assert not is_refusal(said.text)


def test_another_file_is_another_model() -> None:
    model = models(FITTED, 1)["front"]
    before, cells = model.id, [("add", 2), ("code", 2), ("facts", 2), ("talk", 2), ("copy", 2)]
    old = {cell: model.share(cell) for cell in cells}
    model.replace()
    assert model.id != before
    moved = [model.share(cell) - old[cell] for cell in cells]
    assert any(each > 0 for each in moved)
    assert any(each < 0 for each in moved)


def test_a_model_that_gets_worse_keeps_its_name() -> None:
    model, items = models(FITTED, 1)["architect"], some("facts", 800, grade=1)
    before = sum(model.say(item).right for item in items)
    name, model.worse = model.id, 0.15
    after = sum(model.say(item).right for item in items)
    assert model.id == name
    assert after / before == pytest.approx(0.85, abs=0.04)


def test_chance_depends_on_the_seed_alone() -> None:
    assert shares("words", 4) == shares("words", 4)
    assert shares("words", 4) != shares("words", 5)


def test_a_hint_helps_some_of_those_who_were_wrong() -> None:
    model: Model = models(FITTED, 1)["front"]
    wrong = [item for item in some("add", 400, grade=2) if not model.say(item).right]
    mended = [item for item in wrong if model.say(item, 1).right]
    assert 0 < len(mended) < len(wrong)
