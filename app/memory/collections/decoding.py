"""Bytes of a file as text, or why they are none. Pure."""

import codecs
import unicodedata
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 4_096
# Control characters that texts do have: tab, line feed, form feed, carriage return, escape.
_FINE: Final = frozenset(b"\t\n\f\r\x1b")
_MOST_CONTROL: Final = 0.02
# Control characters, halves of pairs, private and unassigned ones.
_NO_SIGNS: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_LEAST_ZEROS: Final = 0.3
_FORMS: Final = {
    b"%PDF-": "PDF is not read yet; keep a text or Markdown file of it beside it.",
    b"PK\x03\x04": "Archives and office documents are not read; keep a text file of it.",
    b"\xd0\xcf\x11\xe0": "Office documents are not read; keep a text file of it.",
}
BINARY: Final = "This is no text."


class NotText(ValueError):
    """Bytes that are no text; the message says why."""


def decoded(data: bytes) -> str:
    """Return the text of a file, whatever encoding it has, with line feeds as ends of lines.

    Raises:
        NotText: it is binary, or a kind of document that is not read.
    """
    for start, why in _FORMS.items():
        if data.startswith(start):
            raise NotText(why)
    return _decoded(data).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if wide := _wide(data[:_SAMPLE]):
        text = data.decode(wide, "replace")
        if _is_gibberish(text[:_SAMPLE]):
            raise NotText(BINARY)
        return text
    if _is_binary(data[:_SAMPLE]):
        raise NotText(BINARY)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _wide(sample: bytes) -> str:
    """Return which UTF-16 without a mark this is, '' for none: every other byte is zero."""
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd >= _LEAST_ZEROS and even < _MOST_CONTROL:
        return "utf-16-le"
    return "utf-16-be" if even >= _LEAST_ZEROS and odd < _MOST_CONTROL else ""


def _is_gibberish(sample: str) -> bool:
    """Whether what was read so has signs that no text has: zeros alone prove little."""
    strange = sum(
        each == "\N{REPLACEMENT CHARACTER}"
        or (unicodedata.category(each) in _NO_SIGNS and ord(each) not in _FINE)
        for each in sample
    )
    return strange > _MOST_CONTROL * max(1, len(sample))


def _is_binary(sample: bytes) -> bool:
    strange = sum(each < 32 and each not in _FINE for each in sample)
    return 0 in sample or strange > _MOST_CONTROL * max(1, len(sample))
