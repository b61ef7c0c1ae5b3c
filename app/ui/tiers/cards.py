"""One card per tier: its speed, its first token, its memory, and whether it is awake."""

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.events import ServerState, ServerStateChanged
from app.orchestration.telemetry import TierFigures
from app.ui.chat.figures import duration, percent
from app.ui.elided import ElidedLabel
from app.ui.named import named
from app.ui.theme import Tokens
from app.ui.tiers.words import memory_words, speed_words, tier_name


class TierCard(QFrame):
    """The newest figures of one tier."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._tokens = tokens
        self._name = named(QLabel(), "describes")
        self._speed = named(ElidedLabel(), "figure")
        self._below = named(ElidedLabel(), "describes")
        self._state = named(ElidedLabel(), "describes")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(4)
        for part in (self._name, self._speed, self._below, self._state):
            column.addWidget(part)

    @property
    def words(self) -> list[str]:
        """What the card says, line by line."""
        return [part.text() for part in (self._speed, self._below, self._state)]

    def show_figures(
        self, figures: TierFigures, states: Mapping[str, ServerStateChanged], tokens: Tokens
    ) -> None:
        """Show what is known now."""
        colour = tokens.tier(figures.tier)
        name = tier_name(figures.tier)
        self._name.setText(f'<span style="color:{colour}">●</span> {name}')
        self._name.setToolTip(", ".join(role.name for role in figures.roles))
        self._speed.setText(self._main(figures))
        below = self._facts(figures)
        self._below.setText(" · ".join(below))
        self._below.setToolTip(self._below.text())
        self._state.setText(self._standing(figures, states))
        self._state.setToolTip(self._state.text())
        self.setAccessibleName(" ".join((name, *self.words)))

    def _main(self, figures: TierFigures) -> str:
        if figures.accepted is not None:
            return percent(figures.accepted)
        speed = figures.live or figures.tokens_s
        return speed_words(speed) if speed is not None else "\N{EN DASH}"

    def _facts(self, figures: TierFigures) -> list[str]:
        found = []
        if figures.accepted is not None:
            found.append(self.tr("of drafted tokens stood"))
        if figures.live is not None:
            found.append(self.tr("writing now"))
        if figures.first_token_ms is not None:
            found.append(self.tr("first token %1").replace("%1", duration(figures.first_token_ms)))
        if figures.bytes:
            found.append(memory_words(figures.bytes))
        return found or [self.tr("nothing seen yet")]

    def _standing(self, figures: TierFigures, states: Mapping[str, ServerStateChanged]) -> str:
        return ", ".join(
            f"{role.name} {self._word(states.get(role.model.name))}" for role in figures.roles
        )

    def _word(self, event: ServerStateChanged | None) -> str:
        state = event.state if event is not None else ServerState.STOPPED
        return {
            ServerState.READY: self.tr("ready"),
            ServerState.STARTING: self.tr("loading"),
            ServerState.LOADING: self.tr("loading"),
            ServerState.CRASHED: self.tr("crashed"),
            ServerState.QUARANTINED: self.tr("set aside"),
        }.get(state, self.tr("asleep"))
