"""What stands above and below the list of models: the filter, the ways in, and the sums."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.ui.elided import ElidedLabel
from app.ui.named import named


class ShelfBar(QWidget):
    """The filter line and the ways models come in."""

    filtered = Signal(str)
    import_wanted = Signal()
    folders_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = named(QLineEdit(), "search")
        self.line.setPlaceholderText(self.tr("Filter, or drop a GGUF here"))
        self.line.setAccessibleName(self.tr("Filter the models"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self.filtered)
        self.bring = QPushButton(self.tr("Import…"))
        self.bring.clicked.connect(self.import_wanted)
        self.folders = QPushButton(self.tr("Folders…"))
        self.folders.clicked.connect(self.folders_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.bring)
        row.addWidget(self.folders)


class ShelfSums(QWidget):
    """What all models take together, and what has just become of a wish."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sums = named(ElidedLabel(), "describes")
        self.said = named(ElidedLabel(), "describes")
        self.said.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop the import"))
        self.stop.clicked.connect(self.stop_wanted)
        policy = self.stop.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.stop.setSizePolicy(policy)
        self.stop.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.sums)
        row.addWidget(self.said, 1)
        row.addWidget(self.stop)

    def show_sums(self, count: int, used: int, wasted: int) -> None:
        """Show how much lies on the disks."""
        words = self.tr("%1 on disk in models: %2").replace("%1", in_words(used))
        said = [words.replace("%2", str(count))]
        if wasted:
            copies = self.tr("%1 of it are copies of models that are here twice")
            said.append(copies.replace("%1", in_words(wasted)))
        self.sums.show_text(" · ".join(said))

    def say(self, words: str, *, busy: bool = False) -> None:
        """Say what became of a wish, or what is being done; that can be stopped."""
        self.said.show_text(words)
        self.stop.setVisible(busy)


class Nothing(QWidget):
    """Says why a list is empty, and leads to where something can be had."""

    find_wanted = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sentence = named(QLabel(words), "welcomeText")
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        find = named(QPushButton(self.tr("Find models")), "primary")
        find.clicked.connect(self.find_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch()
        column.addWidget(sentence)
        column.addWidget(find, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
