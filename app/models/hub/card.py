"""A model's card as Markdown that can do nothing but be read: a stranger wrote it.

Front matter, tags, scripts and images go; links lead to web pages only. Code stays as it is, so
the view still has to show tags as text, as it does for answers.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FRONT: Final = re.compile(
    r"\A\ufeff?\s*---[ \t]*\n.*?(?<=\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_ENDS: Final = re.compile(r"\r\n?")
# What would steer a terminal, or turn the direction of what follows.
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Every repetition has an end, so that no text takes longer than its length.
_PROSE: Final = re.compile(
    r"""(?isx)
    (?P<code> (?P<ticks> `{1,8}) (?!`) .{1,500}? (?<!`) (?P=ticks) (?!`) )
    | < (?P<hidden> script | style | iframe | object | svg | template ) \b
      .*? (?: </ (?P=hidden) \s{0,9} > | \Z )
    | <!-- .*? (?: --> | \Z )
    | < (?P<address> https?:// [^\s<>]{1,2000} ) >
    | (?P<break> <br\s{0,9}/?> )
    | </? [a-z] [^<>]{0,2000} > | < [!?] [^<>]{0,2000} >
    | ! \[ (?P<image> [^\[\]]{0,500} ) \]
      (?: \( [^()]{0,2000} (?: \( [^()]{0,500} \) [^()]{0,500} ){0,3} \) | \[ [^\[\]]{0,200} \] )?
    """
)
_LEFT: Final = re.compile(
    r"""(?sx)
    (?P<code> (?P<ticks> `{1,8}) (?!`) .{1,500}? (?<!`) (?P=ticks) (?!`) )
    | (?P<tag> < ) | (?P<picture> ! (?= \[ ) )
    | (?P<link> \] (?: \( | : ) \s{0,9} ) (?P<goal> [^\s()<>]{0,2000} )
    """
)
_GOAL: Final = re.compile(r"https?://[^\s<>]+|mailto:[\w.@+-]+|#[\w.-]*|[\w./%-]*")
_BLANKS: Final = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def shown(text: str) -> str:
    """Return what may be shown of a card."""
    plain = _STEERING.sub("", _ENDS.sub("\n", text))
    body = _FRONT.sub("", plain, count=1)
    lines = body.split("\n")  # as the parser counts them
    pieces: list[str] = []
    at = 0
    for begin, end in _code(body):
        pieces += [_prose("\n".join(lines[at:begin])), "\n".join(lines[begin:end])]
        at = end
    pieces.append(_prose("\n".join(lines[at:])))
    return "\n".join(pieces).strip()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only cards need it

    return MarkdownIt("commonmark", {"html": False})


def _code(text: str) -> list[tuple[int, int]]:
    """Return the lines that are fences or indented code."""
    tokens = (each for each in _parser().parse(text) if each.type in {"fence", "code_block"})
    found: list[tuple[int, int]] = []
    for token in tokens:
        begin, end = token.map or (0, 0)
        if begin >= (found[-1][1] if found else 0):
            found.append((begin, end))
    return found


def _prose(text: str) -> str:
    return _BLANKS.sub("\n\n", _LEFT.sub(_disarmed, _PROSE.sub(_kept, text)))


def _kept(match: re.Match[str]) -> str:
    """Return what stays of code, tags and images: code, addresses, the words for an image."""
    if match["break"]:
        return "\n"
    return match["code"] or match["address"] or match["image"] or ""


def _disarmed(match: re.Match[str]) -> str:
    """Return what is left of half tags, odd images and links to other things than pages."""
    if match["link"]:
        return match["link"] + (match["goal"] if _GOAL.fullmatch(match["goal"]) else "#")
    if match["tag"]:
        return "&lt;"
    return match["code"] or "\\!"
