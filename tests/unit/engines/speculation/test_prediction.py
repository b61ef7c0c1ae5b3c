"""Following a predicted answer: a changed word costs little, whatever else happens is harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.speculation.prediction import Prediction

PROMPT = [900, 901]
PREDICTED = list(range(100, 160))


def steps(predicted: list[int], answer: list[int], limit: int = 16, words: int = 1) -> int:
    """Return how many evaluations an answer takes when the prediction is drafted from."""

    def starts_word(token: int) -> bool:
        return token % words == 0

    source = Prediction(predicted, len(PROMPT), starts_word)
    context, count = list(PROMPT), 0
    while len(context) < len(PROMPT) + len(answer):
        guess = source.guess(context, limit).tokens
        rest = answer[len(context) - len(PROMPT) :]
        kept = 0
        while kept < min(len(guess), len(rest) - 1) and guess[kept] == rest[kept]:
            kept += 1
        context += rest[: kept + 1]
        count += 1
    return count


def whole(length: int, limit: int = 16) -> int:
    return -(-length // (limit + 1))


def test_an_unchanged_answer_is_drafted_whole() -> None:
    assert steps(PREDICTED, PREDICTED) == whole(60)


@pytest.mark.parametrize("at", [1, 20, 45])
def test_one_changed_token_costs_one_step(at: int) -> None:
    answer = [*PREDICTED[:at], 5, *PREDICTED[at + 1 :]]
    assert steps(PREDICTED, answer) <= whole(60) + 1


@pytest.mark.parametrize("at", [1, 20, 45])
def test_one_dropped_token_costs_one_step(at: int) -> None:
    answer = PREDICTED[:at] + PREDICTED[at + 1 :]
    assert steps(PREDICTED, answer) <= whole(60) + 1


@pytest.mark.parametrize("at", [1, 20, 45])
def test_one_added_token_costs_two_steps(at: int) -> None:
    answer = [*PREDICTED[:at], 5, *PREDICTED[at:]]
    assert steps(PREDICTED, answer) <= whole(60) + 2


def test_a_word_of_other_length_is_passed_by_its_successor() -> None:
    # Words of three tokens: 102, 105, ... begin one. The changed word has one token more.
    answer = [*PREDICTED[:20], 3, 1, 2, 4, *PREDICTED[23:]]
    assert steps(PREDICTED, answer, words=3) <= whole(60) + 5


def test_a_dropped_paragraph_is_jumped_over() -> None:
    assert steps(PREDICTED, PREDICTED[:10] + PREDICTED[40:]) <= whole(40) + 3


def test_a_wrong_prediction_never_breaks_anything() -> None:
    answer = list(range(500, 560))
    assert steps(PREDICTED, answer) == 60
    assert steps([], answer) == 60


def test_a_prediction_far_too_long_is_followed_from_its_beginning() -> None:
    assert steps(PREDICTED * 100, PREDICTED) == whole(60)


@given(
    st.lists(st.integers(0, 9), max_size=60), st.lists(st.integers(0, 9), min_size=1, max_size=60)
)
def test_every_answer_comes_to_its_end(predicted: list[int], answer: list[int]) -> None:
    assert whole(len(answer)) <= steps(predicted, answer, words=3) <= len(answer)


def test_evidence_grows_with_what_was_followed() -> None:
    source = Prediction(PREDICTED, len(PROMPT))
    assert source.guess([*PROMPT], 3).evidence == (0, 1, 2)
    assert source.guess([*PROMPT, *PREDICTED[:5]], 3).evidence == (5, 6, 7)
    after = source.guess([*PROMPT, *PREDICTED[:5], 7], 3)
    assert after.evidence == (0, 1, 2)
    assert after.tokens == tuple(PREDICTED[6:9])


def test_each_token_is_asked_about_once() -> None:
    asked: list[int] = []

    def starts_word(token: int) -> bool:
        asked.append(token)
        return True

    source = Prediction([1, 2, 3, 4, 1, 2, 3, 5] * 4, 1, starts_word)
    context = [0]
    for token in (9, 1, 9, 2, 9, 3, 9):
        source.guess(context, 8)
        context.append(token)
    source.guess(context, 8)
    assert len(asked) == len(set(asked))
