"""Bytes, pages and passages: whatever a file holds, it is read safely or refused in words."""

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.memory.collections.decoding import NotText, decoded
from app.memory.collections.pages import readable
from app.memory.collections.passages import WORDS, passages

letters = st.text(alphabet=string.ascii_letters + " äöüßé.\n", min_size=4)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_told_apart(encoding: str) -> None:
    text = "Größe und Maß.\nZwei Zeilen.\n"
    assert decoded(text.replace("\n", "\r\n").encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"%PDF-1.7", "PDF"), (b"PK\x03\x04", "office"), (b"\x89PNG\0\0\1\2", "no text"),
     (bytes(range(32)) * 9, "no text"), (b"\0" * 50, "no text")],
)  # fmt: skip
def test_what_is_no_text_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(NotText, match=why):
        decoded(data)


@pytest.mark.parametrize("data", [b"\x50\x25\x00\x01\x93\x25\xff\xdf", bytes(range(8)) * 4])
def test_zeros_alone_make_no_text(data: bytes) -> None:
    with pytest.raises(NotText, match="no text"):
        decoded(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decoded(data)
    except NotText:
        return
    list(passages(text, "a.md"))
    list(passages(text, "a.html"))


@given(letters)
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == text


def test_pages_say_what_a_reader_sees() -> None:
    page = """<html><head><title>x</title><style>p{}</style></head><body>
    <h2>Tide &amp; wind</h2><p>High at<br>nine <b>sharp</b>.</p><p hidden>secret</p>
    <div style="display: none">secret<p>secret</p></div><span aria-hidden="true">secret</span>
    <script>document.write("<p>secret")</script><!-- secret --><ul><li>one<li>two</ul>
    <pre>a  b
    c</pre><template><p>secret</p></template></body></html>"""
    said = readable(page)
    assert "secret" not in said
    assert said.startswith("## Tide & wind")
    assert "nine sharp." in said
    assert "- one" in said
    assert "```\na  b\n    c\n```" in said


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div hidden>", "</div>", "<script>", "</script>", "word",
                         "<",
                         "&lt;", "<!--", "-->", "<pre>", "</pre>", "<h1>", "<li>", "]]>", "<a b='"])
    )
)  # fmt: skip
def test_broken_pages_are_read(parts: list[str]) -> None:
    readable("".join(parts))


def test_passages_are_a_few_paragraphs_long_and_overlap() -> None:
    paragraphs = [f"Sentence {n} of the story is told, and it is long. " * 6 for n in range(40)]
    found = list(passages("# Story\n\n" + "\n\n".join(paragraphs), "story.md"))
    assert len(found) > 5
    for before, after in pairwise(found):
        assert after.text.startswith("# Story\n\n")
        assert len(after.text.split()) <= WORDS + 100
        last = before.text.rsplit(". ", 2)[-1]
        assert last in after.text
    assert all(len(each.text.split()) >= 150 for each in found[:-1])
    assert {each.place for each in found} == {"story.md \u203a Story"}


@given(letters)
def test_no_word_is_lost(text: str) -> None:
    said = " ".join(each.text for each in passages(text, "a.txt"))
    assert set(text.split()) <= set(said.split())


def test_a_changed_end_leaves_the_beginning_as_it_was() -> None:
    text = "\n\n".join(f"Paragraph {n}: " + "some words " * 40 for n in range(20))
    before = [each.digest for each in passages(text, "a.txt")]
    after = [each.digest for each in passages(f"{text}\n\nOne more.", "a.txt")]
    assert before[:-1] == after[: len(before) - 1]
