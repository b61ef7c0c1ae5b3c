"""Prose of an answer: Markdown without tags, images or surprises behind links."""

from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QWidget

from app.ui.theme import CODE_PX, MONO, TEXT_PX, Tokens

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_OPENABLE = {"http", "https", "mailto"}
_PARAGRAPH_GAP = 8.0
_LINE_HEIGHT = 150.0
_HEADING_PX = {1: 22, 2: 18, 3: 16}


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
        self._source = source
        self.document().setMarkdown(source, _FEATURES)
        self._dress()
        self._fit()

    def restyle(self, tokens: Tokens) -> None:
        """Show the same text in other colours."""
        self._tokens = tokens
        self.show_markdown(self._source)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - Qt's own type
        """Load nothing: an answer must not fetch images from anywhere."""
        del kind, name
        return QImage(1, 1, QImage.Format.Format_ARGB32)

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

    def _dress(self) -> None:
        """Give blocks even gaps, headings modest sizes, and inline code its font and ground."""
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            shape = block.blockFormat()
            shape.setTopMargin(0 if block == self.document().begin() else _PARAGRAPH_GAP)
            shape.setBottomMargin(0)
            if block.textList() is not None:
                shape.setTopMargin(2)
            shape.setLineHeight(_LINE_HEIGHT, 1)  # proportional
            cursor.setBlockFormat(shape)
            self._dress_fragments(block.begin(), shape.headingLevel())
            block = block.next()

    def _dress_fragments(self, at: Any, heading: int) -> None:  # noqa: ANN401 - no public type
        # Collected first: changing a format while walking would invalidate the iterator.
        changes: list[tuple[int, int, QTextCharFormat]] = []
        while not at.atEnd():
            fragment = at.fragment()
            style = fragment.charFormat()
            if style.fontFixedPitch():
                style.setFontFamilies([MONO])
                style.setProperty(QTextCharFormat.Property.FontPixelSize, round(CODE_PX))
                style.setBackground(QColor(self._tokens.panel))
            elif heading:
                size = _HEADING_PX.get(heading, TEXT_PX)
                style.setProperty(QTextCharFormat.Property.FontPixelSize, size)
                style.clearProperty(QTextCharFormat.Property.FontSizeAdjustment)
                style.setFontWeight(QFont.Weight.DemiBold)
            if style.isAnchor():
                style.setForeground(QColor(self._tokens.accent))
                style.setToolTip(style.anchorHref())
            changes.append((fragment.position(), fragment.length(), style))
            at += 1
        for position, length, style in changes:
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(style)
