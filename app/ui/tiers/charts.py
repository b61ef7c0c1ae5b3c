"""The drawings of the page of tiers: speed over time, where questions ended, memory and budget."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.models import Tier
from app.orchestration.telemetry import ORDER, Holding, Point
from app.ui.chat.figures import percent
from app.ui.theme import SECOND_PX, Tokens
from app.ui.tiers.words import memory_words, speed_words, tier_name

_HEIGHT: Final = 150
_AXIS_PX: Final = 18
_BAR_PX, _ROW_PX, _RADIUS = 14, 34, 4
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_BOTTOM = Qt.AlignmentFlag.AlignBottom
_STEPS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Chart(QWidget):
    """A drawing that says a sentence while there is nothing to draw."""

    def __init__(self, empty: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty
        self._tokens = tokens
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Be as high as needed."""
        return QSize(200, _HEIGHT)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return True

    def describe(self) -> str:
        """Return in words what is drawn."""
        return self._empty

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours."""
        self._tokens = tokens
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, or say why there is nothing."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(SECOND_PX)
        painter.setFont(font)
        painter.setPen(QColor(self._tokens.dim))
        if self.is_empty:
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            wrapped = Qt.TextFlag.TextWordWrap.value | flags.value
            painter.drawText(self.rect(), wrapped, self._empty)
        else:
            self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw what there is."""

    def _told(self) -> None:
        words = self.describe()
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def _text(self, painter: QPainter, place: QRectF, text: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags.value, text)


class PaceChart(Chart):
    """Tokens per second of every tier, newest at the right."""

    def __init__(self, empty: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(empty, tokens, parent)
        self._points: tuple[Point, ...] = ()

    def show_points(self, points: Sequence[Point]) -> None:
        """Show these speeds."""
        self._points = tuple(points)
        self._told()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet."""
        return len(self._points) < 2

    def describe(self) -> str:
        """Return the newest speed of every tier."""
        newest = {point.tier: point.tokens_s for point in self._points}
        known = [tier for tier in ORDER if tier in newest]
        said = [f"{tier_name(tier)}: {speed_words(newest[tier])}" for tier in known]
        return "; ".join(said) or self._empty

    def draw(self, painter: QPainter) -> None:
        """Draw grid and curves; a point for every word about the pace, pauses left out."""
        top = _top(max(point.tokens_s for point in self._points))
        place = QRectF(self.rect()).adjusted(0, _AXIS_PX, 0, -_AXIS_PX)
        painter.drawText(self.rect(), (_RIGHT | _BOTTOM).value, self.tr("now"))
        painter.drawText(self.rect(), (_LEFT | _BOTTOM).value, self.tr("earlier"))
        for part in range(3):
            height = place.bottom() - place.height() * part / 2
            painter.setPen(QPen(QColor(self._tokens.line), 1))
            painter.drawLine(QPointF(place.left(), height), QPointF(place.right(), height))
            if part:
                label = QRectF(place.left(), height - _AXIS_PX, 120, _AXIS_PX)
                self._text(painter, label, speed_words(top * part / 2), self._tokens.dim)
        width = place.width() / max(1, len(self._points) - 1)
        for tier in ORDER:
            curve = QPolygonF(
                [
                    QPointF(
                        place.left() + at * width,
                        place.bottom() - place.height() * min(1.0, point.tokens_s / top),
                    )
                    for at, point in enumerate(self._points)
                    if point.tier is tier
                ]
            )
            painter.setPen(QPen(QColor(self._tokens.tier(tier)), 1.6))
            painter.drawPolyline(curve)


class EndedChart(Chart):
    """What share of questions each tier has answered."""

    def __init__(self, empty: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(empty, tokens, parent)
        self._ended: dict[Tier, int] = {}

    def show_ended(self, ended: dict[Tier, int]) -> None:
        """Show how many questions each tier has answered."""
        self._ended = ended
        self._told()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered yet."""
        return not self._ended

    def describe(self) -> str:
        """Return the shares in words."""
        said = [f"{tier_name(tier)} {percent(share)}" for tier, share in self._shares()]
        return "; ".join(said) or self._empty

    def draw(self, painter: QPainter) -> None:
        """Draw a bar for every tier, its share beside it."""
        label = 110.0
        room = max(1.0, self.width() - label - 60.0)
        for row, (tier, share) in enumerate(self._shares()):
            top = row * _ROW_PX + 6.0
            name = QRectF(0, top - 4, label, _BAR_PX + 8)
            self._text(painter, name, tier_name(tier), self._tokens.text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._tokens.tier(tier)))
            bar = QRectF(label, top, max(2.0, room * share), _BAR_PX)
            painter.drawRoundedRect(bar, _RADIUS, _RADIUS)
            beside = QRectF(bar.right() + 8, top - 4, 60, _BAR_PX + 8)
            self._text(painter, beside, percent(share), self._tokens.dim)

    def _shares(self) -> list[tuple[Tier, float]]:
        total = sum(self._ended.values())
        return [(tier, self._ended[tier] / total) for tier in ORDER if self._ended.get(tier)]


class MemoryChart(Chart):
    """What models hold of the memory they may have."""

    def __init__(self, empty: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(empty, tokens, parent)
        self._held: tuple[tuple[Holding, Tier], ...] = ()
        self._budget = 0

    def sizeHint(self) -> QSize:
        """Be as high as the models there are."""
        rows = max(1, len(self._held)) + 1
        return QSize(200, 26 + rows * 20)

    def show_memory(self, held: Sequence[tuple[Holding, Tier]], budget: int) -> None:
        """Show who holds how much of the budget."""
        self._held = tuple(held)
        self._budget = budget
        self._told()

    @property
    def is_empty(self) -> bool:
        """Whether no model is in memory."""
        return not self._held or self._budget <= 0

    def describe(self) -> str:
        """Return who holds how much."""
        said = [f"{each.model} {memory_words(each.bytes)}" for each, _ in self._held]
        return "; ".join(said) or self._empty

    def draw(self, painter: QPainter) -> None:
        """Draw one bar of all models within the budget, and a line for each below."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.line))
        bar = QRectF(0, 2, self.width(), _BAR_PX)
        painter.drawRoundedRect(bar, _RADIUS, _RADIUS)
        left = 0.0
        for holding, tier in self._held:
            width = min(self.width() - left, self.width() * holding.bytes / self._budget)
            painter.setBrush(QColor(self._tokens.tier(tier)))
            painter.drawRoundedRect(QRectF(left, 2, max(2.0, width), _BAR_PX), _RADIUS, _RADIUS)
            left += width
        for row, (holding, tier) in enumerate(self._held):
            top = 24.0 + row * 20
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._tokens.tier(tier)))
            painter.drawEllipse(QPointF(5, top + 10), 4, 4)
            words = f"{tier} {holding.model}  {memory_words(holding.bytes)}"
            self._text(painter, QRectF(16, top, self.width() - 16, 20), words, self._tokens.text)


def _top(most: float) -> float:
    """Return the end of an axis: a round number that is not below the largest value."""
    return float(next((step for step in _STEPS if step >= most), most))
