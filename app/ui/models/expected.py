"""What is to be expected of a model here, as part of a row: a dot, words, and the reason."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.models.hub.prospects import Prospect
from app.ui.models import find_words as words
from app.ui.models.columns import cell, stacked
from app.ui.named import named
from app.ui.theme import Tokens

_GAP = 8


class Expected:
    """The labels of one verdict. Where it is narrow, its reason stands on a line of its own."""

    def __init__(self) -> None:
        self._dot = named(QLabel(words.DOT), "dot")
        self.full, self.headline = cell("line"), cell("line")
        self.reason = cell("describes")
        self.reason.setIndent(self._dot.sizeHint().width() + _GAP)

    def text(self) -> str:
        """What is said."""
        return self.full.text()

    def column(self) -> QVBoxLayout:
        """Return the layout of the labels."""
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        line.addWidget(self._dot)
        line.addWidget(self.full, 1)
        line.addWidget(self.headline, 1)
        return stacked(line, self.reason)

    def say(self, text: str, colour: str, why: str = "") -> None:
        """Say something else than a verdict."""
        self._fill(text, text, "", why or text, colour)

    def show_prospect(self, prospect: Prospect, tokens: Tokens, context: int = 0) -> None:
        """Say what is to be expected of a model."""
        full = words.verdict_words(prospect, context)
        self._fill(
            full,
            words.headline_words(prospect, context),
            words.reason_words(prospect),
            words.why_words(prospect) or full,
            words.verdict_colour(prospect.verdict, tokens),
        )

    def paint(self, colour: str) -> None:
        """Colour the dot."""
        self._dot.setStyleSheet(f"color: {colour};")

    def _fill(self, full: str, headline: str, reason: str, why: str, colour: str) -> None:
        for label, text in ((self.full, full), (self.headline, headline), (self.reason, reason)):
            label.setText(text)
            label.setToolTip(words.tip(why))
        self.paint(colour)
