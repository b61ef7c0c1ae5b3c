"""A draft changes how many positions one evaluation covers, never the text."""

from hypothesis import given
from hypothesis import strategies as st

from app.engines.speculation.base import Draft, NoDrafter
from app.engines.speculation.verifier import verify

tokens = st.lists(st.integers(0, 2), min_size=1, max_size=12)


@given(tokens, tokens, st.integers(1, 20))
def test_only_what_the_model_says_is_kept(said: list[int], drafted: list[int], limit: int) -> None:
    said = said + [9] * len(drafted)
    kept: list[int] = []

    def keep(token: int) -> bool:
        kept.append(token)
        return len(kept) < limit

    agreed = verify(drafted, lambda row: said[row], keep)
    assert kept == said[: len(kept)]
    assert drafted[:agreed] == said[:agreed]
    assert len(kept) == min(limit, agreed + 1)
    if len(kept) < limit and agreed < len(drafted):
        assert drafted[agreed] != said[agreed]


def test_without_a_draft_one_token_is_kept() -> None:
    kept: list[int] = []

    def keep(token: int) -> bool:
        kept.append(token)
        return True

    assert verify((), lambda _row: 5, keep) == 0
    assert kept == [5]


def test_nobody_drafts_nothing() -> None:
    drafter = NoDrafter()
    assert drafter.propose([1, 2, 3], 8) == Draft()
    drafter.accepted(0, 0)
