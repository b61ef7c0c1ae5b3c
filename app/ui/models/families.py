"""The kinds of tasks a role is made for."""

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.domain.routing import FAMILIES
from app.ui.models.fields import Field
from app.ui.models.key_words import family_words

_COLUMNS = 2


class FamiliesField(Field):
    """One box for each kind of task; none of them means everything."""

    def __init__(self, title: str, hint: str) -> None:
        inside = QWidget()
        super().__init__(title, hint, inside, below=True)
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setVerticalSpacing(4)
        words = family_words()
        for at, name in enumerate(FAMILIES):
            box = self.boxes[name] = QCheckBox(words.get(name, name))
            box.setAccessibleDescription(title)
            box.toggled.connect(self._toggled)
            grid.addWidget(box, at // _COLUMNS, at % _COLUMNS)

    def show_value(self) -> None:
        """Show what it is made for."""
        chosen = self.value or ()
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(name in chosen)
            box.blockSignals(False)

    def _toggled(self) -> None:
        self.put([name for name, box in self.boxes.items() if box.isChecked()] or None)
