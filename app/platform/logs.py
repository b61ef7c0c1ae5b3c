"""The log file: rotating, without secrets; nothing of it ever reaches standard output."""

import faulthandler
import logging
import re
from logging.handlers import RotatingFileHandler

from app.platform.paths import Paths

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE_BYTES = 2 * 1024 * 1024
_FILES = 5
_SECRETS = re.compile(
    r"(?i)(bearer\s+|(?:api[_-]?key|token|password|secret)\W{1,3})[\w.~+/=-]{8,}|\b(?:sk|hf)[-_]\w{8,}"
)


def without_secrets(text: str) -> str:
    """Return the text with tokens and keys blotted out."""
    return _SECRETS.sub(lambda match: f"{match[1] or ''}***", text)


class _Discreet(logging.Formatter):
    """Formats a record, then removes what must not be kept."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def start_logging(paths: Paths, level: str) -> None:
    """Write the log to the log folder; also where a crash happened, should one come."""
    handler = RotatingFileHandler(
        paths.logs / "echelon.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8"
    )
    handler.setFormatter(_Discreet(_FORMAT))
    root = logging.getLogger()
    root.setLevel(level.upper())
    root.addHandler(handler)
    # httpx tells every request at INFO; with us that is every poll of every engine.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    faulthandler.enable((paths.logs / "crash.log").open("a", encoding="utf-8"))
