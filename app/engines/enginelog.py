"""What an engine writes on stderr: the last lines in memory, everything in a rotating file."""

import logging
import logging.handlers
import re
import zlib
from collections import deque
from collections.abc import Sequence
from pathlib import Path

RING_LINES = 2000
LINE_LIMIT = 8 * 1024
FILE_BYTES = 2 * 1024 * 1024
FILES_KEPT = 4


class _ForgivingFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written (a full disk) must not disturb the engine."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Drop the line; it is still in the ring."""


class EngineLog:
    """The log of one model's engine processes; feed it bytes in any pieces."""

    def __init__(self, file: Path) -> None:
        """Write to `file`, which is opened with the first line."""
        self.file = file
        self._ring: deque[str] = deque(maxlen=RING_LINES)
        self._rest = b""
        self._handler = _ForgivingFile(
            file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))

    def feed(self, data: bytes) -> None:
        """Take what the engine wrote; whole lines are logged, overlong ones cut short."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest if len(rest) <= LINE_LIMIT else b""
        if len(rest) > LINE_LIMIT:
            lines.append(rest)
        for line in lines:
            self.add(line[:LINE_LIMIT].decode("utf-8", "replace").rstrip())

    def add(self, line: str) -> None:
        """Log one line, which may also be our own remark."""
        self._ring.append(line)
        self._handler.handle(logging.makeLogRecord({"msg": line}))

    def tail(self, count: int = 50) -> Sequence[str]:
        """Return the last lines."""
        return list(self._ring)[-count:]

    def close(self) -> None:
        """Log an unfinished last line and close the file."""
        if self._rest:
            self.feed(b"\n")
        self._handler.close()


def log_file(folder: Path, model: str) -> Path:
    """Return the log of a model by name; names that need changing get a checksum to differ."""
    plain = re.sub(r"[^\w.-]+", "_", model)[:60]
    mark = "" if plain == model else f"-{zlib.crc32(model.encode()):08x}"
    return folder / f"engine-{plain}{mark}.log"
