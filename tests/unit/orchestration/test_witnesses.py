"""Clicks are weak witnesses."""

import pytest

from app.domain.chat import Receipt
from app.domain.models import Tier
from app.domain.routing import AttemptRecord, Witness
from app.orchestration.witnesses import MEANING, behaviour

ATTEMPT = AttemptRecord(role="front", tier=Tier.A, model="m", model_id="1", kind="accept")
RECEIPT = Receipt(
    role="front", tier=Tier.A, model="m", reason="r", family="math", attempts=(ATTEMPT,)
)


@pytest.mark.parametrize("act", MEANING)
def test_every_act_says_something_and_little(act: str) -> None:
    found = behaviour(RECEIPT, act, 5.0)
    assert found is not None
    assert (found.model_id, found.family, found.source) == ("1", "math", act)
    assert found.witness is Witness.BEHAVIOUR
    assert not found.witness.moves_thresholds


def test_an_answer_of_unknown_origin_teaches_nothing() -> None:
    assert behaviour(RECEIPT.model_copy(update={"attempts": ()}), "copy", 5.0) is None
