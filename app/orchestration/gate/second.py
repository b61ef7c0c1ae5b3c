"""A doubtful answer is read by a larger model that is in memory, where reading is cheap enough.

Its word moves the probability only once it has shown that it can tell right from wrong. Such an
answer carries no promise: thresholds were learned without a reader.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.chat import ChatMessage
from app.domain.models import ModelSpec, RoleSpec
from app.orchestration.escalation import Cause
from app.orchestration.gate.gate import Judgement
from app.orchestration.gate.verdict import Costs, Verdicts
from app.orchestration.router.speeds import Speeds


@dataclass(frozen=True, slots=True)
class Read:
    """An answer to be read: what was asked, what was said, and how many tokens both have."""

    thread: Sequence[ChatMessage]
    text: str
    prompt_tokens: float
    answer_tokens: float


class SecondOpinion:
    """Asks for verdicts where they pay. Owns nothing."""

    def __init__(
        self,
        verdicts: Verdicts,
        speeds: Speeds,
        identify: Callable[[ModelSpec], str],
        resident: Callable[[str], bool],
    ) -> None:
        """Join the parts.

        Args:
            verdicts: asks readers, and knows what their word is worth.
            speeds: how fast they read and write.
            identify: the id of a model.
            resident: whether a model is in memory.
        """
        self._verdicts = verdicts
        self._speeds = speeds
        self._identify = identify
        self._resident = resident

    async def of(self, judged: Judgement, read: Read, above: Sequence[RoleSpec]) -> Judgement:
        """Return the judgement after a reader's word; the same one where no reader pays."""
        if judged.cause is not Cause.DOUBTFUL or judged.probability is None:
            return judged
        reader = self._reader(judged.probability, read, above)
        if reader is None:
            return judged
        yes = await self._verdicts.ask(reader, read.thread, read.text)
        if yes is None:
            return judged
        sure = self._verdicts.power(reader).weighed(judged.probability, yes)
        passes = judged.threshold is not None and sure >= judged.threshold
        return replace(
            judged,
            probability=sure,
            promise=False,
            cause=Cause.PASSED if passes else Cause.DOUBTFUL,
        )

    def _reader(self, probability: float, read: Read, above: Sequence[RoleSpec]) -> str | None:
        """Return the id of the first larger model whose word is worth its time."""
        for role in above:
            model_id = self._identify(role.model)
            power = self._verdicts.power(model_id)
            if not power.may_gate or not self._resident(role.model.name):
                continue
            speed = self._speeds.of(role.model, role.tier)
            accepted = probability * power.hits + (1 - probability) * power.slips
            kappa = speed.read_s / speed.written_s
            costs = Costs(read.prompt_tokens, read.answer_tokens, kappa, accepted)
            if costs.pays:
                return model_id
        return None
