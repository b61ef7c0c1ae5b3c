"""Roles, sources and rows for the router's tests."""

from pathlib import Path

from app.domain.chat import ChatMessage
from app.domain.models import ModelSpec, RoleSpec, Roster, Sampling, Tier
from app.domain.routing import AttemptRecord, OutcomeRecord, Split, TurnRecord, Witness
from app.orchestration.question import Question
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router, Sources
from app.orchestration.router.speeds import Speeds

PACE = {"front": 400.0, "worker": 100.0, "coder": 33.0, "architect": 33.0}
PERU = "What is the capital of Peru?"


def role(name: str, tier: Tier, *families: str, context: int = 2048) -> RoleSpec:
    """Return a role on a model of its own."""
    return RoleSpec(
        name=name,
        tier=tier,
        model=ModelSpec(name=f"model-{name}", path=Path(f"{name}.gguf"), context=context),
        sampling=Sampling(max_tokens=256),
        families=families,
    )


ROLES = (
    role("front", Tier.A, context=512),
    role("worker", Tier.C),
    role("coder", Tier.B, "code"),
    role("architect", Tier.B),
)
ROSTER = Roster(roles=ROLES, default_role="front", source="test")


def user(text: str) -> ChatMessage:
    """Return a message of the user."""
    return ChatMessage(role="user", content=text)


def asked(text: str = PERU, conversation: str = "c", **more: object) -> Question:
    """Return a question in a conversation."""
    return Question(text, (user(text),), conversation_id=conversation, **more)  # type: ignore[arg-type]


def sources(**more: object) -> Sources:
    """Return what a router asks, with known speeds."""
    speeds = Speeds()
    for name, pace in PACE.items():
        speeds.expect(f"model-{name}", 5 * pace, pace, 1.0)
    return Sources(**{"speeds": speeds, **more})  # type: ignore[arg-type]


def router(roster: Roster = ROSTER, **more: object) -> Router:
    """Return a router over the roles."""
    return Router(roster, sources(**more))


def knowing(skill: dict[str, float], family: str = "facts", count: int = 40) -> Predictor:
    """Return a predictor that has seen such shares of right answers."""
    predictor = Predictor()
    for name, share in skill.items():
        for at in range(count):
            predictor.learn(judged(f"model-{name}", float(at < count * share), family))
    return predictor


def judged(model: str, right: float, family: str = "facts") -> OutcomeRecord:
    """Return how one answer turned out."""
    return OutcomeRecord(
        at=0,
        model_id=model,
        family=family,
        right=right,
        witness=Witness.VALIDATOR,
        source="gate",
    )


def record(
    conversation: str, name: str, family: str, seconds: float = 1.0, question: str = ""
) -> TurnRecord:
    """Return a turn that a role has answered."""
    attempt = AttemptRecord(
        role=name,
        tier=Tier.C,
        model=f"model-{name}",
        model_id=name,
        kind="accept",
        split=Split(read=100, written=1000 * seconds),
        prompt_tokens=50,
        answer_tokens=100,
    )
    return TurnRecord(
        turn_id="t",
        at=0,
        conversation_id=conversation,
        family=family,
        question=question,
        attempts=(attempt,),
        decision="accept",
    )
