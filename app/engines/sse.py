"""Bytes to server-sent events: incremental, bounded, without I/O."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVENT_LIMIT = 4 * 1024 * 1024
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"


class EventTooLong(ValueError):
    """One event grew beyond the limit; what follows cannot be trusted."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One dispatched event; `name` is `message` unless the sender said otherwise."""

    data: str
    name: str = "message"


class EventParser:
    """Turns a byte stream, cut anywhere, into events; an unfinished last event is dropped."""

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self._limit = limit
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._name = ""
        self._after_cr = False
        self._first = True

    def feed(self, chunk: bytes) -> Iterator[ServerEvent]:
        """Yield the events that `chunk` completes.

        Raises:
            EventTooLong: after the complete events before it were yielded.
        """
        if self._after_cr and chunk:
            self._after_cr = False
            chunk = chunk.removeprefix(b"\n")
        start = 0
        for end in _LINE_END.finditer(chunk):
            self._extend(chunk[start : end.start()])
            start = end.end()
            event = self._end_line()
            if event is not None:
                yield event
        self._extend(chunk[start:])
        # A CR at the very end may be the first half of a CRLF.
        self._after_cr = self._after_cr or (start == len(chunk) and chunk.endswith(b"\r"))

    def _extend(self, piece: bytes) -> None:
        self._line += piece
        if len(self._line) + self._size > self._limit:
            raise EventTooLong(f"an event is longer than {self._limit} bytes")

    def _end_line(self) -> ServerEvent | None:
        line = bytes(self._line)
        self._line.clear()
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
            self._size += len(value) + 1
        elif field == b"event":
            self._name = value.decode("utf-8", "replace")
        return None

    def _dispatch(self) -> ServerEvent | None:
        data, name = self._data, self._name
        self._data, self._size, self._name = [], 0, ""
        if not data:
            return None
        return ServerEvent(b"\n".join(data).decode("utf-8", "replace"), name or "message")
