"""The settings page: one row per setting, made from the settings' own titles and descriptions."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.settings import Settings
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_WIDTH = 760


class SettingsPage(QScrollArea):
    """What is set, where it comes from, and the look, which can be changed here."""

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Settings"))
        self._theme = theme
        inside = named(QWidget(), "settings")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(40, 28, 40, 28)
        layout.setSpacing(20)
        layout.addWidget(named(QLabel(self.tr("Settings")), "heading"))
        layout.addLayout(self._rows(core))
        note = named(
            QLabel(
                self.tr(
                    "Other settings come from the environment or the file .env (see .env.example) "
                    "and take effect at the next start."
                )
            ),
            "describes",
        )
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addStretch()
        inside.setMaximumWidth(_WIDTH)
        self.setWidget(inside)

    def _rows(self, core: App) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(0, 1)
        shown = {
            "data_dir": str(core.paths.data),
            "registry": core.roster.source,
            "role": core.roster.default_role,
        }
        for row, (name, field) in enumerate(Settings.model_fields.items()):
            value = shown.get(name, str(getattr(core.settings, name)))
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(QLabel(field.title or name))
            describes = named(QLabel(field.description or ""), "describes")
            describes.setWordWrap(True)
            words.addWidget(describes)
            grid.addLayout(words, row, 0)
            grid.addWidget(self._value(name, value, core), row, 1, Qt.AlignmentFlag.AlignRight)
        return grid

    def _value(self, name: str, value: str, core: App) -> QWidget:
        if name == "theme":
            return self._theme_choice()
        if name == "data_dir":
            button = QPushButton(self.tr("Open folder"))
            button.setToolTip(value)
            folder = QUrl.fromLocalFile(str(core.paths.data))
            button.clicked.connect(lambda: QDesktopServices.openUrl(folder))
            return button
        words = {"True": self.tr("on"), "False": self.tr("off"), "0": self.tr("automatic")}
        label = QLabel(words.get(value, value))
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        label.setMaximumWidth(320)
        return label

    def _theme_choice(self) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(self.tr("Theme"))
        for wanted, text in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            choice.addItem(text, wanted)
        choice.setCurrentIndex(choice.findData(self._theme.wanted))
        choice.activated.connect(lambda _: self._theme.choose(choice.currentData()))
        return choice
