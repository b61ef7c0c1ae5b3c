"""Colours that can be read, in both schemes, and a switch that reaches everything."""

from dataclasses import fields
from itertools import product

import pytest
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.domain.models import Tier
from app.ui.theme import DARK, LIGHT, MONO, SANS, Theme, Tokens, Wanted, contrast
from tests.ui.conftest import RESOURCES

# Which text stands on which ground; nothing else may be paired in the window.
_TEXTS = ("text", "dim", "accent", "bad", "good")
_GROUNDS = ("background", "panel", "card", "user")
_PAIRS = [
    *product(_TEXTS, _GROUNDS),
    *product(("tier_a", "tier_b", "tier_c", "tier_d"), ("background", "panel", "card")),
    *product([each.name for each in fields(Tokens) if each.name.startswith("code_")], ["panel"]),
    ("on_accent", "accent"),
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_every_text_can_be_read_on_its_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_every_tier_has_a_colour_of_its_own() -> None:
    for tokens in (LIGHT, DARK):
        assert len({tokens.tier(tier) for tier in Tier}) == len(Tier)


@pytest.mark.parametrize(("wanted", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_choosing_a_theme_changes_palette_and_sheet(
    qapp: QApplication, wanted: Wanted, tokens: Tokens
) -> None:
    theme = Theme(qapp, RESOURCES)
    told: list[Tokens] = []
    theme.changed.connect(lambda: told.append(theme.tokens))
    try:
        theme.choose(wanted)
        assert told == [tokens]
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == tokens.background
        assert tokens.background in qapp.styleSheet()
        assert "$" not in qapp.styleSheet()
    finally:
        theme.choose("light")
        theme.deleteLater()


def test_the_shipped_fonts_are_there_with_their_licences() -> None:
    assert {SANS, MONO} <= set(QFontDatabase.families())
    for family in ("Inter", "JetBrainsMono"):
        licence = next((RESOURCES / "fonts").glob(f"*{family}*.txt")).read_text("utf-8")
        assert "SIL OPEN FONT LICENSE" in licence.upper()
