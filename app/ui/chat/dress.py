"""Gives a document made from Markdown the look of the window: gaps, sizes, tables, quotes."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)

from app.ui.theme import CODE_PX, MONO, TEXT_PX, Tokens

_PARAGRAPH_GAP = 10.0
_ITEM_GAP = 4.0
# Together with the font's own height this makes lines of 1.55 times the size of the letters.
_LINE_HEIGHT_PERCENT = 128.0
_INDENT = 24.0
_QUOTE_INDENT = 16.0
_CELL_PADDING = 7.0
_HEADING_PX = {1: 22, 2: 18, 3: 16}
_PROPORTIONAL = 1  # QTextBlockFormat.LineHeightTypes.ProportionalHeight, wanted as a number

_Span = tuple[int, int, QTextCharFormat]


def dress(document: QTextDocument, tokens: Tokens) -> None:
    """Dress the whole document."""
    document.setIndentWidth(_INDENT)
    block = document.begin()
    while block.isValid():
        _dress_block(block, tokens)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame, tokens)


def quotes(document: QTextDocument) -> Iterator[QTextBlock]:
    """Yield the paragraphs of quotations."""
    block = document.begin()
    while block.isValid():
        if block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel):
            yield block
        block = block.next()


def _dress_block(block: QTextBlock, tokens: Tokens) -> None:
    cursor = QTextCursor(block)
    shape = block.blockFormat()
    gap = _ITEM_GAP if block.textList() is not None else _PARAGRAPH_GAP
    first = block.blockNumber() == 0 or cursor.currentTable() is not None
    shape.setTopMargin(0 if first else gap)
    shape.setBottomMargin(0)
    shape.setLineHeight(_LINE_HEIGHT_PERCENT, _PROPORTIONAL)
    if shape.hasProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth):
        # A ruler takes its colour from the ground; without a style that paints nothing else.
        shape.setBackground(QBrush(QColor(tokens.line), Qt.BrushStyle.NoBrush))
    quoted = shape.intProperty(QTextFormat.Property.BlockQuoteLevel)
    if quoted:
        shape.setLeftMargin(_QUOTE_INDENT * quoted)
        shape.setRightMargin(0)
    cursor.setBlockFormat(shape)
    for start, length, style in _spans(block.begin(), shape.headingLevel(), bool(quoted), tokens):
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(style)


def _spans(at: Any, heading: int, quoted: bool, tokens: Tokens) -> list[_Span]:  # noqa: ANN401
    """Return the new look of each run of letters; changed while walking, the way would be lost."""
    found: list[_Span] = []
    while not at.atEnd():
        fragment = at.fragment()
        style = fragment.charFormat()
        _dress_letters(style, heading, quoted, tokens)
        found.append((fragment.position(), fragment.length(), style))
        at += 1
    return found


def _dress_letters(style: QTextCharFormat, heading: int, quoted: bool, tokens: Tokens) -> None:
    size = QTextFormat.Property.FontPixelSize
    if quoted:
        style.setForeground(QColor(tokens.dim))
    if style.fontFixedPitch():
        style.setFontFamilies([MONO])
        style.setProperty(size, round(CODE_PX))
        style.setBackground(QColor(tokens.panel))
    elif heading:
        style.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        style.setProperty(size, _HEADING_PX.get(heading, TEXT_PX))
    if style.fontWeight() > QFont.Weight.Normal:
        style.setFontWeight(QFont.Weight.DemiBold)  # the boldest that is shipped
    if style.isAnchor():
        style.setForeground(QColor(tokens.accent))
        style.setToolTip(style.anchorHref())


def _dress_table(table: QTextTable, tokens: Tokens) -> None:
    shape = table.format()
    shape.setBorder(1)
    shape.setBorderBrush(QColor(tokens.line))
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderCollapse(True)
    shape.setCellSpacing(0)
    shape.setCellPadding(_CELL_PADDING)
    shape.setTopMargin(_PARAGRAPH_GAP if table.firstPosition() > 1 else 0)
    table.setFormat(shape)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        look = cell.format()
        look.setBackground(QColor(tokens.panel))
        cell.setFormat(look)
        if table.rows() > 1:  # Qt aligns only what is below the first row
            _align_like(table.cellAt(1, column).firstCursorPosition(), cell.firstCursorPosition())


def _align_like(model: QTextCursor, cursor: QTextCursor) -> None:
    shape = cursor.blockFormat()
    shape.setAlignment(model.blockFormat().alignment())
    cursor.setBlockFormat(shape)
