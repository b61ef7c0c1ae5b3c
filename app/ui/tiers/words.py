"""Names and units on the page of tiers, in the user's language."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.models import Tier

_MIB, _GIB = 1 << 20, 1 << 30


def tier_name(tier: Tier) -> str:
    """Return a tier's letter and what it is for."""
    translate = QCoreApplication.translate
    return {
        Tier.A: translate("Tiers", "A front door"),
        Tier.C: translate("Tiers", "C workers"),
        Tier.B: translate("Tiers", "B experts"),
        Tier.D: translate("Tiers", "D drafts"),
    }[tier]


def memory_words(count: int) -> str:
    """Return an amount of memory with a unit that suits it."""
    if count >= _GIB:
        return f"{QLocale().toString(count / _GIB, 'f', 1)} GB"
    return f"{max(1, round(count / _MIB)) if count else 0} MB"


def speed_words(tokens_s: float) -> str:
    """Return a speed without false precision."""
    return QCoreApplication.translate("Tiers", "%1 tokens/s").replace(
        "%1", QLocale().toString(tokens_s, "f", 0 if tokens_s >= 10 else 1)
    )
