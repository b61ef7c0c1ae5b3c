"""Of memories that say the same the newest stays."""

import numpy as np

from app.domain.memories import Why
from app.memory.recall.alike import Found, distinct
from tests.unit.memory.recall.remembering import NOW, memory


def _found(*texts: str, **fields: object) -> list[Found]:
    return [
        (memory(number, text, created=NOW + number, **fields), Why(score=1 / number))
        for number, text in enumerate(texts, 1)
    ]


def _ids(found: list[Found]) -> list[int]:
    return [each.id for each, _ in found]


def test_the_same_words_are_said_once_by_the_newest() -> None:
    found = _found("My dog is a small brown beagle", "Rain", "my dog is a small, brown Beagle!")
    assert _ids(distinct(found, {})) == [3, 2]


def test_the_same_meaning_is_said_once_where_vectors_are_at_hand() -> None:
    found = _found("I adore tea", "Tea is what I love", "Cars")
    near, far = np.array([1, 0.1], np.float32), np.array([0, 1], np.float32)
    vectors = {1: near / np.linalg.norm(near), 2: np.array([1, 0], np.float32), 3: far}
    assert _ids(distinct(found, vectors)) == [2, 3]
    assert _ids(distinct(found, {})) == [1, 2, 3]


def test_two_people_may_say_the_same() -> None:
    one, two = _found("Tea please", "Tea please")
    said = (two[0].model_copy(update={"speaker": "Eva"}), two[1])
    assert _ids(distinct([one, said], {})) == [1, 2]


def test_a_pinned_one_keeps_its_place() -> None:
    pinned = (memory(1, "Tea please", pinned=True), Why(pinned=True))
    newer = (memory(2, "tea, please", created=NOW + 9), Why(score=1))
    assert _ids(distinct([pinned, newer], {})) == [1]


def test_vectors_of_two_models_are_not_compared() -> None:
    found = _found("Tea", "Coffee")
    vectors = {1: np.array([1], np.float32), 2: np.array([1, 0], np.float32)}
    assert _ids(distinct(found, vectors)) == [1, 2]
