"""What follows answers that do not pass, as the doctor tells it."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.domain.doctor import Condition, Mechanism
from app.orchestration.escalation import MOST_ATTEMPTS, Kind

_NAMES: Final = {
    Kind.ESCALATE: ("tier up", "a stronger one, with the rejected answer as a prediction"),
    Kind.FALL_BACK: ("fallback", "sideways, where something broke or took too long"),
    Kind.RETRY: ("retry", "again with the mistake in words, a grammar or a penalty"),
    Kind.THINK: ("think harder", "where a model can be told to"),
    Kind.CONTINUE: ("continue", "an answer that was cut off"),
    Kind.ABSTAIN: ("abstain", "the best there is, marked as doubtful"),
}


def told(actions: Mapping[Kind, int]) -> Iterator[Mechanism]:
    """Yield every way a turn can go on, with how often it did since the start.

    Args:
        actions: how often each was decided.
    """
    turns = sum(actions.get(kind, 0) for kind in (Kind.ACCEPT, Kind.ABSTAIN, Kind.FAIL))
    yield Mechanism(
        area="escalation",
        name="table of decisions",
        condition=Condition.LIVE,
        reason=f"at most {MOST_ATTEMPTS} answers a turn; {turns} turns since the start",
    )
    for kind, (name, what) in _NAMES.items():
        yield Mechanism(
            area="escalation",
            name=name,
            condition=Condition.LIVE,
            reason=f"{what}; {actions.get(kind, 0)} since the start",
        )
    yield Mechanism(
        area="escalation",
        name="first words held back",
        condition=Condition.LIVE,
        reason="until the gate has an opinion; what is shown is never withdrawn",
    )
