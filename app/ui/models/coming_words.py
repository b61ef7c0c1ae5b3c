"""How a download is put into words."""

from PySide6.QtCore import QCoreApplication

from app.domain.amounts import in_words, time_in_words
from app.domain.downloads import ENDED, Download, State
from app.domain.names import printable
from app.ui.said import said

_LONG = 1000
# How the bytes of these are kept is worth a word; of the others all is said by the state.
_PIECED = frozenset({State.WAITING, State.RUNNING, State.RETRYING, State.PAUSED, State.FAILED})


def state_word(state: State) -> str:
    """Return the one word for where a download stands."""
    translate = QCoreApplication.translate
    return {
        State.WAITING: translate("Coming", "waiting"),
        State.RUNNING: translate("Coming", "running"),
        State.RETRYING: translate("Coming", "retrying"),
        State.VERIFYING: translate("Coming", "verifying"),
        State.PAUSED: translate("Coming", "paused"),
        State.DONE: translate("Coming", "done"),
        State.FAILED: translate("Coming", "failed"),
        State.CANCELLED: translate("Coming", "cancelled"),
    }[state]


def figures(download: Download) -> str:
    """Return how far a download is, how fast, and how long it will take if that is known."""
    translate = QCoreApplication.translate
    words = [_amount(download)]
    if download.rate is not None:
        words.append(f"{in_words(download.rate)}/s")
    if download.eta_s is not None:
        left = translate("Coming", "%1 left")
        words.append(left.replace("%1", time_in_words(download.eta_s)))
    if download.done and download.state in _PIECED:
        words.append(translate("Coming", "pieces verified"))
    return " · ".join(word for word in words if word)


def sentence(download: Download) -> str:
    """Return what a download does, what is in its way, and what helps."""
    words = [state_word(download.state)]
    if download.message:
        words = [f"{words[0]}: {said(download.message)}"]
        words += [said(download.remedy)] if download.remedy else []
    elif download.state is State.DONE:
        words = [f"{words[0]}: {place(download)}"]
    return " ".join(words)


def place(download: Download) -> str:
    """Return where the file of a download is, or will be."""
    return printable(str(download.folder / download.names[0]), _LONG)


def share(download: Download) -> float:
    """Return how much of a download is here, from 0 to 1."""
    if download.state is State.DONE:
        return 1.0
    return min(1.0, download.done / download.total) if download.total else 0.0


def is_open(download: Download) -> bool:
    """Whether somebody may still wait for a download."""
    return download.state not in ENDED or download.state is State.FAILED


def _amount(download: Download) -> str:
    done, total = download.done, download.total
    if download.state is State.DONE:
        return in_words(total or done)
    if not total:
        return in_words(done) if done else ""
    words = QCoreApplication.translate("Coming", "%1 of %2")
    return words.replace("%1", in_words(done)).replace("%2", in_words(total))
