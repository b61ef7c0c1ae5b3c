"""The buttons of a download: what can be done now, each in its own place."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from app.domain.downloads import Download, State, Step, next_state
from app.ui.models.coming_words import is_open

_ENDING = ".gguf"
_ARROW_PX = 34


class Wish(StrEnum):
    """What somebody can want of a download."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    SHOW = "show"
    CANCEL = "cancel"
    ROLE = "role"
    UP = "up"
    DOWN = "down"


_KEYS = {Wish.CANCEL: "Del", Wish.UP: "Alt+Up", Wish.DOWN: "Alt+Down"}
_MAIN = {Wish.PAUSE: Step.PAUSE, Wish.RESUME: Step.RESUME, Wish.RETRY: Step.RETRY}


def main_wish(state: State) -> Wish:
    """Return what is most likely wanted of a download in a state."""
    possible = (wish for wish, step in _MAIN.items() if next_state(state, step) is not None)
    return next(possible, Wish.SHOW)


def others(download: Download) -> set[Wish]:
    """Return what else can be wanted of a download."""
    found: set[Wish] = set()
    if next_state(download.state, Step.CANCEL) is not None:
        found.add(Wish.CANCEL)
    if download.state is State.DONE and download.names[0].lower().endswith(_ENDING):
        found.add(Wish.ROLE)
    return found | ({Wish.UP, Wish.DOWN} if is_open(download) else set())


class RowButtons(QWidget):
    """Offers what can be done now; the first button changes its words, not its place."""

    wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.main_wish = Wish.SHOW
        self.main = QPushButton()
        self.main.clicked.connect(lambda: self.wished.emit(self.main_wish))
        self.others: dict[Wish, QAbstractButton] = {
            Wish.ROLE: QPushButton(_words(Wish.ROLE)),
            Wish.CANCEL: QPushButton(_words(Wish.CANCEL)),
            Wish.UP: QPushButton("\N{UPWARDS ARROW}"),
            Wish.DOWN: QPushButton("\N{DOWNWARDS ARROW}"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.main)
        for wish, button in self.others.items():
            button.clicked.connect(lambda _=False, wish=wish: self.wished.emit(wish))
            row.addWidget(button)
        for wish in (Wish.UP, Wish.DOWN):
            self.others[wish].setObjectName("arrow")
            self.others[wish].setFixedWidth(_ARROW_PX)

    def offer(self, download: Download, name: str) -> None:
        """Offer what can be done; the keys stay in the row when their button goes."""
        self.main_wish = main_wish(download.state)
        self.main.setText(_words(self.main_wish))
        self.main.setToolTip(_tip(self.main_wish))
        self.main.setAccessibleName(f"{_words(self.main_wish)}: {name}")
        wanted = others(download)
        for wish, button in self.others.items():
            if button.hasFocus() and wish not in wanted:
                self.main.setFocus()
            button.setVisible(wish in wanted)
            button.setToolTip(_tip(wish))
            button.setAccessibleName(f"{_words(wish)}: {name}")

    def press(self, wish: Wish) -> None:
        """Do as if its button had been pressed, if it is there."""
        if not self.others[wish].isHidden():
            self.wished.emit(wish)


def _tip(wish: Wish) -> str:
    key = QKeySequence(_KEYS.get(wish, "Space")).toString(QKeySequence.SequenceFormat.NativeText)
    return _words(wish) if wish is Wish.ROLE else f"{_words(wish)} · {key}"


def _words(wish: Wish) -> str:
    translate = QCoreApplication.translate
    return {
        Wish.PAUSE: translate("Coming", "Pause"),
        Wish.RESUME: translate("Coming", "Resume"),
        Wish.RETRY: translate("Coming", "Retry"),
        Wish.SHOW: translate("Coming", "Show"),
        Wish.CANCEL: translate("Coming", "Cancel"),
        Wish.ROLE: translate("Coming", "Give it a role"),
        Wish.UP: translate("Coming", "Earlier"),
        Wish.DOWN: translate("Coming", "Later"),
    }[wish]
