"""Files from elsewhere become part of the library: the question how, and what became of it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.names import printable
from app.ui.named import named

_MOST_NAMED = 6


class BringDialog(QDialog):
    """Asks whether files are linked or copied."""

    def __init__(self, files: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import"))
        self.setMinimumWidth(420)
        named_files = [printable(file.name, 60) for file in files[:_MOST_NAMED]]
        more = len(files) - len(named_files)
        if more > 0:
            named_files.append(self.tr("and %1 more").replace("%1", str(more)))
        names = QLabel("\n".join(named_files))
        self.link = QRadioButton(self.tr("Link: takes no room; the file stays where it is"))
        self.copy_it = QRadioButton(self.tr("Copy: takes as much room again"))
        self.link.setChecked(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        accept = buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        named(accept, "primary")
        accept.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        layout.addWidget(QLabel(self.tr("How should this come into the library?")))
        for part in (named(names, "describes"), self.link, self.copy_it, buttons):
            layout.addWidget(part)


def files_dialog(parent: QWidget) -> QFileDialog:
    """Return the question which files are meant."""
    translate = QCoreApplication.translate
    dialog = QFileDialog(parent, translate("Shelf", "Import models"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    kinds = translate("Shelf", "Models"), translate("Shelf", "All files")
    dialog.setNameFilters([f"{kinds[0]} (*.gguf)", f"{kinds[1]} (*)"])
    return dialog


def folder_dialog(parent: QWidget) -> QFileDialog:
    """Return the question which folder is meant."""
    dialog = QFileDialog(parent, QCoreApplication.translate("Shelf", "Add a folder"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return dialog


def local_paths(data: QMimeData) -> list[Path]:
    """Return the files and folders that somebody drags; nothing is looked at yet."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
