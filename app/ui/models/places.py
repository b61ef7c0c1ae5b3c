"""Files in the system's own file manager and on the clipboard."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


def show_in_folder(file: Path) -> None:
    """Open the folder a file lies in."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))


def copy_path(file: Path) -> None:
    """Put a file's path on the clipboard."""
    QGuiApplication.clipboard().setText(str(file))
