"""Hard rules: who cannot answer a question at all, and who should not be the first to try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.models import RoleSpec
from app.domain.routing import GROUP_OF, Group
from app.engines.base import Capabilities
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import Breaker
from app.orchestration.question import Question

# Characters of a token, and tokens around a message, where nobody has counted.
CHARACTERS: Final = 3.2
FRAME_TOKENS: Final = 8
# A question that takes more than this part of a window goes to a larger one at once.
ROOMY: Final = 0.5
# Where something happens outside of the chat, nobody starts who is less likely right by so much.
ALIKE: Final = 0.05


def tokens_of(question: Question) -> float:
    """Return about how many tokens a conversation has."""
    letters = sum(len(message.content) for message in question.thread)
    return letters / CHARACTERS + FRAME_TOKENS * (1 + len(question.thread))


def is_midway(question: Question) -> bool:
    """Return whether the last word is not the user's: what a tool said has to be gone on with."""
    return bool(question.thread) and question.thread[-1].role != "user"


@dataclass(frozen=True, slots=True)
class Able:
    """What is known of models apart from their answers: who broke, who fits, what they can."""

    breaker: Breaker | None
    outlook: Callable[[RoleSpec], Outlook]
    absent: Callable[[str], str]
    caps: Callable[[str], Capabilities | None]

    def why_not(self, role: RoleSpec, question: Question, tokens: float) -> str:
        """Return why a role cannot answer this question, or ''."""
        model = role.model
        if question.images and not model.sees:
            return "it cannot see the image"
        room = model.context - min(role.sampling.max_tokens, model.context // 4)
        if tokens > room:
            return f"the conversation has about {tokens:.0f} tokens, it reads {room}"
        caps = self.caps(model.name)
        if question.tools and caps is not None and not caps.tools:
            return "it cannot call tools"
        broken = self.breaker.why_not(model.name) if self.breaker is not None else ""
        return broken or self.absent(model.name) or self.outlook(role).why_not

    def forms(self, roles: Sequence[RoleSpec], question: Question) -> dict[str, str]:
        """Return who is left out because others can keep to the wanted form, with the reason."""
        if question.schema is None:
            return {}
        known = {role.name: self.caps(role.model.name) for role in roles}
        if not any(caps is not None and caps.grammar for caps in known.values()):
            return {}
        return {
            name: "it cannot keep to the wanted form"
            for name, caps in known.items()
            if caps is not None and not caps.grammar
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for who may start: its chance to be right."""

    role: RoleSpec
    chance: float


def too_low(
    standings: Sequence[Standing],
    question: Question,
    family: str,
    tokens: float,
    before: str,
) -> Mapping[str, str]:
    """Return who should not be the first to answer, with the reason; never everybody.

    Args:
        standings: who could answer.
        question: what is asked.
        family: the kind of task.
        tokens: how long the conversation is.
        before: who answered the same question before, if it is asked again.
    """
    best = max(each.chance for each in standings)
    did = next((each.chance for each in standings if each.role.name == before), None)
    acts = question.tools or GROUP_OF.get(family) is Group.ACTION
    found = {}
    for each in standings:
        name = each.role.name
        if did is not None and did < best and each.chance <= did:
            found[name] = "the question is asked again"
        elif tokens > ROOMY * each.role.model.context:
            found[name] = "the conversation fills most of what it reads"
        elif acts and each.chance < best - ALIKE:
            found[name] = "something happens, so only the likeliest right is asked"
    return found if len(found) < len(standings) else {}
