"""The page of tiers: cards, drawings and lists of what the core's telemetry tells."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.events import (
    AttemptEnded,
    Event,
    NoticeRaised,
    Pace,
    ServerStateChanged,
    TurnFinished,
)
from app.domain.models import Tier
from app.domain.routing import ChangeRecord
from app.orchestration.telemetry import Overview
from app.ui import aio
from app.ui.named import named
from app.ui.theme import Theme
from app.ui.tiers.cards import TierCard
from app.ui.tiers.charts import EndedChart, MemoryChart, PaceChart
from app.ui.tiers.lists import ClimbLines, MoveLines
from app.ui.tiers.words import memory_words
from app.wiring import App

# Figures that change all the time are drawn as often as an eye can follow.
REFRESH_MS = 250
_HEADER_PX, _SIDE, _GAP = 48, 20, 14
_TOLD = (Pace, AttemptEnded, TurnFinished, ServerStateChanged)
# A card narrower than this cuts its words.
_CARD_PX = 190


class TiersPage(QWidget):
    """Shows figures while somebody looks at them; it asks the core, and owns nothing."""

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._core = core
        self._theme = theme
        tokens = theme.tokens
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.cards: dict[Tier, TierCard] = {}
        self.pace = PaceChart(
            self.tr("Ask something: the speed of the answer is drawn here while it grows."), tokens
        )
        self.ended = EndedChart(self.tr("No question has been answered yet."), tokens)
        self.memory = MemoryChart(self.tr("No model is in memory now."), tokens)
        self.climbs = ClimbLines(self.tr("No answer had to be handed on yet."))
        self.moves = MoveLines(
            self.tr("Nothing was moved: every question begins where it is worth most.")
        )
        self.moves.undo_wanted.connect(self._undo)
        self._ended_title = named(QLabel(), "cardTitle")
        self._memory_title = named(QLabel(), "cardTitle")
        self._lay_out()
        theme.changed.connect(self.refresh)
        self._leave = [core.bus.on(kind, self._told) for kind in _TOLD]

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        for leave in self._leave:
            leave()
        self._leave = []
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is by now."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the figures as they are now."""
        overview, tokens = self._core.telemetry.overview(), self._theme.tokens
        for chart in (self.pace, self.ended, self.memory):
            chart.restyle(tokens)
        self._show_cards(overview)
        self.pace.show_points(overview.points)
        self.ended.show_ended(overview.ended)
        self._ended_title.setText(
            self.tr("Where questions ended") + (f" ({overview.turns})" if overview.turns else "")
        )
        self._show_memory(overview)
        self.climbs.show_climbs(overview.climbs, tokens)
        aio.spawn(self._show_moves(), "moves")

    def _show_cards(self, overview: Overview) -> None:
        for figures in overview.tiers:
            card = self.cards.get(figures.tier)
            if card is None:
                card = self.cards[figures.tier] = TierCard(self._theme.tokens)
                card.setMinimumWidth(_CARD_PX)
                self._tiers.addWidget(card, 0, len(self.cards) - 1)
            card.show_figures(figures, self._core.engines.states, self._theme.tokens)

    def _show_memory(self, overview: Overview) -> None:
        tiers = {role.model.name: role.tier for role in self._core.roster.roles}
        held = [(each, tiers.get(each.model, Tier.D)) for each in overview.holdings]
        self.memory.show_memory(held, overview.budget)
        used = memory_words(sum(each.bytes for each in overview.holdings))
        words = self.tr("Memory: %1 of %2").replace("%1", used)
        self._memory_title.setText(words.replace("%2", memory_words(overview.budget)))

    async def _show_moves(self) -> None:
        answer = await self._core.moves.answer({"op": "moves"})
        if not self._leave:
            return  # the core went down meanwhile
        moves, resets = (
            [ChangeRecord.model_validate(each) for each in answer[name]]
            for name in ("moves", "resets")
        )
        self.moves.show_moves(moves, resets)

    def _undo(self, move: str) -> None:
        async def work() -> None:
            try:
                await self._core.moves.undo({"op": "undo move", "id": move})
            except AppError as error:
                self._core.bus.publish(NoticeRaised(error.code, error.message, error.remedy))
            await self._show_moves()

        aio.spawn(work(), "take a move back")

    def _told(self, event: Event) -> None:
        del event
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _lay_out(self) -> None:
        head = named(QWidget(), "header")
        head.setFixedHeight(_HEADER_PX)
        title = QVBoxLayout(head)
        title.setContentsMargins(_SIDE, 0, _SIDE, 0)
        title.addWidget(named(QLabel(self.tr("Tiers")), "title"))
        inside = named(QWidget(), "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
        column.setSpacing(_GAP)
        self._tiers = _grid()
        column.addLayout(self._tiers)
        below = _grid()
        speed = named(QLabel(self.tr("Tokens per second")), "cardTitle")
        below.addWidget(_card(speed, self.pace), 0, 0)
        below.addWidget(_card(self._ended_title, self.ended), 0, 1)
        handed = named(QLabel(self.tr("Answers that were handed on")), "cardTitle")
        below.addWidget(_card(handed, self.climbs), 1, 0)
        below.addWidget(_card(self._memory_title, self.memory), 1, 1)
        moved = named(QLabel(self.tr("Where kinds of tasks begin")), "cardTitle")
        below.addWidget(_card(moved, self.moves), 2, 0, 1, 2)
        for at, share in enumerate((10, 9)):
            below.setColumnStretch(at, share)
        column.addLayout(below)
        column.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.tr("Tiers"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(area, 1)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(_GAP)
    return grid


def _card(title: QWidget, inside: QWidget) -> QFrame:
    card = named(QFrame(), "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 14, 16, 14)
    column.setSpacing(10)
    column.addWidget(title)
    column.addWidget(inside)
    column.addStretch()
    return card
