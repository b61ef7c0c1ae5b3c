"""A fence of code: its language, a way to copy it, and colours once it is complete."""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.named import text_button
from app.ui.theme import Tokens, mono_font

Span = tuple[int, int, str]

_TAB_COLUMNS = 4


class CodeBlock(QFrame):
    """Shows one fence, as high as its lines."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self._shown: tuple[str, str, bool] | None = None
        self._language = QLabel()
        self._copy = text_button(self.tr("Copy"))
        self._copy.setAccessibleName(self.tr("Copy code"))
        self._copy.clicked.connect(self.copy)
        self._text = _CodeText()
        self._text.setAccessibleName(self.tr("Code"))
        self._colours = _Colours(self._text.document(), tokens)
        head = QHBoxLayout()
        head.addWidget(self._language)
        head.addStretch()
        head.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 10)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._text)

    def show_code(self, code: str, language: str, *, complete: bool) -> None:
        """Show code; only complete code is coloured."""
        shown = (code, language, complete)
        if shown == self._shown:
            return
        self._shown = shown
        self._language.setText(language or self.tr("code"))
        self._text.show_code(code)
        if complete:
            self._colours.paint(code, language)

    def copy(self) -> None:
        """Put the code on the clipboard."""
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copy.setText(self.tr("Copied"))

    def restyle(self, tokens: Tokens) -> None:
        """Show the same code in other colours."""
        self._colours.restyle(tokens)


class _CodeText(QPlainTextEdit):
    """Read-only text in the font of code; it scrolls sideways only."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(mono_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.document().setDocumentMargin(0)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * _TAB_COLUMNS)

    def show_code(self, code: str) -> None:
        """Show code; of code that has grown only the growth is new, so a selection stays."""
        old = self.toPlainText()
        if code.startswith(old):
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(old) :])
        else:
            self.setPlainText(code)
        self.fit()

    def fit(self) -> None:
        """Be as high as the lines, and a scroll bar where they are too long."""
        lines = self.document().blockCount() * self.fontMetrics().lineSpacing()
        overlong = self.document().size().width() > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() + 4 if overlong else 0
        self.setFixedHeight(lines + bar + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At another width, other lines are too long."""
        super().resizeEvent(event)
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript, except sideways."""
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()


class _Colours(QSyntaxHighlighter):
    """Paints spans that were found once, by Pygments, over the whole code."""

    def __init__(self, document: QTextDocument, tokens: Tokens) -> None:
        super().__init__(document)
        self._tokens = tokens
        self._lines: list[list[Span]] = []

    def paint(self, code: str, language: str) -> None:
        """Colour `code`, which the document holds."""
        self._lines = spans(code, language)
        self.rehighlight()

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours for the same spans."""
        self._tokens = tokens
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        del text
        number = self.currentBlock().blockNumber()
        for start, length, colour in self._lines[number] if number < len(self._lines) else ():
            style = QTextCharFormat()
            style.setForeground(QColor(getattr(self._tokens, colour)))
            self.setFormat(start, length, style)


def spans(code: str, language: str) -> list[list[Span]]:
    """Return per line where which colour goes: (first column, length, name of the colour)."""
    from pygments import lex  # noqa: PLC0415 - 60 ms that a chat without code does not need
    from pygments.lexers import TextLexer, get_lexer_by_name  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    lines: list[list[Span]] = [[]]
    column = 0
    for kind, text in lex(code, lexer):
        colour = _colour_of(str(kind))
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
                column = 0
            # Qt counts UTF-16 units, Python counts characters.
            width = len(part.encode("utf-16-le")) // 2
            if colour and width:
                lines[-1].append((column, width, colour))
            column += width
    return lines


_COLOURS = (
    ("Token.Keyword", "code_keyword"),
    ("Token.Operator.Word", "code_keyword"),
    ("Token.Literal.String", "code_string"),
    ("Token.Literal.Number", "code_number"),
    ("Token.Comment", "code_comment"),
    ("Token.Name.Function", "code_name"),
    ("Token.Name.Class", "code_name"),
    ("Token.Name.Builtin", "code_name"),
    ("Token.Name.Tag", "code_keyword"),
)


def _colour_of(kind: str) -> str:
    return next((colour for prefix, colour in _COLOURS if kind.startswith(prefix)), "")
