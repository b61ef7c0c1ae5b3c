"""One table of colours per scheme, from which palette, style sheet and code colours are made."""

from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.domain.models import Tier

Scheme = Literal["light", "dark"]
Wanted = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colours; text and its grounds keep a contrast of 4.5 and more."""

    background: str
    panel: str
    card: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    user: str
    tier_a: str
    tier_b: str
    tier_c: str
    tier_d: str
    bad: str
    good: str
    code_keyword: str
    code_string: str
    code_comment: str
    code_number: str
    code_name: str

    def tier(self, tier: Tier) -> str:
        """Return the colour of a tier; its letter always stands beside it."""
        return {
            Tier.A: self.tier_a, Tier.B: self.tier_b, Tier.C: self.tier_c, Tier.D: self.tier_d
        }[tier]  # fmt: skip


LIGHT = Tokens(
    background="#fbfbfa", panel="#f3f3f0", card="#ffffff", line="#e4e3de", text="#1d1e20",
    dim="#66686b", accent="#2f6f5e", on_accent="#ffffff", user="#ecebe6", tier_a="#08796a",
    tier_b="#7d4fd0", tier_c="#2a66bd", tier_d="#8f5d05", bad="#b93a34", good="#237648",
    code_keyword="#7d4fd0", code_string="#23704a", code_comment="#66686b", code_number="#8f5d05",
    code_name="#2a66bd",
)  # fmt: skip
DARK = Tokens(
    background="#17181a", panel="#1f2023", card="#232427", line="#33353a", text="#ececea",
    dim="#9a9ca1", accent="#7cc7b2", on_accent="#10211c", user="#2b2d31", tier_a="#3cc2ad",
    tier_b="#b494f2", tier_c="#74a9f2", tier_d="#e0ac4e", bad="#ef8079", good="#6fcf97",
    code_keyword="#b494f2", code_string="#8fd3a8", code_comment="#9a9ca1", code_number="#e0ac4e",
    code_name="#74a9f2",
)  # fmt: skip

SANS, MONO = "Inter", "JetBrains Mono"
TEXT_PX, SECOND_PX, CODE_PX = 14, 12, 12.5


def load_fonts(resources: Path) -> None:
    """Make the shipped fonts known to Qt."""
    for file in sorted((resources / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def mono_font() -> QFont:
    """Return the font of code."""
    font = QFont(MONO)
    font.setPixelSize(round(CODE_PX))
    font.setStyleHint(QFont.StyleHint.Monospace)
    # Ligatures would show two characters as one.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


class Theme(QObject):
    """The look of the window. Owns the choice; `changed` tells that colours are others now."""

    changed = Signal()

    def __init__(self, app: QApplication, resources: Path, wanted: Wanted = "system") -> None:
        super().__init__(app)
        self._app = app
        self._resources = resources
        self._template = Template((resources / "styles" / "window.qss.in").read_text("utf-8"))
        self.wanted = wanted
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(lambda _: self._apply())
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """The scheme that is shown now."""
        if self.wanted != "system":
            return self.wanted
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    @property
    def tokens(self) -> Tokens:
        """The colours that are shown now."""
        return DARK if self.scheme == "dark" else LIGHT

    def choose(self, wanted: Wanted) -> None:
        """Show another scheme, or follow the system."""
        self.wanted = wanted
        self._apply()

    def _apply(self) -> None:
        font = QFont(SANS)
        font.setPixelSize(TEXT_PX)
        self._app.setFont(font)
        self._app.setPalette(_palette(self.tokens))
        icons = (self._resources / "icons").as_posix()
        self._app.setStyleSheet(self._template.substitute(asdict(self.tokens), icons=icons))
        self.changed.emit()


def _palette(tokens: Tokens) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    for part, colour in {
        role.Window: tokens.background,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.panel,
        role.Text: tokens.text,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.ToolTipBase: tokens.card,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.dim,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.Mid: tokens.line,
    }.items():
        palette.setColor(part, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for part in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(disabled, part, QColor(tokens.dim))
    return palette


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
