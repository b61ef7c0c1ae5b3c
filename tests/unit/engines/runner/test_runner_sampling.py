"""Choosing tokens: greedy, filtered, repeatable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from app.domain.models import Sampling
from app.engines.runner.sampling import (
    NO_TOKEN,
    Allows,
    Sampler,
    allowed,
    biased,
    candidates,
    log_softmax,
    penalise,
    token_scores,
    top_logprobs,
)

Scores = NDArray[np.float32]
logits = hnp.arrays(np.float32, st.integers(2, 60), elements=st.floats(-30, 30, width=32))


def open_sampling(**changes: float) -> Sampling:
    values: dict[str, float] = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
    return Sampling.model_validate({**values, "seed": 1, **changes})


@given(logits)
def test_log_softmax_is_a_distribution(scores: Scores) -> None:
    assert np.exp(log_softmax(scores).astype(np.float64)).sum() == pytest.approx(1, abs=1e-4)


@given(logits)
def test_temperature_zero_takes_the_likeliest(scores: Scores) -> None:
    chosen = Sampler(open_sampling(temperature=0)).choose(scores, ())
    assert scores[chosen] == scores.max()


@given(logits, st.integers(1, 10), st.floats(0.05, 1), st.floats(0, 1), st.floats(0.05, 2))
def test_filters_keep_the_best_tokens_only(
    scores: Scores, top_k: int, top_p: float, min_p: float, temperature: float
) -> None:
    sampling = open_sampling(top_k=top_k, top_p=top_p, min_p=min_p, temperature=temperature)
    tokens, shares = candidates(scores, sampling)
    assert 1 <= tokens.size <= top_k
    assert shares.sum() == pytest.approx(1)
    assert list(shares) == sorted(shares, reverse=True)
    left_out = np.delete(scores, tokens)
    assert not left_out.size or left_out.max() <= scores[tokens].min()
    own = np.exp(log_softmax(scores)[tokens].astype(np.float64))
    assert (own >= min_p * own.max() * (1 - 1e-4)).all()


def test_top_p_keeps_the_token_that_crosses_it() -> None:
    scores = np.log(np.array([0.5, 0.3, 0.15, 0.05], np.float32))
    tokens, _ = candidates(scores, open_sampling(top_p=0.7))
    assert list(tokens) == [0, 1]


def test_temperature_reshapes_what_the_filters_left() -> None:
    scores = np.log(np.array([0.8, 0.2], np.float32))
    _, shares = candidates(scores, open_sampling(temperature=0.5))
    assert shares == pytest.approx([0.64 / 0.68, 0.04 / 0.68])


@given(logits, st.integers(0, 2**32))
def test_a_seed_repeats_its_choices(scores: Scores, seed: int) -> None:
    def run() -> list[int]:
        sampler = Sampler(open_sampling(seed=seed))
        return [sampler.choose(scores, ()) for _ in range(5)]

    assert run() == run()


def test_choices_follow_the_distribution() -> None:
    scores = np.log(np.array([0.7, 0.2, 0.1], np.float32))
    sampler = Sampler(open_sampling(seed=7))
    counts = np.bincount([sampler.choose(scores, ()) for _ in range(4000)], minlength=3)
    assert counts / 4000 == pytest.approx([0.7, 0.2, 0.1], abs=0.03)


def test_the_repeat_penalty_works_on_both_signs_and_leaves_the_input_alone() -> None:
    scores = np.array([2.0, -2.0, 1.0], np.float32)
    assert list(penalise(scores, [0, 1, 1], 2.0)) == [1.0, -4.0, 1.0]
    assert list(scores) == [2.0, -2.0, 1.0]
    assert penalise(scores, [], 2.0) is scores


@given(logits, st.integers(0, 70))
def test_the_best_come_first(scores: Scores, count: int) -> None:
    own, best = top_logprobs(scores, 0, count)
    assert len(best) == min(count, scores.size)
    assert [score for _, score in best] == sorted((score for _, score in best), reverse=True)
    assert own == log_softmax(scores)[0]


def test_equal_scores_go_by_their_number() -> None:
    assert [token for token, _ in top_logprobs(np.zeros(9, np.float32), 0, 3)[1]] == [0, 1, 2]


def only(*tokens: int) -> Allows:
    return lambda asked: np.isin(asked, tokens)


@given(logits, st.lists(st.integers(0, 59), max_size=6), st.floats(0, 1.5))
def test_a_grammar_decides_among_the_tokens_it_allows(
    scores: Scores, fine: list[int], temperature: float
) -> None:
    inside = [token for token in fine if token < scores.size]
    sampler = Sampler(open_sampling(temperature=temperature))
    chosen = sampler.choose(scores, (), only(*inside))
    assert chosen in inside if inside else chosen == NO_TOKEN
    if inside and temperature == 0:
        assert scores[chosen] == scores[inside].max()


def test_under_a_grammar_choices_follow_what_is_left_of_the_distribution() -> None:
    scores = np.log(np.array([0.5, 0.2, 0.2, 0.1], np.float32))
    sampler = Sampler(open_sampling(seed=7))
    chosen = [sampler.choose(scores, (), only(1, 3)) for _ in range(4000)]
    assert np.bincount(chosen, minlength=4) / 4000 == pytest.approx([0, 2 / 3, 0, 1 / 3], abs=0.03)


def test_the_likeliest_are_asked_about_first() -> None:
    scores = -np.arange(5000, dtype=np.float32)
    asked: list[int] = []

    def allows(tokens: NDArray[np.int32]) -> NDArray[np.bool_]:
        asked.append(tokens.size)
        return np.asarray(tokens % 2 == 1)

    assert allowed(scores, allows, 1)[0] == 1
    assert asked == [64]
    assert list(allowed(scores, allows, 40)[:3]) == [1, 3, 5]
    assert allowed(scores, only(4000), 1).tolist() == [4000]
    assert allowed(scores, allows, 5000, min_p=0.05).size < 64


@pytest.mark.parametrize(("second", "tie"), [(1, False), (2, True)])
def test_a_tie_is_one_between_tokens_that_are_allowed(second: int, tie: bool) -> None:
    scores = np.array([9.0, 8.99, 3.0, 2.99], np.float32)
    sampler = Sampler(open_sampling(temperature=0))
    fine = only(0, 2) if second == 1 else only(2, 3)
    assert sampler.ties(scores, (), 0.1, fine) == tie


def test_a_bias_is_added_and_may_forbid() -> None:
    scores = np.array([1.0, 2.0, 3.0], np.float32)
    assert biased(scores, ()) is scores
    assert biased(scores, [(0, 5), (2, float("-inf"))]).tolist() == [6.0, 2.0, float("-inf")]
    assert Sampler(open_sampling(temperature=0), [(0, 5.0)]).choose(scores, ()) == 0


def test_a_token_of_a_prompt_has_its_rank() -> None:
    scores = np.array([1.0, 3.0, 2.0], np.float32)
    found = token_scores(scores, 2, 1)
    assert (found.token, found.rank, [token for token, _ in found.best]) == (2, 2, [1])
    assert found.logprob == log_softmax(scores)[2]


def test_a_tie_under_a_grammar_is_looked_for_among_the_likeliest_alone() -> None:
    asked = 0
    scores = (np.arange(5000) / 100).astype(np.float32)

    def allows(tokens: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += tokens.size
        return np.asarray(tokens == 4999)

    sampler = Sampler(Sampling(temperature=0, seed=1))
    assert not sampler.ties(scores, (), 0.05, allows)
    assert asked < 100
    assert sampler.ties(scores, (), 0.05, lambda tokens: np.asarray(tokens >= 4998))
