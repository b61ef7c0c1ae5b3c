"""Which roles are awake, as small words in the header."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import Roles, RoleSpec, Tier
from app.ui.named import named
from app.ui.theme import Theme

_HEIGHT = 24


class ServerPills(QWidget):
    """One pill per role whose model was asked for, with a dot in the colour of its tier."""

    def __init__(self, roster: Roles, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roster = roster
        self._theme = theme
        self._pills: dict[str, QLabel] = {}
        self._known: dict[str, ServerStateChanged] = {}
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        theme.changed.connect(self._redraw)

    @property
    def texts(self) -> list[str]:
        """What the pills say."""
        return [pill.accessibleName() for pill in self._pills.values()]

    def show_state(self, event: ServerStateChanged) -> None:
        """Say how a model fares now."""
        self._known[event.model] = event
        for role in self._roster.answering:
            if role.model.name == event.model:
                self._show(role, event)

    def follow(self) -> None:
        """Show the roles that are there now, and no others."""
        for pill in self._pills.values():
            self._layout.removeWidget(pill)
            pill.deleteLater()
        self._pills.clear()
        self._redraw()

    def _show(self, role: RoleSpec, event: ServerStateChanged) -> None:
        pill = self._pills.get(role.name)
        if pill is None:
            pill = self._pills[role.name] = named(QLabel(), "pill")
            pill.setFixedHeight(_HEIGHT)
            self._layout.addWidget(pill)
        words = f"{role.name} {self._words(event)}"
        pill.setAccessibleName(words)
        pill.setText(f'<span style="color:{self._colour(role.tier, event.state)}">●</span> {words}')
        pill.setToolTip(event.detail or role.model.name)

    def _colour(self, tier: Tier, state: ServerState) -> str:
        tokens = self._theme.tokens
        if state in {ServerState.CRASHED, ServerState.QUARANTINED}:
            return tokens.bad
        return tokens.tier(tier) if state is ServerState.READY else tokens.dim

    def _words(self, event: ServerStateChanged) -> str:
        loaded = f" {event.progress * 100:.0f} %" if event.progress is not None else ""
        return {
            ServerState.STOPPED: self.tr("asleep"),
            ServerState.STARTING: self.tr("starting"),
            ServerState.LOADING: self.tr("loading") + loaded,
            ServerState.READY: self.tr("ready"),
            ServerState.STOPPING: self.tr("stopping"),
            ServerState.CRASHED: self.tr("crashed"),
            ServerState.QUARANTINED: self.tr("set aside"),
        }[event.state]

    def _redraw(self) -> None:
        for event in self._known.values():
            self.show_state(event)
