"""A streamed answer ends as the same page as one shown whole, and nothing in it reaches outside."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.ui.chat.answer_body import AnswerBody
from app.ui.chat.code_block import CodeBlock, spans
from app.ui.chat.prose import Prose
from app.ui.theme import DARK, Tokens

ANSWER = """Here is how, with a **default** of `19 %`:

```python
def with_tax(amounts, rate=0.19):
    # the total, with tax
    return round(sum(amounts) * (1 + rate), 2)
```

1. Call it.

2. Check the sum:

   | net | gross |
   |-----|-------|
   | 100 | 119   |

See [the rates][tax].

[tax]: https://example.org/tax
"""


def _page(body: AnswerBody) -> list[tuple[str, str]]:
    """What the reader sees: per block its kind and its formatted words."""
    return [
        ("code", view.findChild(QPlainTextEdit).toPlainText())  # type: ignore[union-attr]
        if isinstance(view, CodeBlock)
        else ("prose", view.document().toMarkdown())
        for view in body.views
    ]


@pytest.fixture
def body(qtbot: QtBot, tokens: Tokens) -> AnswerBody:
    made = AnswerBody(tokens)
    qtbot.addWidget(made)
    made.resize(700, 100)
    made.show()
    return made


def _whole(qtbot: QtBot, tokens: Tokens, text: str) -> list[tuple[str, str]]:
    other = AnswerBody(tokens)
    qtbot.addWidget(other)
    other.resize(700, 100)
    other.show_whole(text)
    return _page(other)


@given(st.lists(st.integers(0, len(ANSWER)), max_size=12))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_streamed_is_whole(qtbot: QtBot, tokens: Tokens, body: AnswerBody, cuts: list[int]) -> None:
    edges = sorted({0, len(ANSWER), *cuts})
    body.start("")
    for begin, end in zip(edges, edges[1:], strict=False):  # noqa: RUF007 - two views of a list
        body.append(ANSWER[begin:end])
        body.flush()
    said = " ".join(words for _, words in _page(body))
    for words in ("with_tax", "Call it.", "119", "the rates"):
        assert words in said
    body.show_whole(ANSWER)
    assert _page(body) == _whole(qtbot, tokens, ANSWER)


def test_finished_blocks_keep_their_widgets(body: AnswerBody) -> None:
    body.append("First paragraph.\n\nSecond")
    body.flush()
    first = body.views[0]
    body.append(" paragraph.\n\n```\ncode\n")
    body.flush()
    assert body.views[0] is first
    assert isinstance(body.views[-1], CodeBlock)


def test_the_first_words_show_at_once_and_more_is_joined(qtbot: QtBot, body: AnswerBody) -> None:
    grown: list[bool] = []
    body.grew.connect(lambda: grown.append(True))
    body.append("One")
    assert len(grown) == 1
    for _ in range(50):
        body.append(" more")
    assert len(grown) == 1
    qtbot.waitUntil(lambda: len(grown) == 2)
    assert _page(body)[0][1].count("more") == 50


def test_code_is_copied_as_it_was_written(body: AnswerBody) -> None:
    body.show_whole(ANSWER)
    code = next(view for view in body.views if isinstance(view, CodeBlock))
    button = code.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    button.click()
    assert QGuiApplication.clipboard().text().startswith("def with_tax(amounts, rate=0.19):\n    #")


def test_code_has_colours_of_the_theme_once_complete(body: AnswerBody) -> None:
    lines = spans("def f():\n    return '🙂' + 1  # why", "python")
    assert [colour for *_, colour in lines[0]] == ["code_keyword", "code_name"]
    start, length, colour = next(each for each in lines[1] if each[2] == "code_number")
    # The face before it takes two of Qt's units.
    assert (start, length, colour) == (len("    return '🙂' + ") + 1, 1, "code_number")
    assert spans("anything", "no-such-language") == [[]]


def test_other_colours_keep_the_words(body: AnswerBody) -> None:
    body.show_whole(ANSWER)
    before = _page(body)
    body.restyle(DARK)
    assert _page(body) == before


def test_tags_are_text(body: AnswerBody) -> None:
    body.show_whole("Hello <b>you</b> <script>alert(1)</script>")
    prose = body.views[0]
    assert isinstance(prose, Prose)
    assert "<b>you</b> <script>" in prose.toPlainText()


@pytest.mark.parametrize(
    "target",
    ["https://example.org/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "a.png"],
)
def test_no_image_is_fetched(body: AnswerBody, target: str) -> None:
    body.show_whole(f"![picture]({target})")
    prose = body.views[0]
    assert isinstance(prose, Prose)
    kind = QTextDocument.ResourceType.ImageResource.value
    image = prose.loadResource(kind, QUrl(target))
    assert image is not None
    assert image.width() == 1


@pytest.mark.parametrize(
    ("target", "opens"),
    [
        ("https://example.org/", True),
        ("http://example.org/", True),
        ("mailto:a@example.org", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("ssh://example.org", False),
        ("relative.html", False),
    ],
)
def test_only_harmless_links_are_offered(body: AnswerBody, target: str, opens: bool) -> None:
    wanted: list[str] = []
    body.link_wanted.connect(wanted.append)
    body.show_whole(f"[link]({target})")
    prose = body.views[0]
    assert isinstance(prose, Prose)
    prose.anchorClicked.emit(QUrl(target))
    assert wanted == ([target] if opens else [])
