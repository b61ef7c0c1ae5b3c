"""Conversation sets are read liberally, and the generated one is what it says."""

from collections import Counter
from typing import Any

import pytest

from benchmarks.recall_set import conversations
from benchmarks.recollection.sets import samples

SPOKEN: dict[str, Any] = {
    "conversation": {
        "speaker_a": "Eva",
        "speaker_b": "Tom",
        "session_2": [{"speaker": "Tom", "dia_id": "D2:1", "text": "A beagle."}],
        "session_2_date_time": "4:05 pm on 8 May, 2026",
        "session_1": [
            {"speaker": "Eva", "dia_id": "D1:1", "text": "Hello", "blip_caption": "a dog"},
            {"speaker": "Tom", "dia_id": "D1:2", "text": "Hi"},
            {"speaker": "Eva", "text": "How are you?"},
            {"speaker": "Tom", "dia_id": "D1:4", "text": "Fine"},
        ],
        "session_1_date_time": "1:56 pm on 8 May, 2026",
        "session_3_date_time": "later",
    },
    "qa": [
        {"question": "Which dog?", "answer": 1, "evidence": ["D2:1"], "category": 4},
        {"question": "Who?", "evidence": ["D1:1; D1:3", "D9:9", "D"], "category": 1},
        {"question": "What?", "adversarial_answer": "x", "category": 5},
        {"answer": "no question"},
    ],
}


def test_turns_come_in_order_with_what_was_said_before() -> None:
    (sample,) = samples(SPOKEN)
    assert [each.dia_id for each in sample.turns] == ["D1:1", "D1:2", "D1:3", "D1:4", "D2:1"]
    assert sample.turns[0].said == "Eva: Hello [a dog]"
    assert sample.turns[3].before == ("Tom: Hi", "Eva: How are you?")
    assert sample.turns[4].before == ()
    assert sample.turns[4].at - sample.turns[0].at == 2 * 3600 + 9 * 60


def test_evidence_that_is_written_oddly_is_understood() -> None:
    (sample,) = samples([SPOKEN])
    assert [each.evidence for each in sample.questions] == [("D2:1",), ("D1:1", "D1:3"), ()]
    assert [each.category for each in sample.questions] == ["4", "1", "5"]


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    return conversations()


def test_the_same_seed_makes_the_same_conversations(made: list[dict[str, Any]]) -> None:
    assert conversations(count=2) == made[:2]
    assert conversations(seed=2, count=1) != made[:1]


def test_every_half_asks_enough_that_was_told(made: list[dict[str, Any]]) -> None:
    for half in (made[::2], made[1::2]):
        asked = [each for sample in samples(half) for each in sample.questions]
        assert sum(bool(each.evidence) for each in asked) >= 1_500


def test_all_kinds_of_questions_are_asked(made: list[dict[str, Any]]) -> None:
    kinds = Counter(each["category"] for sample in made for each in sample["qa"])
    told = {"told", "context", "update", "negation", "date", "two parts"}
    assert set(kinds) == told | {"scope", "absent", "unrelated"}
    for sample in made:
        for each in sample["qa"]:
            assert bool(each["evidence"]) == (each["category"] in told)


def test_what_answers_holds_the_answer(made: list[dict[str, Any]]) -> None:
    for sample in samples(made):
        texts = {each.dia_id: each.text.lower() for each in sample.turns}
        raw = next(each for each in made if each["sample_id"] == sample.name)["qa"]
        for each in raw:
            for part, turn in zip(each["answer"].split("; "), each["evidence"], strict=False):
                assert part.lower() in texts[turn]


def test_what_is_asked_of_another_scope_was_told_there_under_the_same_name(
    made: list[dict[str, Any]],
) -> None:
    told = Counter(each["question"] for sample in made for each in sample["qa"] if each["evidence"])
    elsewhere = [
        each["question"] for sample in made for each in sample["qa"] if each["category"] == "scope"
    ]
    assert sum(each in told for each in elsewhere) >= len(elsewhere) / 2
