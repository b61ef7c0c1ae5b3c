"""Texts in blocks: nothing is lost, code and tables stay whole, and nothing is too long."""

from hypothesis import given
from hypothesis import strategies as st

from app.memory.blocks import Block, BlockKind, blocks, pieces, sentences
from app.memory.writing.evidence import PASSAGE, cut

TEXT = (
    "# Head\nfirst line\nsecond\n\n- a\n- b\n```py\ncode\n\nmore\n```\n| a | b |\n| 1 | 2 |\n> said"
)

lines = st.lists(
    st.sampled_from(
        ["# h", "word word.", "", "```", "~~~", "| a |", "> q", "- p", "x" * 50, "a\tb\tc"]
    )
)


def test_blocks_of_a_text() -> None:
    assert [(each.kind, each.line) for each in blocks(TEXT)] == [
        (BlockKind.HEADING, 1), (BlockKind.PROSE, 2), (BlockKind.PROSE, 5), (BlockKind.CODE, 7),
        (BlockKind.TABLE, 12), (BlockKind.QUOTE, 14),
    ]  # fmt: skip


def test_sentences_of_a_paragraph() -> None:
    assert sentences("I met Dr. Miller\non 3. May. Really? Yes!\n- one\n- two") == [
        "I met Dr. Miller on 3. May.", "Really?", "Yes!", "one", "two",
    ]  # fmt: skip


def test_code_stays_whole_where_it_can() -> None:
    code = "```\n" + "line of code\n" * 300 + "```"
    parts = cut(f"{'Some words. ' * 200}\n\n{code}\n\nThe end.")
    assert sum(code in part for part in parts) == 1


@given(lines.map("\n".join))
def test_no_line_is_lost(text: str) -> None:
    kept = "\n".join(each.text for each in blocks(text)).split()
    assert kept == text.split()


@given(st.text(alphabet="ab .!?\n", max_size=400), st.integers(5, 60), st.sampled_from(BlockKind))
def test_pieces_are_short_and_nothing_is_lost(text: str, most: int, kind: BlockKind) -> None:
    parts = list(pieces(Block(text, 1, kind), most))
    assert all(len(each.text) <= most for each in parts)
    assert "".join("".join(each.text.split()) for each in parts) == "".join(text.split())


@given(st.text(max_size=9_000))
def test_passages_hold_all_of_a_message(text: str) -> None:
    parts = cut(text)
    if len(text) > PASSAGE:
        assert "".join("".join(parts).split()) == "".join(text.split())
