"""The line icons, drawn in a colour of the theme."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIZE = 18
_SCALE = 3
_DRAWN_IN = "#888888"


def icon(resources: Path, name: str, colour: str) -> QIcon:
    """Return the icon of that name in a colour."""
    source = (resources / "icons" / f"{name}.svg").read_text("utf-8").replace(_DRAWN_IN, colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    pixmap = QPixmap(QSize(SIZE, SIZE) * _SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(_SCALE)
    return QIcon(pixmap)
