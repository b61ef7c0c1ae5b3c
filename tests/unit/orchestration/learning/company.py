"""A small company and the turns it answered, for the tests of what is learned at idle."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import log
from types import SimpleNamespace
from typing import Any

from app.domain.chat import ChatMessage
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import AttemptRecord, TurnRecord
from app.orchestration.gate.verdict import LEAST_CASES, Verdicts
from app.orchestration.learning.company import Company
from app.orchestration.learning.past import Past
from app.orchestration.question import Question

FRONT, WORKER, CODER, EXPERT = (
    RoleSpec(name=name, tier=tier, model=ModelSpec(name=f"{name}-model"), families=families)
    for name, tier, families in (
        ("front", Tier.A, ()),
        ("worker", Tier.C, ()),
        ("coder", Tier.B, ("code",)),
        ("architect", Tier.B, ()),
    )
)
ROSTER = Roster(roles=(FRONT, WORKER, CODER, EXPERT), default_role="front", source="test")
SUM = "What is 2 + 2?"


def company(roster: Roster = ROSTER, busy: frozenset[str] = frozenset()) -> Company:
    """Return who answers; those who are busy are not free."""
    return Company(roster, lambda role: role.model.name, lambda role: role.name not in busy)


class Readers:
    """Readers that say yes to answers with a word."""

    def __init__(self, word: str = "4") -> None:
        self.word = word
        self.asked: list[str] = []
        self.verdicts = Verdicts(self.read)

    async def read(
        self, reader: str, thread: Sequence[ChatMessage], top: int
    ) -> Mapping[str, float]:
        """Return first words of a reader."""
        self.asked.append(reader)
        yes = 0.9 if self.word in thread[-2].content else 0.1
        return {"Yes": log(yes), "No": log(1 - yes)}

    def believed(self, reader: str) -> None:
        """Let a reader have shown what it can."""
        for at in range(LEAST_CASES):
            self.verdicts.learn(reader, float(at % 2), right=bool(at % 2))


def past(
    answer: str = "4",
    *,
    role: RoleSpec = FRONT,
    family: str = "math",
    proven: float | None = None,
    decision: str = "accept",
    text: str = SUM,
    tools: bool = False,
) -> Past:
    """Return a turn that one role has answered."""
    question = Question(text, (ChatMessage(role="user", content=text),), tools=tools)
    attempt = AttemptRecord(
        role=role.name,
        tier=role.tier,
        model=role.model.name,
        model_id=role.model.name,
        kind="accept",
        probability=0.8,
        signals={"mean": -0.2},
    )
    turn = TurnRecord(
        turn_id=f"turn {text}",
        at=1.0,
        question=question.key,
        family=family,
        start=role.name,
        attempts=(attempt,),
        decision=decision,
    )
    return Past(question, turn, (answer,), (proven,))


class OneEngine:
    """Leases that all lead to one scripted engine."""

    def __init__(self, client: Any, context: int = 512) -> None:
        self.client = client
        self.context = context
        self.leased: list[str] = []

    def lease(self, role: RoleSpec, **_: Any) -> AbstractAsyncContextManager[Any]:
        """Yield the engine."""
        self.leased.append(role.name)
        return self._leased()

    @asynccontextmanager
    async def _leased(self) -> Any:
        yield SimpleNamespace(client=self.client, context=self.context, notes=())
