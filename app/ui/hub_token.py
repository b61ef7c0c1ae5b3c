"""The token for the model hub: it can be written and forgotten here, and is never shown."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from app.domain.errors import AppError
from app.models.hub.hub import Reach
from app.ui import aio
from app.ui.named import named
from app.ui.said import told

Keep = Callable[[str], Awaitable[Reach]]


class HubToken(QFrame):
    """A card with a field that hides what is typed, and what the hub said to it."""

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        named(self, "card")
        self._keep = keep
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = QPushButton()
        self.said = named(QLabel(), "describes")
        self.said.setWordWrap(True)
        self.said.hide()
        self._title = QLabel()
        self._describes = named(QLabel(), "describes")
        self._describes.setWordWrap(True)
        self._arrange()
        self._label()
        self.field.returnPressed.connect(self.button.click)
        self.button.clicked.connect(lambda: aio.spawn(self._save(), "keep the hub's token"))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(16, 14, 16, 14)
        parts.setSpacing(6)
        parts.addWidget(self._title)
        parts.addWidget(self._describes)
        parts.addLayout(row)
        parts.addWidget(self.said)

    def _label(self) -> None:
        self._title.setText(self.tr("Token for the model hub"))
        self._describes.setText(
            self.tr(
                "Only gated models need one. It is kept in the system's keyring and never shown; "
                "saving an empty field forgets it. HF_TOKEN in the environment comes first."
            )
        )
        self.field.setAccessibleName(self._title.text())
        self.button.setText(self.tr("Save and test"))

    async def _save(self) -> None:
        token = self.field.text()
        self.field.clear()
        self.button.setEnabled(False)
        self._say(self.tr("Asking the hub…"))
        try:
            self._say(self._words(await self._keep(token)))
        except AppError as error:
            self._say(told(error))
        finally:
            self.button.setEnabled(True)

    def _words(self, reach: Reach) -> str:
        if not reach.user:
            return self.tr("Connected to %1 without a token.").replace("%1", reach.endpoint)
        words = self.tr("Connected to %1 as %2.").replace("%1", reach.endpoint)
        return words.replace("%2", reach.user)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()
