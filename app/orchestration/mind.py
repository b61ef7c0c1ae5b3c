"""What decides about turns and what it learns from, joined: router, gate, learners and studies."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from app.domain.chat import ChatMessage
from app.domain.models import ModelSpec, RoleSpec, Roster
from app.domain.settings import Settings
from app.engines.base import Capabilities
from app.engines.fleet import Engines
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import Breaker
from app.orchestration.gate.gate import Gate
from app.orchestration.gate.second import SecondOpinion
from app.orchestration.gate.verdict import Verdicts
from app.orchestration.learning.asking import Asking
from app.orchestration.learning.learner import Learner, Recaller
from app.orchestration.learning.resets import Resets
from app.orchestration.learning.studies import Studies, Tools
from app.orchestration.ledger.ledger import Ledger
from app.orchestration.router import meaning
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router, Sources
from app.orchestration.router.speeds import Speeds
from app.orchestration.router.starts import Starts
from app.platform.tasks import TaskOwner


class Standing(Protocol):
    """What is known of models apart from their answers."""

    def resident(self, model: str) -> bool:
        """Return whether a model can answer without being loaded."""

    def outlook(self, model: ModelSpec) -> Outlook:
        """Return what it takes to have a model in memory."""

    def absent(self, model: str) -> str:
        """Return why a model is set aside, or ''."""

    def caps(self, model: str) -> Capabilities | None:
        """Return what a model's engine can do, if it runs."""


@dataclass(frozen=True)
class Surroundings:
    """What a mind works in: who there is, where rows are kept, and who runs models.

    `identify` gives the id of a model, `canonical` the one it goes by now, for an earlier one.
    `also` recall the rows of earlier runs.
    """

    settings: Settings
    roster: Roster
    ledger: Ledger
    tasks: TaskOwner
    engines: Engines
    standing: Standing
    identify: Callable[[ModelSpec], str]
    canonical: Callable[[str], str]
    new_id: Callable[[], str]
    also: Sequence[Recaller] = ()

    def id_of(self, role: RoleSpec) -> str:
        """Return the id of a role's model."""
        return self.identify(role.model)


@dataclass(frozen=True)
class Mind:
    """Those who decide and those who learn."""

    ledger: Ledger
    gate: Gate
    predictor: Predictor
    router: Router
    speeds: Speeds
    breaker: Breaker
    identify: Callable[[ModelSpec], str]
    learner: Learner
    starts: Starts
    resets: Resets
    studies: Studies
    second: SecondOpinion
    asking: Asking
    embedder: meaning.Embedder | None


def joined(around: Surroundings) -> Mind:
    """Return a mind; its learner has not begun yet."""
    gate, speeds = Gate(), Speeds()
    embedder = _embedder(around, speeds)
    predictor = Predictor(meaning=embedder)
    breaker, identify = Breaker(time.monotonic), around.identify
    roles, new_id = around.roster.answering, around.new_id
    starts = Starts(roles, predictor.skills, around.id_of, new_id)
    resets = Resets(roles, around.id_of, new_id, around.canonical)
    standing = around.standing
    sources = Sources(
        predictor=predictor,
        speeds=speeds,
        breaker=breaker,
        identify=identify,
        resident=standing.resident,
        outlook=standing.outlook,
        absent=standing.absent,
        caps=standing.caps,
        clock=time.monotonic,
        balance=around.settings.balance,
        passing=gate.passing,
        explore=around.settings.explore,
        moved=starts.of,
    )
    router = Router(around.roster, sources)
    asking = Asking(around.engines, around.roster, sources)
    verdicts = Verdicts(_Readers(asking, around.roster.answering, identify).first_words)
    tools = Tools(
        roster=around.roster,
        asking=asking,
        gate=gate,
        predictor=predictor,
        verdicts=verdicts,
        starts=starts,
        identify=identify,
        wall_clock=time.time,
        dice=Random(),  # noqa: S311 - no secret
    )
    studies = Studies(tools)
    also: tuple[Recaller, ...] = (studies, resets, *around.also)
    learner = Learner(around.ledger, gate, predictor, router, around.tasks, also=also)
    return Mind(
        ledger=around.ledger,
        gate=gate,
        predictor=predictor,
        router=router,
        speeds=speeds,
        breaker=breaker,
        identify=identify,
        learner=learner,
        starts=starts,
        resets=resets,
        studies=studies,
        second=SecondOpinion(verdicts, speeds, identify, standing.resident),
        asking=asking,
        embedder=embedder,
    )


def _embedder(around: Surroundings, speeds: Speeds) -> meaning.Embedder | None:
    """Return who makes embeddings for routing, if there is a role for it."""
    role = meaning.embedding_role(around.roster)
    if role is None:
        return None
    place = meaning.Surroundings(
        engines=around.engines,
        standing=around.standing.outlook,
        load_s=lambda role: speeds.of(role.model, role.tier).load_s,
        loading=around.tasks.spawn,
        clock=time.monotonic,
    )
    return meaning.Embedder(role, place)


@dataclass(frozen=True)
class _Readers:
    """Reaches readers by the ids of their models."""

    asking: Asking
    roles: Sequence[RoleSpec]
    identify: Callable[[ModelSpec], str]

    async def first_words(
        self, reader: str, thread: Sequence[ChatMessage], top: int
    ) -> Mapping[str, float]:
        """Return with what tokens a reader would begin."""
        found = (role.name for role in self.roles if self.identify(role.model) == reader)
        return await self.asking.first_words(next(found, ""), thread, top)
