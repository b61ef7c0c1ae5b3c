"""The memory a model would take beside the others: a bar, and the same in words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.engines.residency.company import Member
from app.models.loads import Load
from app.ui.named import named
from app.ui.theme import Tokens

_BAR_PX, _RADIUS, _GAP_PX = 14, 4, 1
# How strongly those beside the model are drawn.
_OTHERS = 0.6


class MemoryBar(QWidget):
    """One bar within the budget: the model's parts in shades, those that stay beside it in grey."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens
        self._parts: list[tuple[int, QColor]] = []
        self._budget = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Be as high as the bar."""
        return QSize(200, _BAR_PX)

    def show_parts(self, parts: list[tuple[int, QColor]], budget: int, tokens: Tokens) -> None:
        """Show parts in bytes, of a budget in bytes; what is more than it fills the bar."""
        self._parts, self.tokens = parts, tokens
        self._budget = max(1, budget, sum(size for size, _ in parts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts from left to right."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.tokens.line))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _BAR_PX), _RADIUS, _RADIUS)
        left = 0.0
        for size, colour in self._parts:
            width = self.width() * size / self._budget
            painter.setBrush(colour)
            painter.drawRect(QRectF(left, 0, max(1.0, width - _GAP_PX), _BAR_PX))
            left += width
        painter.end()


class MemoryLine(QWidget):
    """The bar, what it holds, and whether it fits."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = MemoryBar(tokens)
        self.verdict = _label("line")
        self.parts = _label("describes")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        for part in (self.bar, self.verdict, self.parts):
            column.addWidget(part)

    def show_nothing(self, words: str) -> None:
        """Say why nothing is known; what stands below stays where it is."""
        self.bar.show_parts([], 1, self.bar.tokens)
        self._say(words or " ")
        self.parts.setText(" ")

    def show_load(self, load: Load, tokens: Tokens, colour: str) -> None:
        """Show what a model takes, and who is beside it."""
        self.bar.show_parts(_shades(load, tokens, colour), load.company.budget, tokens)
        self._say(self._verdict(load), bad=load.missing or not load.company.fits)
        self.parts.setText(self._parts(load))
        self.bar.setAccessibleName(f"{self.verdict.text()} {self.parts.text()}")

    def _say(self, words: str, *, bad: bool = False) -> None:
        """Say how it stands; what does not fit is said in another colour, too."""
        self.verdict.setText(words)
        name = "verdictBad" if bad else "line"
        if self.verdict.objectName() != name:
            self.verdict.setObjectName(name)
            self.verdict.style().polish(self.verdict)

    def _verdict(self, load: Load) -> str:
        found = load.company
        amounts = (in_words(found.used), in_words(found.budget))
        if load.missing:
            return self.tr("The file %1 is not there or cannot be read.").replace(
                "%1", str(load.model.path)
            )
        if not found.fits:
            words = self.tr("does not fit: %1 of %2")
            return _filled(words, *amounts) + self._beyond(load)
        return _filled(self.tr("fits: %1 of %2"), *amounts) + self._left(found.leaving)

    def _beyond(self, load: Load) -> str:
        staying = _names(load.company.staying)
        words = ""
        if staying:
            words = self.tr("; always in memory beside it: %1").replace("%1", staying)
        if load.model.load_anyway:
            return words + self.tr("; it is loaded anyway")
        return words + self.tr("; choose a shorter context or a smaller model, or load it anyway")

    def _left(self, leaving: tuple[Member, ...]) -> str:
        if not leaving:
            return ""
        return self.tr("; not beside %1: it would leave memory").replace("%1", _names(leaving))

    def _parts(self, load: Load) -> str:
        shares = load.shares
        named_parts = (
            (self.tr("model %1"), shares.weights),
            (self.tr("context %1"), shares.past),
            (self.tr("draft model %1"), shares.drafter),
            (self.tr("eyes %1"), shares.eyes),
            (self.tr("working room %1"), shares.work),
        )
        said = [words.replace("%1", in_words(size)) for words, size in named_parts if size]
        beside = [f"{each.model} {in_words(each.bytes)}" for each in load.company.staying]
        if beside:
            said.append(self.tr("beside it %1").replace("%1", ", ".join(beside)))
        return " · ".join(said)


def _shades(load: Load, tokens: Tokens, colour: str) -> list[tuple[int, QColor]]:
    """Return the parts of the bar: what was measured of the whole is shared out as forecast."""
    shares = load.shares
    sizes = (shares.weights, shares.past, shares.drafter, shares.eyes, shares.work)
    scale = load.company.wanted.bytes / max(1, sum(sizes))
    parts = []
    for at, size in enumerate(sizes):
        shade = QColor(colour)
        shade.setAlphaF(1.0 - 0.16 * at)
        parts.append((int(size * scale), shade))
    grey = QColor(tokens.dim)
    grey.setAlphaF(_OTHERS)
    return [*parts, *((each.bytes, grey) for each in load.company.staying)]


def _names(members: tuple[Member, ...]) -> str:
    return ", ".join(each.model for each in members)


def _filled(words: str, one: str, two: str) -> str:
    return words.replace("%1", one).replace("%2", two)


def _label(name: str) -> QLabel:
    label = named(QLabel(), name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
