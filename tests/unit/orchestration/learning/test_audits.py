"""Audits: drawn at random, logged with their probability, read by somebody who can be believed."""

from random import Random

import pytest

from app.domain.doctor import Condition
from app.domain.models import Roster
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.verdict import LEAST_CASES
from app.orchestration.learning.audits import FIRST, FIRST_SHARE, READING, SHARE, Audits
from tests.unit.orchestration.learning.company import EXPERT, FRONT, Readers, company, past


def audits(readers: Readers, seed: int = 1, **more: object) -> Audits:
    return Audits(
        company(**more),  # type: ignore[arg-type]
        readers.verdicts,
        dice=Random(seed),
        wall_clock=lambda: 9.0,
    )


async def rows(found: Audits) -> list[OutcomeRecord]:
    return [row async for row in found.run()]


async def test_a_share_of_accepted_answers_is_read_and_logged_with_its_probability() -> None:
    readers = Readers()
    readers.believed("architect-model")
    found = audits(readers)
    for at in range(FIRST + 1000):
        found.note(past("4" if at % 2 else "5", text=f"What is {at} + 1?"))
    read = await rows(found)
    shares = {row.propensity for row in read}
    assert shares <= {SHARE, FIRST_SHARE}
    assert SHARE in shares
    assert 30 <= len(read) <= 100
    assert {row.witness for row in read} == {Witness.STRONGER}
    assert {row.source for row in read} == {"audit"}
    assert {round(row.right) for row in read} == {0, 1}
    assert all(row.model_id == "front-model" and row.signals for row in read)
    assert set(readers.asked) == {"architect-model"}  # not the one who is made for code


async def test_nobody_is_believed_before_it_has_shown_what_it_can() -> None:
    readers = Readers()
    found = audits(readers)
    for at in range(200):
        found.note(past(text=f"What is {at} + 1?"))
    assert await rows(found) == []
    said = {each.name: each.condition for each in found.mechanisms()}
    assert said == {"verdict": Condition.OFF, "audits": Condition.OBSERVING}
    for at in range(LEAST_CASES):
        right = at % 2 == 0
        found.note(past("4" if right else "5", proven=float(right), text=f"{at}?"))
    read = await rows(found)
    assert [row.source for row in read[:LEAST_CASES]] == [READING] * LEAST_CASES
    assert {row.model_id for row in read[:LEAST_CASES]} == {"architect-model"}
    assert [row.source for row in read[LEAST_CASES:]].count("audit") > 5
    assert {each.condition for each in found.mechanisms()} == {Condition.LIVE}


async def test_what_readers_have_shown_comes_back_with_its_rows() -> None:
    readers, again = Readers(), Readers()
    found, later = audits(readers), audits(again)
    for at in range(LEAST_CASES):
        found.note(past("4" if at % 2 else "5", proven=float(at % 2), text=f"{at}?"))
    for row in await rows(found):
        later.learn(row)
    assert again.verdicts.power("architect-model").may_gate


@pytest.mark.parametrize("kept_out", [past(decision="abstain"), past(tools=True)])
async def test_only_what_was_accepted_and_can_be_read_is_drawn(kept_out: object) -> None:
    readers = Readers()
    readers.believed("architect-model")
    found = audits(readers)
    for _ in range(300):
        found.note(kept_out)  # type: ignore[arg-type]
    assert await rows(found) == []


async def test_without_anybody_stronger_there_is_no_witness() -> None:
    single = Roster(roles=(FRONT,), default_role="front", source="test")
    found = audits(Readers(), roster=single)
    found.note(past(proven=1.0))
    assert await rows(found) == []
    (_, said) = found.mechanisms()
    assert (said.condition, "stronger" in said.reason) == (Condition.OFF, True)


async def test_who_is_not_free_is_not_asked_and_words_can_be_forgotten() -> None:
    readers = Readers()
    found = audits(readers, busy=frozenset({"worker", "coder", "architect"}))
    found.note(past(proven=1.0))
    assert await rows(found) == []
    assert await found.opinion("front", (), "4") is None
    free = audits(readers)
    free.note(past(proven=1.0))
    free.forget()
    assert await rows(free) == []
    assert readers.asked == []
    assert company().stronger("nobody") is None
    assert company().stronger(EXPERT.name) is None
