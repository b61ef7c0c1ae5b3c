"""The terminal's commands about files from elsewhere: get one, look at the queue, steer it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from app import terminal
from app.domain.amounts import in_words, time_in_words
from app.domain.downloads import ENDED, State
from app.domain.errors import AppError
from app.terminal import FAILED, OK, Channel, Message, asked, say

_CLEAR_LINE = "\r\x1b[K"
_SHOWN_ID = 8
_QUIET_STEPS = 10  # progress lines in all where nobody watches


async def pull(channel: Channel, what: str, *, sha256: str, to: str) -> int:
    """Get a model, with progress on standard error and its path on standard output."""
    try:
        wish = {"op": "pull", "what": what, "sha256": sha256, "to": _whole_path(to)}
        download = await watched(channel, await asked(channel, wish))
    except AppError as error:
        return terminal.report(error)
    return _told(download)


async def watched(channel: Channel, download: Message) -> Message:
    """Show how a download goes until it comes to rest; return how it did.

    Raises:
        AppError: the core ended before that.
    """
    progress = Progress()
    progress.show(download)
    while download["state"] not in ENDED | {State.PAUSED}:
        request = {"op": "watch download", "id": download["id"], "seen": download["state"]}
        download = await asked(channel, request)
        if download["state"] != State.FAILED:  # which is told in lines of its own
            progress.show(download)
    progress.end()
    return download


def _whole_path(folder: str) -> str:
    """Return a folder as it is meant from here; the core may stand elsewhere."""
    return str(Path(folder).expanduser().absolute()) if folder else ""


def _told(download: Message) -> int:
    """Say how a download came to rest; return the exit code."""
    if download["state"] == State.DONE:
        for name in download["names"]:
            sys.stdout.write(f"{Path(download['folder']) / name}\n")
        sys.stdout.flush()
        return OK
    return stopped(download)


def stopped(download: Message) -> int:
    """Say why a download came to rest without its files; return the exit code."""
    say(download["message"] or f"The download is {download['state']}.")
    if download["remedy"]:
        say(download["remedy"])
    return FAILED


class Progress:
    """One line that changes, or for a log a line whenever there is something to say."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._said: tuple[str, str, int] | None = None

    def show(self, download: Message) -> None:
        """Show how a download is."""
        if self._watched:
            sys.stderr.write(f"{_CLEAR_LINE}{line(download)}")
            sys.stderr.flush()
            return
        step = int(_QUIET_STEPS * download["done"] / download["total"]) if download["total"] else 0
        saying = download["state"], download["message"], step
        if saying != self._said:
            self._said = saying
            say(line(download))

    def end(self) -> None:
        """Leave the line."""
        if self._watched:
            say("")


def line(download: Message) -> str:
    """Return how a download is, on one line."""
    words = [download["label"], download["state"], _share(download)]
    if download["rate"] is not None:
        words.append(f"{in_words(download['rate'])}/s")
    if download["eta_s"] is not None:
        words.append(f"{time_in_words(download['eta_s'])} left")
    if download["message"]:
        words.append(download["message"])
    return "  ".join(word for word in words if word)


def listed(answer: Message) -> Iterator[str]:
    """Yield the lines of the queue."""
    if not answer["downloads"]:
        yield "There are no downloads."
    for download in answer["downloads"]:
        yield f"{download['id'][:_SHOWN_ID]}  {line(download)}"


def steered(answer: Message) -> Iterator[str]:
    """Yield what became of a wish."""
    yield line(answer)


def limit_lines(answer: Message) -> Iterator[str]:
    """Yield how fast downloads may be."""
    mb = answer["mb"]
    yield f"Downloads take {mb:g} MB/s together, at most." if mb else "Downloads have no limit."


def _share(download: Message) -> str:
    done, total = download["done"], download["total"]
    if not total:
        return in_words(done) if done else ""
    return f"{done / total:.0%} of {in_words(total)}"
