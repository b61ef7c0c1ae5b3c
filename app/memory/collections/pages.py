"""HTML as plain text: what a reader sees, and nothing that is hidden from them. Pure."""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

_SILENT: Final = frozenset(
    ("script", "style", "template", "noscript", "svg", "math", "head", "object", "iframe", "form")
)
_VOID: Final = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed")
)
_BLOCKS: Final = frozenset(
    ("p", "div", "section", "article", "ul", "ol", "table", "tr", "blockquote", "main", "header")
) | {"footer", "nav", "aside", "figure", "dl", "dd", "dt", "body", "title"}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OPENING: Final = {
    **dict.fromkeys(_BLOCKS, "\n\n"),
    **{f"h{level}": f"\n\n{'#' * level} " for level in range(1, 7)},
    "pre": "\n\n```\n",
    "li": "\n- ",
    "td": " | ",
    "th": " | ",
}
_HIDDEN: Final = ("display:none", "visibility:hidden", "font-size:0", "opacity:0")


def readable(page: str) -> str:
    """Return what a page says, with Markdown's marks for headings, points and code."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = [line.rstrip() for line in "".join(reader.parts).splitlines()]
    kept = [
        line for number, line in enumerate(lines) if line or (number and lines[number - 1].strip())
    ]
    return "\n".join(kept).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        # Open elements; what is inside a silent or hidden one is not read.
        self._open: list[tuple[str, bool]] = []
        self._pre = 0

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        if tag in _VOID:
            return
        self._open.append((tag, tag in _SILENT or _is_hidden(dict(attrs))))
        if self._is_silent:
            return
        self._pre += tag == "pre"
        self.parts.append(_OPENING.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        if not self._is_silent:
            if tag == "pre":
                self._pre -= 1
                self.parts.append("\n```\n\n")
            elif tag in _BLOCKS or tag in _HEADINGS:
                self.parts.append("\n\n")
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_silent:
            return
        if self._pre:
            self.parts.append(data)
            return
        words = " ".join(data.split())
        before = " " if data[:1].isspace() and words else ""
        after = " " if data[-1:].isspace() else ""
        self.parts.append(f"{before}{words}{after}")


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = "".join((attributes.get("style") or "").casefold().split())
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or any(each in style for each in _HIDDEN)
    )
