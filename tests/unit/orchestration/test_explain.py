"""Receipts read like sentences, whatever is known."""

from app.domain.chat import Receipt
from app.domain.models import Tier
from app.domain.routing import AttemptRecord, Split
from app.orchestration.explain import explained

FIRST = AttemptRecord(
    role="front",
    tier=Tier.A,
    model="small",
    model_id="1",
    kind="accept",
    cause="doubtful",
    action="escalate",
    probability=0.31,
    split=Split(loaded=500, written=400),
    answer_tokens=20,
)
SECOND = FIRST.model_copy(
    update={
        "role": "worker",
        "cause": "passed",
        "action": "accept",
        "probability": 0.92,
        "drafted": 10,
        "draft_accepted": 8,
    }
)


def test_a_plain_answer_takes_few_words() -> None:
    receipt = Receipt(role="front", tier=Tier.A, model="small", reason="the default role")
    assert explained(receipt) == [
        "front answered (tier A, small): the default role",
        "  not judged",
        "  time: in all 0.00 s",
        "  tokens: 0 written",
    ]


def test_every_attempt_says_what_came_of_it() -> None:
    receipt = Receipt(
        role="worker",
        tier=Tier.C,
        model="middle",
        reason="short; front was not sure enough",
        decision="accept",
        confidence=0.92,
        promised=True,
        attempts=(FIRST, SECOND),
        chances={"worker": 0.8, "front": 0.4},
        seconds={"worker": 2.0},
        total_ms=2000,
        redo_up="architect",
        redo_down="front",
    )
    assert explained(receipt) == [
        "worker answered (tier C, middle): short; front was not sure enough",
        "  92% likely right (the promise holds)",
        "  1. front: 0.9 s, 31% likely right, doubtful -> a stronger one was asked",
        "  2. worker: 0.9 s, 92% likely right -> accepted",
        "  time: loaded 1.00 s, written 0.80 s, in all 2.00 s",
        "  tokens: 40 written, 10 drafted of which 8 stood",
        "  expected before: worker 80% likely right in about 2.0 s; front 40% likely right",
        "  stronger: --role architect",
        "  faster: --role front",
    ]


def test_a_doubtful_answer_says_so() -> None:
    receipt = Receipt(
        role="front",
        tier=Tier.A,
        model="small",
        reason="r",
        decision="abstain",
        confidence=0.2,
        attempts=(FIRST,),
    )
    assert explained(receipt)[1] == (
        "  20% likely right (no promise yet); the best there was, but doubtful"
    )
