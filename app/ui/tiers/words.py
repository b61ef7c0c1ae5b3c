"""Names, units and causes on the page of tiers, in the user's language."""

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


def cause_words(cause: str) -> str:
    """Return what was seen of an answer, in words."""
    translate = QCoreApplication.translate
    return {
        "doubtful": translate("Tiers", "it was not sure enough"),
        "wrong": translate("Tiers", "a check found a mistake"),
        "malformed": translate("Tiers", "it missed the wanted form"),
        "language": translate("Tiers", "it was in another language"),
        "loop": translate("Tiers", "it went round in circles"),
        "cut off": translate("Tiers", "it was cut off at its limit"),
        "empty": translate("Tiers", "it was empty"),
        "refused": translate("Tiers", "it was a refusal"),
        "not loaded": translate("Tiers", "the model could not be loaded"),
        "crashed": translate("Tiers", "the model broke off"),
        "slow load": translate("Tiers", "loading took too long"),
        "slow reading": translate("Tiers", "reading took too long"),
        "stalled": translate("Tiers", "the model stood still"),
        "slow answer": translate("Tiers", "it took too long"),
    }.get(cause, cause)


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


def percent_words(share: float) -> str:
    """Return a share in percent."""
    return f"{share * 100:.0f} %"
