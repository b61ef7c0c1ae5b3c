"""The settings page: the look, which can be changed here, and what was set from outside."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.settings import Settings
from app.models.hub.hub import Reach
from app.ui.elided import ElidedLabel
from app.ui.hub_token import HubToken
from app.ui.memory import Memory
from app.ui.named import choice_box, named
from app.ui.setting_words import words_for
from app.ui.theme import Theme, Wanted
from app.wiring import App

_WIDTH = 760
_VALUE_WIDTH = 300
_HEADER_PX = 48
# What is set here; everything else is shown as it was set from outside.
_LOOK = ("theme",)


class SettingsPage(QWidget):
    """One row per setting."""

    def __init__(
        self, core: App, theme: Theme, memory: Memory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._theme = theme
        self._memory = memory
        self._labels: dict[str, ElidedLabel] = {}
        head = named(QWidget(), "header")
        head.setFixedHeight(_HEADER_PX)
        title = QHBoxLayout(head)
        title.setContentsMargins(20, 0, 20, 0)
        title.addWidget(named(QLabel(self.tr("Settings")), "title"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._scrolling(self._column()), 1)

    def _column(self) -> QWidget:
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        parts = QVBoxLayout(column)
        parts.setContentsMargins(0, 20, 0, 20)
        parts.setSpacing(14)
        others = [name for name in Settings.model_fields if name not in _LOOK]
        parts.addWidget(self._card(_LOOK))
        parts.addWidget(self._card(others))
        note = named(QLabel(), "describes")
        note.setText(
            self.tr(
                "These come from the environment or from the file .env "
                "and take effect at the next start."
            )
        )
        note.setWordWrap(True)
        parts.addWidget(note)
        parts.addWidget(HubToken(self._keep_token))
        parts.addStretch()
        return column

    async def _keep_token(self, token: str) -> Reach:
        return await self._core.manager.token.keep(token)

    def _scrolling(self, column: QWidget) -> QScrollArea:
        page = named(QWidget(), "page")
        middle = QHBoxLayout(page)
        middle.setContentsMargins(20, 0, 20, 0)
        middle.addStretch()
        middle.addWidget(column, 100)
        middle.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.tr("Settings"))
        area.setWidgetResizable(True)
        area.setWidget(page)
        return area

    def _card(self, names: Iterable[str]) -> QFrame:
        card = named(QFrame(), "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(16, 4, 16, 4)
        rows.setSpacing(0)
        for at, name in enumerate(names):
            if at:
                rows.addWidget(_hairline())
            rows.addLayout(self._row(name))
        return card

    def _row(self, name: str) -> QHBoxLayout:
        title, description = words_for(name)
        describes = named(QLabel(description), "describes")
        describes.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(QLabel(title))
        words.addWidget(describes)
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(20)
        row.addLayout(words, 1)
        row.addWidget(self._value(name, title))
        return row

    def _value(self, name: str, title: str) -> QWidget:
        if name == "theme":
            return self._theme_choice(title)
        if name == "data_dir":
            return self._folder()
        label = self._labels[name] = named(ElidedLabel(), "value")
        self._tell(label, name)
        label.setMaximumWidth(_VALUE_WIDTH)
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        return label

    def follow(self) -> None:
        """Show what hangs on the roles as it is now."""
        for name, label in self._labels.items():
            self._tell(label, name)

    def _tell(self, label: ElidedLabel, name: str) -> None:
        label.setText(self._text(name))
        label.setToolTip(label.text())

    def _text(self, name: str) -> str:
        if name == "registry":
            return self._core.roster.source
        if name == "role":
            return self._core.settings.role or self._core.roster.default_role
        value = getattr(self._core.settings, name)
        if isinstance(value, bool):
            return self.tr("on") if value else self.tr("off")
        return str(value or self.tr("automatic"))

    def _folder(self) -> QPushButton:
        folder = self._core.paths.data
        button = QPushButton(self.tr("Open folder"))
        button.setToolTip(str(folder))
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        return button

    def _theme_choice(self, title: str) -> QComboBox:
        choice = choice_box(title)
        for wanted, text in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            choice.addItem(text, wanted)
        choice.setCurrentIndex(choice.findData(self._theme.wanted))
        choice.activated.connect(lambda _: self._choose(choice.currentData()))
        return choice

    def _choose(self, wanted: Wanted) -> None:
        self._theme.choose(wanted)
        self._memory.theme = wanted


def _hairline() -> QFrame:
    line = named(QFrame(), "hairline")
    line.setFixedHeight(1)
    return line
