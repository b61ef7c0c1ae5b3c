"""The log file: rotating, without secrets; nothing of it ever reaches standard output."""

import faulthandler
import logging
import os
import re
from logging.handlers import RotatingFileHandler

from app.domain.errors import NotWritable
from app.platform.paths import Paths

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE_BYTES = 2 * 1024 * 1024
_FILES = 5
# Where a secret stands in headers, settings, command lines and addresses; then keys by their look.
_SECRETS = re.compile(
    r"""(?ix)
    (?P<before>
        \b(?:bearer|basic)\s+
        | (?:api[_-]?key|token|password|secret|authorization)
          (?:["']?\s*[=:]\s*(?:b?["'])?|["'],\s*b?["'])(?!(?:bearer|basic)\b)
        | --(?:api-key|token|password)\s
        | ://[^\s/:@]*:(?=[^\s/@]+@)
    )
    [^\s"',;&@}\])]{8,}
    | \b(?:sk|hf|gh[opsu]|github_pat|glpat|xox[abp])[-_][\w-]{8,}
    """
)


def without_secrets(text: str) -> str:
    """Return the text with tokens and keys blotted out."""
    return _SECRETS.sub(lambda match: f"{match['before'] or ''}***", text)


class _Discreet(logging.Formatter):
    """Formats a record, then removes what must not be kept."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _LogFile(RotatingFileHandler):
    """Our file. What cannot be written, on a full disk, is dropped: a log stops no program."""

    crashes = -1  # the descriptor faulthandler writes to; it stays open until the process ends

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing: standard error belongs to the person at the terminal."""


def start_logging(paths: Paths, level: str) -> None:
    """Write the log to the log folder; also where a crash happened, should one come.

    Raises:
        NotWritable: the log files belong to somebody else.
    """
    stop_logging()
    try:
        crashes = os.open(paths.logs / "crash.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        handler = _LogFile(
            paths.logs / "echelon.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8"
        )
    except OSError as error:
        raise NotWritable(
            f"Echelon cannot write its log to {paths.logs}: {error.strerror}.",
            remedy="Give yourself the right to write there, or remove the files in it.",
        ) from error
    handler.crashes = crashes
    handler.setFormatter(_Discreet(_FORMAT))
    root = logging.getLogger()
    root.setLevel(level.upper())
    root.addHandler(handler)
    # These tell every request; with us that is every poll of every engine.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    faulthandler.enable(crashes)


def stop_logging() -> None:
    """Let go of the log files, if there are any."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _LogFile)]:
        root.removeHandler(handler)
        handler.close()
        faulthandler.disable()
        os.close(handler.crashes)
