"""The doctor asks everybody and believes nobody who does not answer."""

from collections.abc import Iterable

from app.domain.doctor import Condition, Mechanism
from app.orchestration.doctor import Doctor, lines

GATE = Mechanism(area="gate", name="loops", condition=Condition.LIVE)
LEARNER = Mechanism(
    area="learning", name="moves", condition=Condition.OBSERVING, reason="12 of 30 outcomes"
)


def _broken() -> Iterable[Mechanism]:
    raise ValueError("no")


async def test_all_are_listed_with_their_reasons() -> None:
    doctor = Doctor([("gate", lambda: [GATE]), ("learning", lambda: [LEARNER])])
    assert lines(await doctor.answer({})) == [
        "gate",
        "  live       loops",
        "learning",
        "  observing  moves  12 of 30 outcomes",
    ]


def test_who_cannot_be_asked_is_off() -> None:
    (found,) = Doctor([("ledger", _broken)]).report()
    assert (found.name, found.condition) == ("ledger", Condition.OFF)
