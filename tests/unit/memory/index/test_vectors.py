"""Vectors with ids: an id stands for one vector, and what does not fit is refused."""

import sys
from subprocess import run

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.memory.index.vectors import Kind, Matrix, Vectors, library

SIZE = 4


def rows(*numbers: int) -> Matrix:
    """Return a vector of length 1 for each number."""
    found = [np.random.default_rng(each).standard_normal(SIZE) for each in numbers]
    return np.array([each / np.linalg.norm(each) for each in found], np.float32).reshape(-1, SIZE)


def holding(*numbers: int, kind: Kind = "half") -> Vectors:
    made = Vectors(SIZE, kind)
    made.put(numbers, rows(*numbers))
    return made


@pytest.mark.parametrize("kind", ["half", "exact"])
def test_the_nearest_come_first(kind: Kind) -> None:
    made = holding(*range(30), kind=kind)
    found = made.near(rows(7)[0], 30)
    assert found[0][0] == 7
    assert found[0][1] == pytest.approx(1, abs=0.01)
    values = [value for _, value in found]
    assert values == sorted(values, reverse=True)
    assert {number for number, _ in found} == set(range(30))


def test_an_id_stands_for_one_vector() -> None:
    made = holding(1, 2, 3)
    made.put([2], rows(9))
    assert len(made) == 3
    assert made.near(rows(9)[0], 3)[0][0] == 2
    with pytest.raises(ValueError, match="two vectors"):
        made.put([5, 5], rows(1, 2))
    assert 5 not in made


@pytest.mark.parametrize(
    ("ids", "bad"),
    [
        ([1], np.zeros((1, SIZE + 1), np.float32)),
        ([1, 2], np.zeros((1, SIZE), np.float32)),
        ([1], np.zeros(SIZE, np.float32)),
        ([1], np.full((1, SIZE), np.nan, np.float32)),
        ([1], np.full((1, SIZE), np.inf, np.float32)),
    ],
)
def test_what_does_not_fit_is_refused(ids: list[int], bad: Matrix) -> None:
    made = holding(1, 2)
    with pytest.raises(ValueError, match="were expected"):
        made.put(ids, bad)
    assert made.near(rows(1)[0], 1)[0][0] == 1


def test_a_question_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="was expected"):
        holding(1).near(np.zeros(SIZE + 1, np.float32), 1)


def test_nothing_is_near_where_there_is_nothing() -> None:
    made = Vectors(SIZE)
    assert made.near(rows(1)[0], 5) == []
    made.put([], rows())
    made.drop({1, 2})
    assert len(made) == 0
    assert holding(1).near(rows(1)[0], 0) == []
    assert len(holding(1).near(rows(1)[0], 9)) == 1


def test_packed_and_unpacked_they_are_the_same() -> None:
    made = holding(*range(40))
    made.drop({3, 4})
    again = Vectors.unpacked(made.packed(), SIZE)
    assert again.ids == made.ids
    assert again.near(rows(9)[0], 9) == made.near(rows(9)[0], 9)


@pytest.mark.parametrize("junk", [b"", b"x", b"PK\x03\x04" * 100, b"\x00" * 999])
def test_what_is_no_index_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError, match="no index"):
        Vectors.unpacked(np.frombuffer(junk, np.uint8), SIZE)


def test_an_index_of_another_size_or_without_ids_is_refused() -> None:
    with pytest.raises(ValueError, match="instead of"):
        Vectors.unpacked(holding(1).packed(), SIZE + 1)
    faiss = library()
    plain = faiss.index_factory(SIZE, "Flat", faiss.METRIC_INNER_PRODUCT)
    with pytest.raises(ValueError, match="without ids"):
        Vectors.unpacked(faiss.serialize_index(plain), SIZE)


def test_two_vectors_of_one_id_are_refused() -> None:
    faiss = library()
    twice = faiss.index_factory(SIZE, "IDMap,SQfp16", faiss.METRIC_INNER_PRODUCT)
    twice.add_with_ids(rows(1, 2), np.array([7, 7]))
    with pytest.raises(ValueError, match="two vectors"):
        Vectors.unpacked(faiss.serialize_index(twice), SIZE)


_changes = st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 30), max_size=6)), max_size=12)


@given(_changes, st.integers(0, 40))
def test_they_answer_like_an_exact_look(changes: list[tuple[bool, set[int]]], asked: int) -> None:
    made, held = Vectors(SIZE), set[int]()
    for put, numbers in changes:
        if put:
            made.put(sorted(numbers), rows(*sorted(numbers)))
            held |= numbers
        else:
            made.drop(numbers)
            held -= numbers
    assert made.ids == held
    order = sorted(held)
    half = rows(*order).astype(np.float16).astype(np.float32)
    values = half @ rows(asked)[0]
    best = [order[at] for at in np.argsort(-values, kind="stable")][:5]
    assert [number for number, _ in made.near(rows(asked)[0], 5)] == best


def test_nobody_loads_the_library_before_it_is_needed() -> None:
    code = (
        "import sys; import app.memory.index.index, app.orchestration.router.neighbours;"
        " sys.exit('faiss' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
