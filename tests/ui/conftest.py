"""The window under test is drawn offscreen, with the shipped fonts and fixed sizes."""

import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_SCALE_FACTOR", "1")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import LIGHT, Theme, Tokens, load_fonts

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@pytest.fixture(scope="session", autouse=True)
def _looks(qapp: QApplication) -> None:
    """Dress the application once, as the shell does."""
    load_fonts(RESOURCES)
    Theme(qapp, RESOURCES, "light")
    qapp.setQuitOnLastWindowClosed(False)


@pytest.fixture(autouse=True)
def _collected_in_this_thread() -> Iterator[None]:
    """Let no Qt object die in the database's thread."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def tokens() -> Tokens:
    return LIGHT
