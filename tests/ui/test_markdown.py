"""Cutting a growing answer into blocks must never change what it says."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.chat.markdown import Block, Cutter, cut, merge, showable

_PIECES = [
    "A paragraph with **bold**, `code` and a [link](https://example.org).",
    "# Heading",
    "Setext\n======",
    "- one\n- two\n\n  still two\n- three",
    "1. first\n\n2. second\n3. third",
    "> quoted\nlazy line",
    "```python\ndef f():\n\n    return 1\n```",
    "~~~\nplain\n",
    "    indented code",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "---",
    "[ref]: https://example.org 'title'",
    "See [ref] again.",
    "<b>no tag</b>",
    "Zeile\u2028mit Trennern\x0bund\x85mehr",
    "emoji 🙂 und Ünïcödé",
    "trailing\r\nwindows\r\nlines",
]
_answers = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.text(max_size=20)), min_size=1, max_size=8
).flatmap(
    lambda pieces: st.sampled_from(["\n", "\n\n", "\n\n\n"]).map(lambda gap: gap.join(pieces))
)


def _streamed(text: str, cuts: list[int]) -> list[Block]:
    cutter = Cutter()
    closed: list[Block] = []
    edges = sorted({0, len(text), *(at % (len(text) + 1) for at in cuts)})
    for begin, end in pairwise(edges):
        closed += cutter.feed(text[begin:end])
    return closed + (cut(cutter.open.source) if cutter.open else [])


@settings(deadline=None)
@given(_answers)
def test_the_sources_add_up_to_the_whole(text: str) -> None:
    assert "".join(block.source for block in cut(text)) == text
    assert "".join(block.source for block in merge(cut(text))) == text


@settings(deadline=None)
@given(_answers, st.lists(st.integers(0, 10_000), max_size=40))
def test_streamed_is_whole(text: str, cuts: list[int]) -> None:
    assert merge(_streamed(text, cuts)) == merge(cut(text))


@settings(deadline=None)
@given(_answers)
def test_one_character_at_a_time_is_whole(text: str) -> None:
    assert merge(_streamed(text, list(range(len(text))))) == merge(cut(text))


def test_a_link_target_before_code_is_no_code() -> None:
    text = "[ref]: https://example.org 'title'\n```python\nx = 1\n```"
    assert [block.kind for block in cut(text)] == ["prose", "code"]
    assert merge(_streamed(text, list(range(len(text))))) == merge(cut(text))


def test_a_continued_list_item_is_not_torn() -> None:
    text = "- one\n\n  more of one\n\n- two\n"
    assert len(_streamed(text, list(range(len(text))))) == 1


def test_a_list_that_goes_on_after_an_empty_line_stays_one() -> None:
    text = "1. one\n\n2. two\n"
    assert len(_streamed(text, list(range(len(text))))) == 1


def test_a_fence_is_code_from_its_first_line_on() -> None:
    open_fence = cut("```python\nprint(1)")[-1]
    assert (open_fence.kind, open_fence.language, open_fence.code) == (
        "code",
        "python",
        "print(1)",
    )


def test_half_a_line_closes_nothing() -> None:
    cutter = Cutter()
    assert cutter.feed("A paragraph\n#") == []
    assert cutter.feed("hashtag goes on\n\n") == []
    assert cutter.open == Block("prose", "A paragraph\n#hashtag goes on\n\n")


def test_a_shut_fence_is_handed_out_with_the_first_word_after_it() -> None:
    cutter = Cutter()
    closed = cutter.feed("```\ncode\n```\n\nAnd")
    assert [block.code for block in closed] == ["code"]
    assert cutter.open == Block("prose", "And")


def test_a_table_waits_for_its_second_line() -> None:
    shown = []
    text = "Sums:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    for end in range(1, len(text) + 1):
        cutter = Cutter()
        cutter.feed(text[:end])
        assert cutter.open is not None
        shown.append(showable(cutter.open))
    assert not any("|" in words and "---|---|\n" not in words for words in shown)
    assert shown[-1].endswith("| 1 | 2 |\n")
