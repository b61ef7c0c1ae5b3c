"""Makes plans. The user's choice is absolute; hard rules come next; then what is worth most."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import CannotSee, RoleUnknown
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import TurnRecord
from app.orchestration.breaker import Breaker
from app.orchestration.eyes import cannot_see, seeing_roles, shows_images
from app.orchestration.failopen import advised
from app.orchestration.gate.promises import USUAL
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.planner import Candidate, choices, ladder, required
from app.orchestration.router.predictor import Features, Predictor
from app.orchestration.router.speeds import Speeds
from app.orchestration.router.sticky import Sticky

# What is expected of a tier before anything is known of its model.
BEFORE: Final = {Tier.A: 0.55, Tier.C: 0.7, Tier.B: 0.8, Tier.D: 0.3}
# An expert on what it is made for; and beside that, where others know more.
EXPERT: Final = 0.15
# The dial in its middle: the time of the slowest answer is worth this much probability.
MIDDLE: Final = 0.1
# Somebody who did not please is asked again with more patience.
RETRY: Final = 0.25
# Characters of a token, and tokens around a message, where nobody has counted.
CHARACTERS: Final = 3.2
FRAME_TOKENS: Final = 8
# Loading ahead pays when the next model is at least this likely to be needed.
LIKELY: Final = 0.3


@dataclass(frozen=True)
class Sources:
    """What the router asks. Every part is optional: without any, the default role answers.

    `balance`: 0 for speed, 1 for quality. `resident`: whether a model is in memory. `passing`: what
    the gate lets pass of right and of wrong answers, by model, family and what is asked for.
    """

    predictor: Predictor = field(default_factory=Predictor)
    speeds: Speeds = field(default_factory=Speeds)
    breaker: Breaker | None = None
    identify: Callable[[ModelSpec], str] = lambda model: model.name
    resident: Callable[[str], bool] = lambda _: True
    clock: Callable[[], float] = lambda: 0.0
    balance: float = 0.5
    passing: Callable[[str, str, float], tuple[float, float]] = lambda *_: USUAL

    @property
    def weight(self) -> float:
        """What the time of the slowest answer is worth, in probability of a right one."""
        return MIDDLE * (2 * (1 - min(1.0, max(0.0, self.balance)))) ** 2


class Router:
    """Chooses the plan of a turn; owns who answered each conversation last."""

    def __init__(self, roster: Roster, sources: Sources | None = None) -> None:
        """Route among the roles of `roster`."""
        self._roster = roster
        self._sources = sources or Sources()
        self._sticky = Sticky(self._sources.clock)

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        """Return the plan for the last message of `thread`.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        chosen = self._roster.find(role or self._roster.default_role)
        if chosen is None or not chosen.answers:
            raise self._unknown(role)
        if question is None:
            question = Question(thread[-1].content, tuple(thread), images=shows_images(thread))
        plain = self._plain(chosen, thread, wanted=bool(role))
        asked = question
        return advised(lambda: self._weighed(plain, asked, wanted=bool(role)), plain, "the router")

    def note(self, record: TurnRecord) -> None:
        """Remember who answered a conversation, and how fast."""
        self._sources.speeds.note(record)
        if record.decision == "accept" and record.attempts:
            self._sticky.note(record.conversation_id, record.attempts[-1].role, record.family)

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what plans are made from."""
        live, area = Condition.LIVE, "routing"
        yield Mechanism(area=area, name="hard rules", condition=live)
        yield Mechanism(area=area, name="kinds of tasks", condition=live)
        yield from self._sources.predictor.mechanisms()
        measured = len(self._sources.speeds.measured)
        yield Mechanism(
            area=area,
            name="speeds",
            condition=live,
            reason=f"{measured} models measured" if measured else "guessed from file sizes so far",
        )
        weight = self._sources.weight
        yield Mechanism(
            area=area,
            name="speed or quality",
            condition=live,
            reason=f"the slowest answer's time is worth {weight:.0%} of quality",
        )
        yield Mechanism(area=area, name="sticky conversations", condition=live)
        breaker = self._sources.breaker
        left = breaker.open() if breaker is not None else {}
        reason = "; ".join(f"{model}: {why}" for model, why in left.items())
        yield Mechanism(area=area, name="breaker", condition=live, reason=reason)

    def cannot_see(self, role: RoleSpec) -> CannotSee:
        """Return the error for a role that was shown an image, with those that could see it."""
        return cannot_see(role, self._roster)

    def _plain(self, chosen: RoleSpec, thread: Sequence[ChatMessage], *, wanted: bool) -> Plan:
        """Return the plan that needs nobody's advice."""
        if wanted:
            return Plan(chosen, "you chose it", pinned=True)
        if shows_images(thread) and not chosen.model.sees:
            for seeing in seeing_roles(self._roster):
                return Plan(seeing, "it can see the image")
        return Plan(chosen, "the default role")

    def _weighed(self, plain: Plan, question: Question, *, wanted: bool) -> Plan:
        """Return the plan with what is known of all roles; pinned ones keep their role."""
        features = self._sources.predictor.features(question)
        refused = {role.name: self._why_not(role, question) for role in self._roster.answering}
        able = [role for role in self._roster.answering if not refused[role.name]]
        if plain.role not in able:
            able.append(plain.role) if wanted or not able else None
        candidates = [self._candidate(role, features, question) for role in able]
        table = _Table(candidates, {role.name: role for role in able})
        start, reason = (
            (plain.role.name, plain.reason)
            if wanted or len(candidates) < 2
            else self._start(table, features, question, plain)
        )
        return self._filled(table, start, reason, features, plain, refused)

    def _start(
        self, table: "_Table", features: Features, question: Question, plain: Plan
    ) -> tuple[str, str]:
        weight = self._weight(question)
        ranked = choices(table.candidates, weight)
        best = ranked[0]
        held = self._sticky.of(question.conversation_id, features.family)
        if held is not None and not question.retry:
            stays = next((each for each in ranked if each.start == held), None)
            if stays is not None and best.worth - stays.worth < self._sticky.margin:
                return held, f"it answered this conversation before ({features.family})"
        if best.start == self._roster.default_role:
            return best.start, plain.reason
        chance, other = table.by_name[best.start].chance, table.by_name.get(plain.role.name)
        if other is None:
            return best.start, table.why(plain.role.name)
        return best.start, (
            f"{features.family}: {best.start} is {chance:.0%} likely right, "
            f"{plain.role.name} {other.chance:.0%}"
        )

    def _filled(
        self,
        table: "_Table",
        start: str,
        reason: str,
        features: Features,
        plain: Plan,
        refused: Mapping[str, str],
    ) -> Plan:
        role = table.roles[start]
        here = table.by_name[start]
        above = ladder(here, table.candidates)
        slowest = max(each.seconds for each in table.candidates)
        steps = (here, *above)
        weight = self._sources.weight
        least = {
            each.role: required(each, after, weight, slowest)
            for each, after in zip(steps, (*above, None), strict=True)
        }
        speeds, family = self._sources.speeds, features.family
        chance_to_climb = 1 - here.chance
        likely = above[0].role if above and chance_to_climb >= LIKELY and not plain.pinned else ""
        return Plan(
            role=role,
            reason=reason,
            likely_next=table.roles.get(likely),
            family=family,
            features=features,
            up=tuple(table.roles[each.role] for each in above),
            aside=tuple(each for each in table.roles.values() if each.tier is role.tier),
            faster=tuple(
                table.roles[each.role]
                for each in sorted(table.candidates, key=lambda one: one.seconds)
                if each.seconds < here.seconds
            ),
            pinned=plain.pinned,
            chances={each.role: each.chance for each in table.candidates},
            seconds={each.role: each.seconds for each in table.candidates},
            propensities={start: 1.0},
            lengths={name: speeds.length(each.model, family) for name, each in table.roles.items()},
            deadlines={
                name: speeds.deadlines(each.model, family, each.timeouts)
                for name, each in table.roles.items()
            },
            required=least,
            refused={name: why for name, why in refused.items() if why},
        )

    def _candidate(self, role: RoleSpec, features: Features, question: Question) -> Candidate:
        sources = self._sources
        model_id = sources.identify(role.model)
        sources.predictor.skills.expect(model_id, BEFORE[role.tier])
        chance = sources.predictor.chance(features, model_id)
        # What a role is made for counts until its answers have shown what it is good at.
        made_for = _made_for(role, features.family)
        belief = EXPERT * made_for * 4 / (4 + chance.count)
        return Candidate(
            role.name,
            min(0.99, max(0.01, chance.probability + belief)),
            sources.speeds.seconds(
                role,
                features.family,
                _tokens(question),
                resident=sources.resident(role.model.name),
            ),
            partial(sources.passing, model_id, features.family),
            model_id,
            partial(sources.predictor.pairs.kept, model_id),
        )

    def _why_not(self, role: RoleSpec, question: Question) -> str:
        """Return why a role cannot answer this question, or ''."""
        if question.images and not role.model.sees:
            return "it cannot see the image"
        room = role.model.context - min(role.sampling.max_tokens, role.model.context // 4)
        tokens = _tokens(question)
        if tokens > room:
            return f"the conversation has about {tokens:.0f} tokens, it reads {room}"
        breaker = self._sources.breaker
        return breaker.why_not(role.model.name) if breaker is not None else ""

    def _weight(self, question: Question) -> float:
        return self._sources.weight * (RETRY if question.retry else 1.0)

    def _unknown(self, role: str) -> RoleUnknown:
        names = [spec.name for spec in self._roster.answering]
        near = get_close_matches(role, names, n=1)
        hint = f"Did you mean “{near[0]}”? " if near else ""
        return RoleUnknown(
            f"There is no role “{role}” that can answer.",
            remedy=f"{hint}Roles here: {', '.join(names)}.",
        )


@dataclass
class _Table:
    """All who could answer, by name."""

    candidates: list[Candidate]
    roles: dict[str, RoleSpec]

    @property
    def by_name(self) -> dict[str, Candidate]:
        return {each.role: each for each in self.candidates}

    def why(self, absent: str) -> str:
        return f"{absent} cannot answer this"


def _made_for(role: RoleSpec, family: str) -> int:
    """Return 1 if a role is made for a kind of task, -1 if it is made for another, else 0."""
    if not role.families:
        return 0
    return 1 if family in role.families else -1


def _tokens(question: Question) -> float:
    letters = sum(len(message.content) for message in question.thread)
    return letters / CHARACTERS + FRAME_TOKENS * (1 + len(question.thread))
