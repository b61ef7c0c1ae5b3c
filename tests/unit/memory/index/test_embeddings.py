"""What of a model's answers can be used, and how texts are cut that it cannot read."""

import math

import numpy as np
import pytest

from app.domain.errors import ContextExceeded, EngineAnswerInvalid
from app.memory.index.embeddings import MOST_CHARACTERS, checked, shortened, unit, vectors_of
from tests.fakes.meanings import SIZE, Meanings


def test_vectors_have_length_one() -> None:
    found = unit([3.0, 4.0])
    assert found is not None
    assert found.tolist() == pytest.approx([0.6, 0.8])
    large = unit([1e308, 1e308])
    assert large is not None
    assert np.linalg.norm(large) == pytest.approx(1)


@pytest.mark.parametrize("values", [[0.0, 0.0], [math.nan, 1.0], [math.inf, 1.0], []])
def test_what_has_no_length_is_none(values: list[float]) -> None:
    assert unit(values) is None


@pytest.mark.parametrize(
    "found",
    [
        [[1.0, 0.0]],
        [[1.0, 0.0], [1.0]],
        [[], []],
        [[0.0, 0.0], [math.nan, 0.0]],
        [[1.0, 0.0]] * 3,
    ],
)
def test_answers_that_cannot_be_right_are_refused(found: list[list[float]]) -> None:
    with pytest.raises(EngineAnswerInvalid):
        checked(found, 2)


def test_one_bad_vector_leaves_the_others() -> None:
    good, bad = checked([[1.0, 0.0], [math.nan, 0.0]], 2)
    assert good is not None
    assert bad is None


def test_the_wider_view_keeps_its_end() -> None:
    assert shortened("before said", "w", 4) == "said"
    assert shortened("before said", "t", 6) == "before"


async def test_a_text_too_long_for_the_model_is_cut_until_it_fits() -> None:
    model = Meanings()
    model.window = 100
    found = await vectors_of(model, ["short", "x" * 350, "y" * 350 + "end"], ["t", "t", "w"])
    assert all(each is not None for each in found)
    assert [len(text) for text in model.asked] == [5, 87, 88]
    assert model.asked[2].endswith("end")


async def test_megabytes_are_not_sent() -> None:
    model = Meanings()
    await vectors_of(model, ["word " * 1_000_000], ["t"])
    assert len(model.asked[0]) == MOST_CHARACTERS


async def test_a_model_that_refuses_everything_is_an_error() -> None:
    model = Meanings()
    model.window = 0
    with pytest.raises(ContextExceeded):
        await vectors_of(model, ["some words", "others"], ["t", "t"])


async def test_no_texts_are_no_vectors() -> None:
    assert await vectors_of(Meanings(size=SIZE), [], []) == []
