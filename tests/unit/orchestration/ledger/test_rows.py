"""Records become rows and come back the same; no words of an answer get into a row."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.models import Tier
from app.domain.routing import (
    FAMILIES,
    AttemptRecord,
    ChangeRecord,
    LedgerRecord,
    OutcomeRecord,
    Split,
    TurnRecord,
    Witness,
)
from app.orchestration.ledger.rows import KINDS, of_line, parsed, to_line, to_row

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SHARES = st.floats(0, 1)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
BY_NAME = st.dictionaries(WORDS, NUMBERS, max_size=3)
GRAMS = st.lists(st.tuples(st.integers(0, 1 << 16), NUMBERS), max_size=3).map(tuple)
ATTEMPTS = st.builds(
    AttemptRecord,
    role=WORDS,
    tier=st.sampled_from(Tier),
    model=WORDS,
    model_id=WORDS,
    kind=WORDS,
    probability=st.none() | SHARES,
    threshold=st.none() | SHARES,
    validators=st.dictionaries(WORDS, st.sampled_from((-1, 1)), max_size=2),
    signals=BY_NAME,
    split=st.builds(Split, read=NUMBERS),
)
RECORDS: st.SearchStrategy[LedgerRecord] = st.one_of(
    st.builds(
        TurnRecord,
        turn_id=WORDS,
        at=NUMBERS,
        family=st.sampled_from(FAMILIES),
        features=st.lists(NUMBERS, max_size=3).map(tuple),
        grams=GRAMS,
        start=WORDS,
        chances=BY_NAME,
        attempts=st.lists(ATTEMPTS, max_size=2).map(tuple),
        reason=st.sampled_from(("", "null", "a null reason")),
    ),
    st.builds(
        OutcomeRecord,
        at=NUMBERS,
        model_id=WORDS,
        family=st.sampled_from(FAMILIES),
        right=SHARES,
        witness=st.sampled_from(Witness),
        source=WORDS,
        propensity=st.floats(0.01, 1),
        probability=st.none() | SHARES,
        signals=BY_NAME,
        grams=GRAMS,
    ),
    st.builds(ChangeRecord, at=NUMBERS, id=WORDS, kind=WORDS, subject=WORDS, numbers=BY_NAME),
)


@given(RECORDS)
@settings(max_examples=150, deadline=None)
def test_rows_and_lines_come_back_as_they_went(record: LedgerRecord) -> None:
    kind, at, _, body = to_row(record)
    assert at == record.at
    line = to_line(7, kind, body.encode())
    assert line is not None
    assert "\n" not in line
    assert of_line(line) == (7, record)
    assert json.loads(line)["row"] == KINDS[type(record)]
    if isinstance(record, TurnRecord):
        assert [found for _, found in parsed(TurnRecord, [(1, body.encode())])] == [record]


def test_words_of_an_answer_are_left_out() -> None:
    attempt = AttemptRecord(
        role="front", tier=Tier.A, model="m", model_id="1", kind="accept", detail="2 + 2 = 5"
    )
    record = TurnRecord(turn_id="t", at=1, attempts=(attempt,))
    body = to_row(record)[3]
    assert "2 + 2" not in body
    assert record.attempts[0].detail  # the turn itself keeps it


def test_numbers_that_are_none_and_half_characters_harm_nothing() -> None:
    record = TurnRecord(
        turn_id="\ud800",
        at=math.nan,
        reason="half \udfff",
        features=(1.0, math.inf),
        chances={"front": math.nan, "worker": 0.5},
        total_ms=math.nan,
    )
    kind, at, turn_id, body = to_row(record)
    assert (kind, at, turn_id) == ("turn", 0.0, "?")
    json.loads(body, parse_constant=pytest.fail)
    ((_, found),) = parsed(TurnRecord, [(1, body.encode())])
    assert found == TurnRecord(
        turn_id="?", at=0.0, reason="half ?", features=(1.0, 0.0), chances={"worker": 0.5}
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no json",
        "[]",
        "{}",
        "7",
        '{"row":"turn"}',
        '{"row":"dream","number":1,"at":1}',
        '{"row":"turn","number":"x","turn_id":"t","at":1}',
        '{"row":"turn","number":1,"turn_id":"t","at":1,"form":2}',
        '{"row":["turn"],"number":1}',
        "[" * 5000,
    ],
)
def test_lines_of_something_else_are_none(line: str) -> None:
    assert of_line(line) is None
