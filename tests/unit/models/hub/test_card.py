"""A model's card can do nothing but be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.models.hub.card import shown

NAMES = ["<script>", "</script>", "<b>", "<!--", "-->", "![", "](", "http://x/y.png)", "[", "]",
         "(", ")", "`", "```\n", "\n", "\n\n", "javascript:a", "<img src=x>", "<", ">", "a", " ",
         "    ", "~~~\n", "- ", "> ", "[r]: ", "data:x", "\\", "&", "<scr", "ipt>"]  # fmt: skip


def test_what_people_read_stays() -> None:
    text = "# Name\n\nSome *words*, a [page](https://x.org/a_(b)), `code` and\n\n- a list\n"
    assert shown(text) == text.strip()


def test_front_matter_goes_and_a_line_in_the_text_stays() -> None:
    assert shown("---\nlicense: mit\ntags:\n- x\n---\n# A\n\n---\n\nb") == "# A\n\n---\n\nb"
    assert shown("---\r\nlicense: mit\r\n---\r\nA") == "A"
    assert shown("---\nno end") == "---\nno end"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ("<p align='center'>\nhello\n</p>", "hello"),
        ("x<script>alert(1)</script>y", "xy"),
        ("x<style>\n\np{}\n</style>y", "xy"),
        ("x <!-- hidden --> y", "x  y"),
        ("<scr<b>ipt>alert(1)", "&lt;script>alert(1)"),
        ("one<br/>two", "one\ntwo"),
        ("a < b and c > d", "a &lt; b and c > d"),
        ("<https://x.org/y>", "https://x.org/y"),
        ('![a chart](https://x.org/c.png "t")', "a chart"),
        ("[![badge](https://s.io/b.svg)](https://x.org)", "[badge](https://x.org)"),
        ("![ref][r]\n\n[r]: https://x.org/c.png", "ref\n\n[r]: https://x.org/c.png"),
        ("[click](javascript:alert)", "[click](#)"),
        ("[click](java&#115;cript:alert)", "[click](#)"),
        ("[file](file:///etc/passwd)", "[file](#)"),
        ("[r]: data:text/html,x", "[r]: #"),
    ],
)
def test_what_could_do_something_goes(text: str, left: str) -> None:
    assert shown(text) == left


def test_nothing_steers_a_terminal_not_even_in_code() -> None:
    assert shown("a\x1b[2Jb\x9b\x00\u202ec\n\n    \x1b]0;t\x07d\te\r\n") == "a[2Jbc\n\n    ]0;td\te"


def test_code_stays_as_it_is() -> None:
    text = "```html\n<script>x</script>\n![a](http://b)\n```\n\nand `<b>`\n\n    <i>indented</i>"
    assert shown(text) == text


@given(st.lists(st.sampled_from(NAMES), max_size=40).map("".join))
def test_nothing_active_is_left(text: str) -> None:
    page = MarkdownIt("commonmark", {"html": False}).render(shown(text))
    assert "<img" not in page
    assert "<script" not in page
    goals = re.findall(r'href="([^"]*)"', page)
    assert all(not re.match(r"(?i)(javascript|data|file):", goal) for goal in goals)
