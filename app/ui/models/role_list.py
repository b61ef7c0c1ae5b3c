"""The roles by tier: who plays them, and who goes on after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.models import Tier
from app.orchestration.telemetry import ORDER
from app.ui.named import named
from app.ui.theme import SECOND_PX, TEXT_PX, Theme, Tokens
from app.ui.tiers.words import tier_name

_ROW_PX, _HEAD_PX, _PAD_PX, _BADGE_PX, _RADIUS = 62, 34, 10, 24, 8
_FACTS: Final = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: the role, its tier, and two lines about it."""

    name: str
    tier: Tier
    model: str
    facts: str
    wrong: bool = False


class RoleList(QListWidget):
    """A list to choose a role in."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "roles")
        self.setAccessibleName(self.tr("Roles"))
        self.setItemDelegate(_Painter(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.currentItemChanged.connect(self._changed)

    @property
    def rows(self) -> list[Row]:
        """What is shown, from top to bottom."""
        found = (self.item(at).data(_FACTS) for at in range(self.count()))
        return [row for row in found if isinstance(row, Row)]

    def show_rows(self, rows: Sequence[Row], current: str) -> None:
        """Show rows by tier, and choose one."""
        wanted = _by_tier(rows)
        self.blockSignals(True)
        if len(wanted) != self.count():
            self.clear()
            for _ in wanted:
                self.addItem(QListWidgetItem())
        for at, entry in enumerate(wanted):
            self._fill(self.item(at), entry)
            if isinstance(entry, Row) and entry.name == current and self.currentRow() != at:
                self.setCurrentRow(at)
        self.blockSignals(False)

    def choose(self, name: str) -> None:
        """Go to a role."""
        for at in range(self.count()):
            row = self.item(at).data(_FACTS)
            if isinstance(row, Row) and row.name == name:
                self.setCurrentRow(at)

    def _fill(self, item: QListWidgetItem, entry: Row | Tier) -> None:
        """Let an item say what an entry says."""
        if isinstance(entry, Tier):
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setText(tier_name(entry))
            item.setToolTip("")
        else:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setText(f"{entry.name}, {tier_name(entry.tier)}, {entry.model}, {entry.facts}")
            item.setToolTip(f"{entry.name}\n{entry.model}\n{entry.facts}")
        item.setData(_FACTS, entry)

    def _changed(self, item: QListWidgetItem | None) -> None:
        row = item.data(_FACTS) if item is not None else None
        if isinstance(row, Row):
            self.chosen.emit(row.name)


def _by_tier(rows: Sequence[Row]) -> list[Row | Tier]:
    """Return the rows of every tier behind its heading."""
    found: list[Row | Tier] = []
    for tier in ORDER:
        group = [row for row in rows if row.tier is tier]
        found += [tier, *group] if group else []
    return found


class _Painter(QStyledItemDelegate):
    """Draws a tier's heading, or a role with its letter in the tier's colour."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        del option
        return QSize(100, _ROW_PX if isinstance(index.data(_FACTS), Row) else _HEAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        found, tokens = index.data(_FACTS), self._theme.tokens
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(found, Row):
            _ground(painter, option, place, tokens)
            _badge(painter, place, found.tier, tokens)
            _lines(painter, place, found, tokens)
        else:
            tier = Tier(found)  # Qt has made a plain text of it
            painter.setFont(_font(SECOND_PX, bold=True))
            painter.setPen(QColor(tokens.tier(tier)))
            where = place.adjusted(_PAD_PX, 0, -_PAD_PX, -4)
            painter.drawText(where, Qt.AlignmentFlag.AlignBottom, tier_name(tier))
        painter.restore()


def _ground(painter: QPainter, option: QStyleOptionViewItem, place: QRect, tokens: Tokens) -> None:
    state: QStyle.StateFlag = option.state
    selected = bool(state & QStyle.StateFlag.State_Selected)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if not selected and not state & QStyle.StateFlag.State_MouseOver:
        return
    painter.setPen(QColor(tokens.accent if selected and focused else tokens.line))
    painter.setBrush(QColor(tokens.card))
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)


def _badge(painter: QPainter, place: QRect, tier: Tier, tokens: Tokens) -> None:
    where = QRect(place.left() + _PAD_PX, place.center().y() - _BADGE_PX // 2, _BADGE_PX, _BADGE_PX)
    painter.setPen(QColor(tokens.tier(tier)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(where, 6, 6)
    painter.setFont(_font(SECOND_PX, bold=True))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(tier))


def _lines(painter: QPainter, place: QRect, row: Row, tokens: Tokens) -> None:
    left = place.left() + 2 * _PAD_PX + _BADGE_PX
    width = place.right() - _PAD_PX - left
    lines = (
        (row.name, _font(TEXT_PX, bold=True), tokens.bad if row.wrong else tokens.text, 9),
        (row.model, _font(SECOND_PX), tokens.text, 26),
        (row.facts, _font(SECOND_PX), tokens.dim, 42),
    )
    for words, font, colour, top in lines:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
        where = QRect(left, place.top() + top - 4, width, 18)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, fitting)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font
