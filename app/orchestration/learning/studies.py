"""Everything that is studied at idle, in its order: probes, audits, exploration, moves."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Mechanism
from app.domain.models import ModelSpec, Roles, RoleSpec
from app.domain.routing import ChangeRecord, LedgerRecord, OutcomeRecord, TurnRecord
from app.orchestration.gate.gate import Answer, Gate
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.gate.probes import Prober, Subject, key_of
from app.orchestration.gate.verdict import LEAST_CASES, Verdicts
from app.orchestration.learning.asking import Asking
from app.orchestration.learning.audits import Audits, Truth
from app.orchestration.learning.company import Company
from app.orchestration.learning.exploring import Exploration, Minds
from app.orchestration.learning.idle import Study
from app.orchestration.learning.past import Lately, Past
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.starts import Starts

# A model with as many judged answers is asked no probes.
KNOWN: Final = 40
# Answers of known truth a reader is shown in a pass, and at most before the next start: who has not
# said yes or no by then does not understand the question.
SHOWN: Final = 20
MOST_SHOWN: Final = 2 * LEAST_CASES


@dataclass(frozen=True)
class Tools:
    """What studies work with."""

    roster: Roles
    asking: Asking
    gate: Gate
    predictor: Predictor
    verdicts: Verdicts
    starts: Starts
    identify: Callable[[ModelSpec], str]
    wall_clock: Callable[[], float]
    dice: Random


class Studies:
    """Owns what is studied. Takes in rows and the words of the newest turns; yields rows."""

    def __init__(self, tools: Tools) -> None:
        """Join those who study."""
        self._tools = tools
        self.lately = Lately()
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self._silent: set[str] = set()
        self._shown = 0
        self._last: Answer | None = None
        self._company = Company(tools.roster, self._id, tools.asking.free)
        self.audits = Audits(
            self._company, tools.verdicts, dice=tools.dice, wall_clock=tools.wall_clock
        )
        minds = Minds(tools.asking.answer, self.audits.opinion, tools.gate, tools.predictor)
        self._exploration = Exploration(
            self._company,
            self.lately,
            minds,
            dice=tools.dice,
            wall_clock=tools.wall_clock,
        )
        self._prober = Prober(
            self._ask,
            tools.gate,
            tools.predictor,
            may_go_on=lambda: True,  # who runs this leaves when somebody comes
            wall_clock=tools.wall_clock,
        )

    def recall(self, record: LedgerRecord) -> None:
        """Take in a row of an earlier run."""
        self._tools.starts.note(record)
        if isinstance(record, TurnRecord):
            self.audits.recall(record)
        elif isinstance(record, OutcomeRecord):
            self.audits.learn(record)
            if record.source == "probe":
                self._asked[record.model_id].add(record.question)

    def note(self, record: LedgerRecord) -> None:
        """Take in one row; what was read is learned of already by who had it read."""
        self._tools.starts.note(record)
        if isinstance(record, OutcomeRecord) and record.source == "probe":
            self._asked[record.model_id].add(record.question)

    def keep(self, past: Past) -> None:
        """Take in a turn that has ended, with its words."""
        self.lately.keep(past)
        self.audits.note(past)

    def forget(self) -> None:
        """Drop all words: a chat was deleted."""
        self.lately.forget()
        self.audits.forget()

    def all(self) -> tuple[Study, ...]:
        """Return what is studied, in order."""
        return (
            Study("probes of new models", self._probes),
            Study("audits", self._audits),
            Study("exploration", self._exploration.run),
            Study("moves", self._moves),
        )

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what is studied."""
        yield from self._prober.mechanisms()
        yield from self.audits.mechanisms()
        yield from self._exploration.mechanisms()
        yield from self._tools.starts.mechanisms()

    def _id(self, role: RoleSpec) -> str:
        return self._tools.identify(role.model)

    async def _ask(self, role: str, thread: Sequence[ChatMessage]) -> Answer | None:
        self._last = await self._tools.asking.answer(role, thread)
        return self._last

    async def _probes(self) -> AsyncGenerator[OutcomeRecord, None]:
        threads = {key_of(probe): probe.thread for probe in PROBES}
        for role in self._tools.roster.answering:
            model_id = self._id(role)
            known = self._tools.gate.count(model_id) >= KNOWN or model_id in self._silent
            if known or not self._tools.asking.free(role):
                continue
            subject = Subject(model_id, role.name, frozenset(self._asked[model_id]))
            self._silent.add(model_id)  # not asked again in vain before the next start
            async for row in self._prober.run(subject):
                self._silent.discard(model_id)
                if self._last is not None:
                    self.audits.know(_truth(row, threads[row.question], self._last))
                yield row

    async def _audits(self) -> AsyncGenerator[OutcomeRecord, None]:
        await self._show_readers()
        async for row in self.audits.run():
            yield row

    async def _show_readers(self) -> None:
        """Let a small model answer what can be checked: a reader shows with it what it is worth."""
        weakest = self._company.weakest
        reader = self._company.stronger(weakest.name)
        if reader is None or not self._tools.asking.free(weakest):
            return
        enough = self._tools.verdicts.power(self._id(reader)).count >= LEAST_CASES
        if enough or self._shown >= MOST_SHOWN:
            return
        for probe in [PROBES[(self._shown + at) % len(PROBES)] for at in range(SHOWN)]:
            self._shown += 1
            answer = await self._tools.asking.answer(weakest.name, probe.thread)
            if answer is not None:
                right = probe.is_right(answer.text)
                key = key_of(probe)
                self.audits.know(
                    Truth(weakest.name, probe.thread, answer.text, right, probe.family, key)
                )

    async def _moves(self) -> AsyncGenerator[ChangeRecord, None]:
        found = self._tools.starts.due(self._tools.wall_clock())
        if found is not None:
            yield found


def _truth(row: OutcomeRecord, thread: Sequence[ChatMessage], answer: Answer) -> Truth:
    return Truth(row.role, thread, answer.text, row.right >= 0.5, row.family, row.question)
