"""What is wanted from elsewhere, how far it is, and the one state each download is in."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.domain.filenames import safe_name


@dataclass(frozen=True, slots=True)
class Part:
    """One file: where it is, its name inside the folder, and what is known of it beforehand."""

    url: str
    name: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of the queue; a model in several files is one item."""

    label: str
    folder: Path
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, url: str, folder: Path, sha256: str | None = None) -> "Wanted":
        """Return the wish for one file, named as its address ends.

        Raises:
            NameRefused: the address ends in nothing that could be a file's name.
        """
        name = safe_name(unquote(urlsplit(url).path).rpartition("/")[2])
        return cls(name, folder, (Part(url, name, sha256=sha256),))


class State(StrEnum):
    """Where a download stands; there is never more than one word for it."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"  # something is in the way that may pass; the download says what
    VERIFYING = "verifying"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can happen to a download."""

    START = "start"
    HITCH = "hitch"  # no connection brings anything
    FLOW = "flow"  # bytes arrive, or are wanted again
    WHOLE = "whole"  # every byte of a file is there
    VERIFIED = "verified"  # every file is what it should be and in its place
    FAIL = "fail"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    STOP = "stop"  # the program ends, or ended


UNDERWAY = frozenset({State.RUNNING, State.RETRYING, State.VERIFYING})
ENDED = frozenset({State.DONE, State.FAILED, State.CANCELLED})

_ANYWHERE_UNDERWAY = {
    Step.FAIL: State.FAILED,
    Step.PAUSE: State.PAUSED,
    Step.CANCEL: State.CANCELLED,
    Step.STOP: State.WAITING,
    Step.HITCH: State.RETRYING,
    Step.FLOW: State.RUNNING,
    Step.WHOLE: State.VERIFYING,
}
_TABLE: dict[State, dict[Step, State]] = {
    State.WAITING: {
        Step.START: State.RUNNING,
        Step.PAUSE: State.PAUSED,
        Step.CANCEL: State.CANCELLED,
        Step.FAIL: State.FAILED,
    },
    State.RUNNING: _ANYWHERE_UNDERWAY,
    State.RETRYING: _ANYWHERE_UNDERWAY,
    State.VERIFYING: _ANYWHERE_UNDERWAY | {Step.VERIFIED: State.DONE},
    State.PAUSED: {Step.RESUME: State.WAITING, Step.CANCEL: State.CANCELLED},
    State.FAILED: {Step.RETRY: State.WAITING, Step.CANCEL: State.CANCELLED},
    State.CANCELLED: {Step.RETRY: State.WAITING},
    State.DONE: {},
}


def next_state(state: State, step: Step) -> State | None:
    """Return the state after a step, or None where the step cannot happen."""
    return _TABLE[state].get(step)


@dataclass(frozen=True, slots=True)
class Download:
    """How a download looks from outside; `total`, `rate` and `eta_s` are None while unknown.

    `code`, `message` and `remedy` belong to the state: what is in the way, or why it failed.
    """

    id: str
    label: str
    folder: Path
    names: tuple[str, ...]
    state: State
    position: int
    done: int = 0
    total: int | None = None
    rate: float | None = None
    eta_s: float | None = None
    code: str = ""
    message: str = ""
    remedy: str = ""
