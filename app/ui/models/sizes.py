"""All that can be had of one repository: a row for each size, with a verdict and a button."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.domain.downloads import Download
from app.domain.hub import Bundle
from app.models.hub.prospects import Prospect, Repository
from app.ui.models import find_words as words
from app.ui.models.columns import Cells, Columns, cell, stacked
from app.ui.models.fetching import GetButton
from app.ui.named import named
from app.ui.theme import Theme

_GAP = 8
State = Callable[[Bundle], tuple[Download | None, bool]]


class SizeRow(Columns):
    """One size of a model, or a projector that lets one see."""

    def __init__(self, prospect: Prospect, context: int, theme: Theme) -> None:
        super().__init__()
        named(self, "row")
        bundle, verdict = prospect.bundle, prospect.verdict
        self.bundle = bundle
        self.get = GetButton()
        self.get.setAccessibleName(self.tr("Get %1").replace("%1", bundle.label))
        self.get.setVisible(bundle.is_complete)
        name = cell("rowName", bundle.label.rpartition("/")[2])
        name.setToolTip(words.tip(bundle.label))
        size, pace = in_words(bundle.size), words.pace_words(verdict)
        told = self._expected(prospect, context)
        judged = cell("line", told)
        judged.setToolTip(words.tip(words.why_words(prospect) or told))
        dot = named(QLabel(words.DOT), "dot")
        dot.setStyleSheet(f"color: {words.verdict_colour(verdict, theme.tokens)};")
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        line.addWidget(dot)
        line.addWidget(judged, 1)
        pace_below = cell("describes", pace)
        pace_below.setIndent(dot.sizeHint().width() + _GAP)
        self.setAccessibleName(", ".join(part for part in (bundle.label, size, told, pace) if part))
        self.arrange(
            Cells(
                model=stacked(name, self._parts()),
                quantisation=cell("line", bundle.quantisation),
                size=cell("line", size),
                size_below=cell("describes", size),
                verdict=line,
                speed=cell("line", pace),
                speed_below=pace_below,
                buttons=self.get,
            )
        )

    def _parts(self) -> QLabel | None:
        count = len(self.bundle.files)
        text = self.tr("in %1 parts").replace("%1", str(count))
        return cell("describes", text) if count > 1 else None

    def _expected(self, prospect: Prospect, context: int) -> str:
        if prospect.bundle.kind == "projector":
            return self.tr("lets a model of this page see images")
        return words.verdict_words(prospect, context)


class Sizes(QFrame):
    """The rows; `get_wanted` carries the bundle of one."""

    get_wanted = Signal(object)

    def __init__(self, theme: Theme, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        self._theme = theme
        self._state = state
        self.rows: list[SizeRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 4)
        self._column.setSpacing(0)

    def show_repository(self, found: Repository, context: int) -> None:
        """Show what can be had, judged at a context (0: an ordinary one)."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = [SizeRow(each, context, self._theme) for each in found.prospects]
        for at, row in enumerate(self.rows):
            if at:
                line = named(QFrame(), "hairline")
                line.setFixedHeight(1)
                self._column.addWidget(line)
            row.get.clicked.connect(lambda _=False, row=row: self.get_wanted.emit(row.bundle))
            self._column.addWidget(row)
        self.setVisible(bool(self.rows))
        self.show_states()

    def show_states(self) -> None:
        """Show how far downloads are."""
        for row in self.rows:
            download, here = self._state(row.bundle)
            row.get.show_state(download, here=here)
