"""Prose of an answer: Markdown without tags, images or surprises behind links."""

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QWidget

from app.ui.chat.dress import dress, quotes
from app.ui.theme import Tokens

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_OPENABLE = {"http", "https", "mailto"}
_BAR = 3.0


class Prose(QTextBrowser):
    """A run of Markdown as high as its text; `link_wanted` carries the target of a clicked link."""

    link_wanted = Signal(str)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prose")
        self.setAccessibleName(self.tr("Answer text"))
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._clicked)
        self._tokens = tokens
        self._source = ""

    def show_markdown(self, source: str) -> None:
        """Show this Markdown instead of what was there."""
        if source == self._source:
            return
        self._render(source)

    def _render(self, source: str) -> None:
        self._source = source
        self.document().setMarkdown(source, _FEATURES)
        dress(self.document(), self._tokens)
        self._fit()

    def restyle(self, tokens: Tokens) -> None:
        """Show the same text in other colours."""
        self._tokens = tokens
        self._render(self._source)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - Qt's own type
        """Load nothing: an answer must not fetch images from anywhere."""
        del kind, name
        return QImage(1, 1, QImage.Format.Format_ARGB32)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and a bar beside what is quoted."""
        super().paintEvent(event)
        bars = self._bars()
        if bars:
            painter = QPainter(self.viewport())
            for bar in bars:
                painter.fillRect(bar, QColor(self._tokens.line))
            painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the column."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Want exactly the height of the text."""
        return QSize(super().sizeHint().width(), self.height())

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(max(1, round(self.document().size().height())))

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() in _OPENABLE:
            self.link_wanted.emit(url.toString())

    def _bars(self) -> list[QRectF]:
        """Where the bars beside quotations are, in the viewport."""
        layout = self.document().documentLayout()
        bounds = [layout.blockBoundingRect(block) for block in quotes(self.document())]
        return [QRectF(0, each.top(), _BAR, each.height()) for each in bounds]
