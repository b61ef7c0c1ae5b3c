"""Whether a part of the program does its work, as plain data: no feature is off by accident."""

from enum import StrEnum

from app.domain.models import Frozen


class Condition(StrEnum):
    """What a mechanism does now."""

    LIVE = "live"
    OBSERVING = "observing"  # it learns and says what it would do, and decides nothing yet
    OFF = "off"


class Mechanism(Frozen):
    """One mechanism, what it does now, and why, in words for people."""

    area: str
    name: str
    condition: Condition
    reason: str = ""
