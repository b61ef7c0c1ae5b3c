"""The task families: right answers pass, wrong ones do not, and nothing held out is trained on."""

import ast
import json
import keyword
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.models.recipe import mix, source
from resources.models.recipe.families import (
    arithmetic,
    code,
    context,
    drills,
    editing,
    facts,
    json_tasks,
    notes,
    puzzles,
    searching,
    talk,
    tools,
    unknown,
)
from resources.models.recipe.families.draw import CARRIERS, Draw, Wording, bare, is_clean
from resources.models.recipe.families.running import code_of, is_harmless, passes
from resources.models.recipe.families.sides import is_held_number, is_on_both_sides
from resources.models.recipe.families.task import Family, Task
from resources.models.recipe.families.trained import TRAINED_BEFORE
from resources.models.recipe.families.words import CITIES, HELD_WORDS, NAMES, NATURE, THINGS
from resources.models.recipe.plans import PLANS

CELLS = [(kind.family, grade) for kind in mix.KINDS for grade in kind.family.grades]
# Every answer of these is run in a process of its own.
RUN = ("code", "verdict")


def _written(task: Task) -> str:
    """Return the answer as a model would write it."""
    calls = [f"<tool_call>\n{json.dumps(call['function'])}\n</tool_call>" for call in task.calls]
    return "\n".join([task.answer] if task.answer else []) + "\n".join(calls)


@pytest.mark.parametrize(("family", "grade"), CELLS, ids=lambda each: getattr(each, "name", each))
def test_the_wanted_answer_is_right_and_another_is_not(family: Family, grade: int) -> None:
    for held in (False, True):
        draw = Draw(Random(f"{family.name} {grade}"), held=held)
        for _ in range(3 if family.name in RUN else 40):
            task = family.make(draw, grade)
            assert task.check(_written(task)), task
            assert task.check(f"<think>\nhm\n</think>\n\n{_written(task)}")
            assert not task.check("")
            assert not task.check("Something else 4711")


@pytest.mark.parametrize(("family", "grade"), CELLS, ids=lambda each: getattr(each, "name", each))
def test_held_out_questions_are_many_and_always_the_same(family: Family, grade: int) -> None:
    first = mix.held_out(family.name, grade, 200)
    again = mix.held_out(family.name, grade, 200)
    assert len({json.dumps([i.task.messages, i.task.tools]) for i in first}) == 200
    assert [i.task.messages for i in first] == [i.task.messages for i in again]


@pytest.mark.parametrize("model", PLANS)
def test_training_never_sees_a_held_out_word_or_number(model: str) -> None:
    for done in (0.0, 1.0):
        for chat in islice(mix.chats(Random(7), model, done), 300):
            for message in chat.messages:
                assert is_clean(str(message["content"]))
                assert is_clean(json.dumps(message.get("tool_calls", "")))


def test_held_out_questions_hold_held_out_words() -> None:
    for family in ("sort", "look-up", "replace", "copy", "quote"):
        for item in mix.held_out(family, 2, 50):
            assert not is_clean(str(item.task.messages[-1]["content"])), item


def test_the_sides_of_every_pool_and_wording_are_apart() -> None:
    for pool in (NAMES, THINGS, NATURE):
        assert pool.held
        assert not set(pool.held) & set(pool.training)
    for wording in _wordings():
        assert wording.held
        assert wording.training
        assert not set(map(bare, wording.held)) & set(map(bare, wording.training))


def test_what_an_earlier_edition_has_learned_is_not_held_out() -> None:
    held = {bare(text) for wording in _wordings() for text in wording.held}
    trained = {bare(text) for wording in _wordings() for text in wording.training}
    assert not held & TRAINED_BEFORE
    assert trained >= TRAINED_BEFORE
    # Not in another list either.
    assert not held & trained


def _wordings() -> list[Wording]:
    modules = (
        *(talk, facts, arithmetic, puzzles, searching, code, unknown, tools, notes),
        *(context, editing, json_tasks),
    )
    found = [v for module in modules for v in vars(module).values() if isinstance(v, Wording)]
    found += [wording for _, _, wording, _ in context.ABOUT]
    led = [wording for wording, _ in (*talk.ENGLISH, *talk.GERMAN)]
    return [*found, *led, *notes.TELLS.values()]


def test_held_out_wordings_are_not_those_of_training() -> None:
    trained = {bare(str(chat.messages[-2]["content"])) for chat in islice(_front(), 3000)}
    for family in ("talk", "facts"):
        for grade in (1, 2):
            for item in mix.held_out(family, grade, 200):
                assert bare(str(item.task.messages[-1]["content"])) not in trained


def _front() -> Iterator[mix.Mixed]:
    return mix.chats(Random(3), "front", 0.5)


def test_common_numbers_are_on_both_sides_and_others_on_one() -> None:
    held = [number for number in range(10_000) if is_held_number(number)]
    assert 0.06 < len(held) / 10_000 < 0.14
    assert not any(is_on_both_sides(number) for number in held)
    assert not {7, 20, 56, 300, 365} & set(held)


def test_every_wording_of_held_words_is_lower_case() -> None:
    assert all(word == word.lower() for word in HELD_WORDS)


def test_a_wording_stands_for_every_choice() -> None:
    wording = Wording("(Please |)(sort|order) {w}(.|)")
    assert set(wording.training) | set(wording.held) == {
        f"{first}{stop}"
        for first in ("Please sort {w}", "Please order {w}", "Sort {w}", "Order {w}")
        for stop in (".", "")
    }


@given(st.integers())
@settings(max_examples=100)
def test_an_exercise_asks_for_nothing_but_what_stands_in_it(seed: int) -> None:
    task = drills.make(Draw(Random(seed)))
    assert task.check(task.answer)
    question = str(task.messages[-1]["content"])
    given = re.split(r"[^\w]+", question)
    letters = {letter for word in given for letter in word}
    for piece in re.split(r"[^\w]+", task.answer):
        assert piece in given or piece in letters or int(piece) in map(len, given)


def test_training_meets_unknown_words_in_wordings_and_values_and_the_evaluation_none() -> None:
    wording = Wording("(Tell me|Say) the capital of {c}.", "What is the capital of {c}?")
    said = {Draw(Random(seed)).say(wording) for seed in range(200)}
    unknown = said - set(wording.training)
    assert unknown
    assert all("the capital of {c}" in text for text in unknown)
    assert {Draw(Random(seed), held=True).say(wording) for seed in range(200)} <= set(wording.held)
    assert {Draw(Random(seed)).one_of(CITIES) for seed in range(200)} - set(CITIES)
    assert {Draw(Random(seed), held=True).one_of(CITIES) for seed in range(200)} <= set(CITIES)


@given(st.integers(), st.booleans())
@settings(max_examples=100)
def test_a_made_up_word_is_no_word_with_a_meaning(seed: int, held: bool) -> None:
    word = Draw(Random(seed), held=held).made()
    assert word.isalpha()
    assert word.islower()
    assert word not in HELD_WORDS | CARRIERS
    assert not keyword.iskeyword(word)


@given(st.integers(0, 10**8), st.integers(0, 10**8))
@settings(max_examples=60)
def test_the_working_of_sums_and_differences_is_right(a: int, b: int) -> None:
    high, low = max(a, b), min(a, b)
    written = [line[-1] for line in arithmetic.column_sum(high, low).splitlines()]
    assert int("".join(reversed(written))) == high + low
    left = [line[-1] for line in arithmetic.column_difference(high, low).splitlines()]
    assert int("".join(reversed(left))) == high - low


@given(st.integers(10, 9999), st.integers(0, 9))
@settings(max_examples=60)
def test_the_working_of_products_is_right(a: int, b: int) -> None:
    written = [line[-1] for line in arithmetic.digit_product(a, b).splitlines()]
    assert int("".join(reversed(written))) == a * b


def test_functions_are_run_and_judged_by_their_results() -> None:
    cases: tuple[tuple[object, object], ...] = (([1, 2], 3), ([], 0))
    right = "Here it is:\n```python\ndef total(numbers):\n    return sum(numbers)\n```"
    assert passes("total", cases)(right)
    assert not passes("total", cases)(right.replace("sum", "len"))
    assert not passes("other", cases)(right)


@pytest.mark.parametrize(
    "body",
    [
        "import os\ndef f(x):\n    return x",
        "def f(x):\n    return open('/etc/passwd')",
        "def f(x):\n    return x.__class__",
        "def f(x):\n    return eval('x')",
        "def f(x:\n",
        "x = 1",
    ],
)
def test_code_that_reaches_outside_is_not_run(body: str) -> None:
    assert not is_harmless(body, "f")


def test_code_without_an_end_is_wrong_not_fatal() -> None:
    endless = "def f(x):\n    while True:\n        pass"
    assert ast.parse(endless)
    assert not passes("f", (([1], 1),))(endless)
    assert code_of(f"```python\n{endless}\n```").strip() == endless


def test_calls_are_compared_by_meaning() -> None:
    call = {"function": {"name": "calculator", "arguments": {"expression": "2 + 2"}}}
    check = tools.calls_are(call)
    body = '{"arguments": {"expression": "2+2"}, "name": "calculator"}'
    assert check(f"<tool_call>{body}</tool_call>")
    assert not check(f"<tool_call>{body}</tool_call>" * 2)
    assert not check("<tool_call>{</tool_call>")
    assert not check(body)


def test_chats_follow_from_the_seed_and_fit_the_window_mostly() -> None:
    one = list(islice(source.training("worker")(Random(5), 0.3), 50))
    again = list(islice(source.training("worker")(Random(5), 0.3), 50))
    assert one == again


def test_the_coder_learns_mostly_code() -> None:
    def share(model: str) -> float:
        chats = islice(mix.chats(Random(1), model, 1.0), 400)
        return sum("```python" in str(chat.messages) for chat in chats) / 400

    assert share("coder") > 0.35 > share("architect")


def test_the_recipe_names_no_path_of_a_machine() -> None:
    folder = Path(mix.__file__).parent
    assert not [file for file in folder.rglob("*.py") if "/root" in file.read_text("utf-8")]
