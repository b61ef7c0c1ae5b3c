"""A button that gets a model, and says how far that is once it was pressed."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.downloads import Download, State
from app.domain.hub import Bundle


def download_of(bundle: Bundle, downloads: Iterable[Download]) -> Download | None:
    """Return the newest download of a model's files, if there is one."""
    names = {file.name for file in bundle.files}
    found = [each for each in downloads if set(each.names) == names]
    return max(found, key=lambda each: each.position, default=None)


def is_here(bundle: Bundle, folder: Path) -> bool:
    """Whether all files of a model lie in a folder, as large as the hub says they are."""
    return all(_size(folder / file.name) == file.size for file in bundle.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return -1


class GetButton(QPushButton):
    """As wide as the longest of its words, so that nothing beside it moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = self.tr("The tab Downloads tells more, and stops or goes on with it.")
        self._states = {
            State.WAITING: self.tr("Waiting"),
            State.VERIFYING: self.tr("Checking"),
            State.PAUSED: self.tr("Paused"),
            State.FAILED: self.tr("Get again"),
            State.DONE: self.tr("Here"),
        }
        self.setFixedWidth(self._widest())
        self.setText(self.tr("Get"))

    def show_state(self, download: Download | None, *, here: bool) -> None:
        """Say where the download stands; `here`: the files are in their folder."""
        gone = download is not None and download.state is State.CANCELLED
        if here or download is None or gone:
            self.setText(self._states[State.DONE] if here else self.tr("Get"))
            self.setEnabled(not here)
            self.setToolTip("")
            return
        state = download.state
        # Done but not here: somebody has deleted it.
        self.setEnabled(state in {State.FAILED, State.DONE})
        fresh = self.tr("Get") if state is State.DONE else _share(download)
        known = "" if state is State.DONE else self._states.get(state, "")
        self.setText(known or fresh)
        self.setToolTip("" if state is State.DONE else self._hint)

    def _widest(self) -> int:
        widths = []
        for text in (self.tr("Get"), "100 %", *self._states.values()):
            self.setText(text)
            self.ensurePolished()
            widths.append(self.sizeHint().width())
        return max(widths)


def _share(download: Download) -> str:
    return f"{download.done / download.total:.0%}".replace("%", " %") if download.total else "0 %"
