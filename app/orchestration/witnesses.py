"""What people do with an answer, as a weak witness of whether it was right."""

from typing import Final

from app.domain.chat import Receipt
from app.domain.routing import OutcomeRecord, Witness

# How right an answer probably was, by what was done with it. A copy may be of a wrong answer, and
# who asks again may only be curious; so none of them is sure.
MEANING: Final = {
    "thumb up": 1.0,
    "thumb down": 0.0,
    "regenerate": 0.2,
    "edit": 0.3,
    "copy": 0.8,
}


def behaviour(receipt: Receipt, act: str, at: float) -> OutcomeRecord | None:
    """Return what an act of the user says of an answer; None if nobody knows who gave it.

    Args:
        receipt: of the answer.
        act: one of `MEANING`.
        at: seconds since the epoch.
    """
    given = [each for each in receipt.attempts if each.role == receipt.role]
    if not given:
        return None
    attempt = given[-1]
    return OutcomeRecord(
        at=at,
        model_id=attempt.model_id,
        family=receipt.family or "other",
        right=MEANING[act],
        witness=Witness.BEHAVIOUR,
        source=act,
        role=attempt.role,
        probability=attempt.probability,
    )
