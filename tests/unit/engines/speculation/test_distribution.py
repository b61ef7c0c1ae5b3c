"""At temperatures above 0, drafted answers are drawn from the model's own distribution."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest

from app.domain.models import Sampling
from app.engines.runner.sampling import Sampler
from app.engines.speculation.verifier import verify

WORDS = 5
LENGTH = 3
SEEDS = 6000
# 99.9 % of the chi-square distribution with 5 ** 3 - 1 degrees of freedom.
LIMIT = 178.6


def scores(text: Sequence[int]) -> np.ndarray:
    """A tiny model: fixed scores that hang on the last two tokens."""
    state = np.random.default_rng([WORDS, *text[-2:]])
    return state.normal(0, 1.2, WORDS).astype(np.float32)


def probability(text: Sequence[int]) -> float:
    found = 1.0
    for at, token in enumerate(text):
        weights = np.exp(scores(text[:at]).astype(np.float64))
        found *= weights[token] / weights.sum()
    return found


def drafted(seed: int, guess: Callable[[list[int]], list[int]]) -> tuple[int, ...]:
    """Write LENGTH tokens, verifying what `guess` proposes."""
    sampling = Sampling(temperature=1.0, top_p=1.0, top_k=0, min_p=0.0, seed=seed)
    sampler, text = Sampler(sampling), list[int]()

    def keep(token: int) -> bool:
        text.append(token)
        return len(text) < LENGTH

    while len(text) < LENGTH:
        before, draft = list(text), guess(text)

        def choose(row: int, before: list[int] = before, draft: list[int] = draft) -> int:
            return sampler.choose(scores([*before, *draft[:row]]), before)

        verify(draft, choose, keep)
    return tuple(text[:LENGTH])


def likeliest(text: list[int]) -> list[int]:
    """Draft as a good drafter would."""
    found: list[int] = []
    while len(text) + len(found) < LENGTH - 1:
        found.append(int(scores([*text, *found]).argmax()))
    return found


def always_one(text: list[int]) -> list[int]:
    """Draft without looking."""
    return [1] * (LENGTH - 1 - len(text))


@pytest.mark.parametrize("guess", [likeliest, always_one])
def test_drafts_do_not_bend_the_distribution(guess: Callable[[list[int]], list[int]]) -> None:
    counts = Counter(drafted(seed, guess) for seed in range(SEEDS))
    statistic = 0.0
    for text in product(range(WORDS), repeat=LENGTH):
        expected = SEEDS * probability(text)
        statistic += (counts[text] - expected) ** 2 / expected
    assert statistic < LIMIT


@pytest.mark.parametrize("guess", [likeliest, always_one])
def test_a_seed_gives_the_same_text_with_and_without_drafts(
    guess: Callable[[list[int]], list[int]],
) -> None:
    for seed in range(200):
        assert drafted(seed, guess) == drafted(seed, lambda _text: [])
