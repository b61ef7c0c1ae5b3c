"""Names of strangers: they stay on their line."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import printable


@given(st.text(max_size=400))
def test_what_is_shown_stays_on_its_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) <= 120


def test_a_long_name_keeps_both_ends() -> None:
    shown = printable("a" * 200 + "-Q4_K_M.gguf")
    assert shown.startswith("aaa")
    assert shown.endswith("-Q4_K_M.gguf")
