"""What the window remembers from one start to the next: its look, its size and place."""

from typing import get_args

from PySide6.QtCore import QByteArray, QSettings

from app.platform.paths import Paths
from app.ui.theme import Wanted


class Memory:
    """A small file beside the user's other settings."""

    def __init__(self, paths: Paths) -> None:
        self._file = QSettings(str(paths.config / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Wanted:
        """The look the user chose last."""
        found = self._file.value("theme")
        return next((each for each in get_args(Wanted) if each == found), "system")

    @theme.setter
    def theme(self, wanted: Wanted) -> None:
        self._file.setValue("theme", wanted)

    @property
    def geometry(self) -> QByteArray:
        """Size and place as Qt describes them; empty the first time."""
        found = self._file.value("geometry")
        return found if isinstance(found, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, place: QByteArray) -> None:
        self._file.setValue("geometry", place)
