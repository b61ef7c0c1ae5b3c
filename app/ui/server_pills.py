"""Which engines run, as small words in the header."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.events import ServerState, ServerStateChanged
from app.ui.named import named

_HEIGHT = 24


class ServerPills(QWidget):
    """One pill per model that was asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pills: dict[str, QLabel] = {}
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def show_state(self, event: ServerStateChanged) -> None:
        """Say how a model fares now."""
        pill = self._pills.get(event.model)
        if pill is None:
            pill = self._pills[event.model] = named(QLabel(), "pill")
            pill.setFixedHeight(_HEIGHT)
            self._layout.addWidget(pill)
        loaded = f" {event.progress:.0%}" if event.progress is not None else ""
        words = {
            ServerState.STOPPED: self.tr("asleep"),
            ServerState.STARTING: self.tr("starting"),
            ServerState.LOADING: self.tr("loading") + loaded,
            ServerState.READY: self.tr("ready"),
            ServerState.STOPPING: self.tr("stopping"),
            ServerState.CRASHED: self.tr("crashed"),
            ServerState.QUARANTINED: self.tr("set aside"),
        }[event.state]
        pill.setText(f"{event.model} {words}")
        pill.setToolTip(event.detail)
