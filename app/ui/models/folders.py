"""The folders of the library: what lies in each, what cannot be seen, and which are the user's."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.domain.names import printable
from app.domain.shelf import FolderReport, FolderState, Origin
from app.ui.elided import ElidedLabel
from app.ui.models.shelf_words import origin_words
from app.ui.named import named
from app.ui.notices import NoticeBar
from app.ui.said import said

_LONG = 1000
_SIZE = 640, 420


class FoldersDialog(QDialog):
    """Shows all folders; tells which one should go, or that one should come."""

    add_wanted = Signal()
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Folders"))
        self.resize(*_SIZE)
        self.notices = NoticeBar()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.tr("Folders"))
        self._add = QPushButton(self.tr("Add a folder…"))
        self._add.clicked.connect(self.add_wanted)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addStretch()
        row.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        layout.addWidget(self.notices)
        layout.addWidget(self._area, 1)
        layout.addLayout(row)

    @property
    def texts(self) -> list[str]:
        """What the rows say."""
        return [label.text() for label in self._area.findChildren(QLabel)]

    def show_folders(self, folders: Sequence[FolderReport]) -> None:
        """Show these; who had the keys in a row that may be gone has them still."""
        if (focused := self.focusWidget()) is not None and self._area.isAncestorOf(focused):
            self._add.setFocus()
        page = named(QWidget(), "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(14)
        for report in folders:
            column.addWidget(_FolderRow(report, self._remover(report.folder.path)))
        column.addStretch()
        self._area.setWidget(page)

    def _remover(self, path: Path) -> Callable[[], None]:
        return lambda: self.remove_wanted.emit(path)


class _FolderRow(QWidget):
    """One folder."""

    def __init__(self, report: FolderReport, remove: Callable[[], None]) -> None:
        super().__init__()
        path = printable(str(report.folder.path), _LONG)
        place = ElidedLabel()
        place.show_text(path)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(place)
        words.addWidget(named(QLabel(self._figures(report)), "describes"))
        if report.detail:
            detail = named(QLabel(said(report.detail)), "bad")
            detail.setWordWrap(True)
            detail.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        if report.folder.origin is Origin.ADDED:
            button = QPushButton(self.tr("Take out"))
            button.setAccessibleName(self.tr("Take out %1").replace("%1", path))
            button.clicked.connect(remove)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def _figures(self, report: FolderReport) -> str:
        said = [origin_words(report.folder.origin)]
        if report.state in {FolderState.OPEN, FolderState.PARTLY}:
            said.append(self.tr("models: %1").replace("%1", str(report.models)))
            said.append(in_words(report.used))
        if report.free is not None:
            said.append(self.tr("%1 free on its disk").replace("%1", in_words(report.free)))
        return " · ".join(said)


def unseen(folders: Sequence[FolderReport]) -> list[FolderReport]:
    """Return the user's folders that could not be looked at as a whole."""
    return [each for each in folders if each.detail and each.folder.origin.ours]
