"""The line that searches the hub: words, an order, and a button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.domain.hub import Sort
from app.ui.models.find_words import sort_words
from app.ui.named import choice_box, named

_LONGEST = 200


class SearchBar(QWidget):
    """Asks for a search when Enter or the button is pressed, or another order is chosen."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = named(QLineEdit(), "search")
        self.line.setMaxLength(_LONGEST)
        self.line.setPlaceholderText(self.tr("Search Hugging Face, or drop a GGUF here"))
        self.line.setAccessibleName(self.tr("Search models on Hugging Face"))
        self.line.returnPressed.connect(self.wanted)
        self.order = choice_box(self.tr("What comes first"))
        for sort in Sort:
            self.order.addItem(sort_words(sort), sort)
        self.order.activated.connect(self.wanted)
        self.button = QPushButton(self.tr("Search"))
        self.button.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.order)
        row.addWidget(self.button)

    @property
    def text(self) -> str:
        """The words to look for."""
        return self.line.text().strip()

    @property
    def sort(self) -> Sort:
        """What comes first."""
        return Sort(self.order.currentData())
