"""Server-sent events survive any cut of the byte stream."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.sse import EventParser, EventTooLong, ServerEvent

# Bytes that matter to the parser, and some that do not.
FIELDS = [b"data: ", b"data:", b"data", b"event: x", b": note", b"id: 1", b"a", b"{}", b":", b" "]
SEAMS = [b"\r", b"\n", b"\r\n", "é".encode(), b"\xef\xbb\xbf", b"\xff"]
STREAMS = st.lists(st.sampled_from([*FIELDS, *SEAMS]), max_size=60).map(b"".join)


def parse(*pieces: bytes, limit: int = 1000) -> list[ServerEvent | str]:
    """Return all events; "too long" stands for the error that ended them."""
    parser = EventParser(limit)
    events: list[ServerEvent | str] = []
    try:
        for event in itertools.chain.from_iterable(map(parser.feed, pieces)):
            events.append(event)  # noqa: PERF402  what came before the error counts
    except EventTooLong:
        events.append("too long")
    return events


def single_bytes(stream: bytes) -> list[bytes]:
    return [stream[place : place + 1] for place in range(len(stream))]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


@given(STREAMS, st.lists(st.integers(0, 200), max_size=12))
def test_any_split_gives_the_same_events(stream: bytes, places: list[int]) -> None:
    assert parse(*cut(stream, places)) == parse(stream)
    assert parse(*single_bytes(stream)) == parse(stream)


@given(STREAMS, st.lists(st.integers(0, 200), max_size=12), st.integers(1, 12))
def test_the_limit_does_not_depend_on_the_split(
    stream: bytes, places: list[int], limit: int
) -> None:
    assert parse(*cut(stream, places), limit=limit) == parse(*single_bytes(stream), limit=limit)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_all_line_ends_are_line_ends(end: bytes) -> None:
    stream = end.join([b"data: one", b"data: two", b"", b"data: three", b"", b""])
    assert parse(stream) == [ServerEvent("one\ntwo"), ServerEvent("three")]


def test_a_crlf_cut_in_half_is_one_line_end() -> None:
    assert parse(b"data: one\r", b"\n", b"\r", b"\n") == [ServerEvent("one")]


def test_comments_names_and_unknown_fields() -> None:
    stream = b": hello\nevent: error\ndata: x\nretry: 5\nid: 7\n\ndata: y\n\n"
    assert parse(stream) == [ServerEvent("x", "error"), ServerEvent("y")]


def test_a_byte_order_mark_is_skipped_at_the_start_only() -> None:
    assert parse(b"\xef\xbb", b"\xbfdata: x\n\n") == [ServerEvent("x")]
    assert parse(b"data: a\n\n\xef\xbb\xbfdata: x\n\n") == [ServerEvent("a")]


def test_one_space_after_the_colon_belongs_to_the_syntax() -> None:
    assert parse(b"data:  x\n\ndata:y\n\ndata\n\n") == [
        ServerEvent(" x"),
        ServerEvent("y"),
        ServerEvent(""),
    ]


def test_an_unfinished_event_is_dropped_and_an_empty_one_is_none() -> None:
    assert parse(b"event: x\n\n\n\ndata: lost\n") == []


@pytest.mark.parametrize("stream", [b"data: " + b"x" * 2000, b"data: xx\n" * 1000])
def test_an_endless_event_is_refused(stream: bytes) -> None:
    assert parse(stream) == ["too long"]


def test_broken_utf8_is_replaced_and_split_characters_are_whole() -> None:
    assert parse(b"data: \xc3", b"\xa9\xff\n\n") == [ServerEvent("é\ufffd")]
