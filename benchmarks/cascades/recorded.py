"""Real models behind the simulated engine: their remembered answers, at a price in virtual time."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app.domain.generation import ChatRequest
from app.domain.models import Tier
from app.engines.base import Capabilities
from benchmarks.cascades.answers import Answered, Answers, prompt_of
from benchmarks.cascades.questions import Asked
from benchmarks.simulator.engine import Frame, Reply

# What a token costs: A to C to B as 1 to 4 to 12, reading ten times as fast as writing.
COSTS: Final = {Tier.A: 1.0, Tier.C: 4.0, Tier.B: 12.0}
_WRITES: Final = 40.0
_READS: Final = 400.0
TIERS: Final[Mapping[str, Tier]] = {
    "front": Tier.A,
    "worker": Tier.C,
    "coder": Tier.B,
    "architect": Tier.B,
}
CAPS: Final = Capabilities(thinks=True)


class Recorded:
    """One model and its answers."""

    caps = CAPS

    def __init__(self, name: str, answers: Answers) -> None:
        self.name = name
        self.answers = answers
        cost = COSTS[TIERS[name]]
        self.frame = Frame(TIERS[name], 0.1 * cost, _READS / cost, _WRITES / cost)

    @property
    def id(self) -> str:
        """The SHA-256 of its bytes."""
        return self.answers.id

    def reply(self, request: ChatRequest) -> Reply:
        """Return what it says; what it was never asked, it is asked now."""
        contents = [(str(each["role"]), str(each["content"])) for each in request.messages]
        thinking = bool(request.template.get("enable_thinking"))
        (found,) = self.answers.ask([prompt_of(contents, thinking=thinking)])
        return Reply(
            found.text,
            found.logprobs,
            found.margins,
            found.prompt_tokens,
            found.finish_reason,
            thought=found.tokens - len(found.logprobs),
        )

    def answer(self, asked: Sequence[Asked]) -> list[Answered]:
        """Return its answers to the questions as they are."""
        prompts = [prompt_of([(each.role, each.content) for each in one.thread]) for one in asked]
        return self.answers.ask(prompts)

    def seconds(self, answered: Answered) -> float:
        """Return what an answer costs."""
        return answered.prompt_tokens / self.frame.read + answered.tokens / self.frame.write


def recorded(models: Path, folder: Path) -> dict[str, Recorded]:
    """Return the models of the family that exist in a folder."""
    found = {name: models / f"{name}.gguf" for name in TIERS}
    return {
        name: Recorded(name, Answers(path, folder)) for name, path in found.items() if path.exists()
    }
