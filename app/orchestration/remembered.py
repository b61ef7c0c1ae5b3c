"""What memory has to do with a turn, as plain data, and what a turn asks of it."""

from dataclasses import dataclass
from typing import Final, Protocol

from app.domain.chat import Receipt, UsedMemory
from app.domain.models import Tier
from app.orchestration.question import Question

# Who is said to have answered where an order was carried out.
MEMORY: Final = "memory"
_OBEYED: Final = "memory did what the message says; no model was asked"


@dataclass(frozen=True, slots=True)
class Recollected:
    """What goes along with a question: the block a model reads, and which memories are in it.

    `texts` may be drafted from; `lexical` says why meaning was not asked, '' where it was.
    """

    block: str = ""
    texts: tuple[str, ...] = ()
    used: tuple[UsedMemory, ...] = ()
    lexical: str = ""


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What memory says to an order; `whole`: the message says nothing else."""

    words: str
    whole: bool = True

    def receipt(self, total_ms: float) -> Receipt:
        """Return what stands under an answer that memory gave."""
        return Receipt(
            role=MEMORY,
            tier=Tier.D,
            model="",
            reason=_OBEYED,
            total_ms=total_ms,
            decision="accept",
        )


NOTHING: Final = Recollected()


class Remembers(Protocol):
    """What a turn asks of memory; whatever breaks there, the turn goes on."""

    async def of(self, question: Question) -> Recollected:
        """Return what matters for a question."""

    async def obey(self, question: Question, question_id: str) -> Obeyed | None:
        """Do what a message orders; None where it orders nothing."""
