"""Weighs all who could answer a question, and makes the plan that is worth most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Final

from app.domain.models import Roles, RoleSpec, Tier
from app.engines.residency.outlook import Outlook
from app.orchestration.deadlines import within
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.exploring import Draw, Offer, draw, may_explore
from app.orchestration.router.meant import doubt, made_for, meant
from app.orchestration.router.planner import (
    LIKELY,
    Candidate,
    Choice,
    choices,
    required,
    slowest_of,
)
from app.orchestration.router.predictor import Features
from app.orchestration.router.rules import Able, Standing, is_midway, tokens_of, too_low
from app.orchestration.router.sources import Sources
from app.orchestration.router.starts import ORDER, Moved
from app.orchestration.router.sticky import Sticky, stays

# What is expected of a tier before anything is known of its model.
BEFORE: Final = {Tier.A: 0.55, Tier.C: 0.7, Tier.B: 0.8, Tier.D: 0.3}
# An expert on what it is made for; and beside that, where others know more.
EXPERT: Final = 0.15
# What part of the doubt is lifted where even small models seldom fail.
EASE: Final = {"chat": 0.8}
# Somebody who did not please is asked again with more patience.
RETRY: Final = 0.25


@dataclass(frozen=True, slots=True)
class Case:
    """One question as it is weighed; `wanted`: the user named the role of the `plain` plan."""

    plain: Plan
    question: Question
    features: Features
    tokens: float
    wanted: bool
    within_s: float
    weight: float
    again: str  # who answered the same question before, if it is asked again

    @property
    def family(self) -> str:
        """The kind of task."""
        return self.features.family


@dataclass(frozen=True, slots=True)
class Start:
    """Who begins, and why."""

    role: str
    reason: str
    table: Sequence[Choice] = ()
    held_back: Mapping[str, str] | None = None
    draw: Draw | None = None


class Weighing:
    """Makes plans from what is known; remembers nothing but who answered last."""

    def __init__(self, roster: Roles, sources: Sources, sticky: Sticky) -> None:
        """Weigh the roles of `roster` by what `sources` know."""
        self._roster = roster
        self._sources = sources
        self._sticky = sticky

    def plan(
        self,
        plain: Plan,
        question: Question,
        *,
        wanted: bool,
        features: Features | None = None,
    ) -> Plan:
        """Return the plan that is worth most; a role the user wanted keeps its place.

        Args:
            plain: the plan that needs no advice.
            question: what is asked.
            wanted: the user named the role.
            features: what is seen of the question, if somebody has looked already.
        """
        case = self._case(plain, question, wanted, features)
        table, refused = self._weighed(case)
        return self._filled(table, self._start(table, case), case, refused)

    def undecided(self, plan: Plan, plain: Plan, question: Question) -> bool:
        """Return whether the meaning of a question could change who begins under its plan."""
        features = plan.features
        if not isinstance(features, Features) or len(plan.table) < 2:
            return False
        predictor = self._sources.predictor
        if not predictor.may_look(features):
            return False
        case = self._case(plain, question, False, features)
        table, _ = self._weighed(case)

        def choose(chances: Mapping[str, float]) -> str:
            moved = [replace(each, chance=chances[each.role]) for each in table.candidates]
            return self._start(Table(moved, table.roles), case, draws=False).role

        return predictor.undecided(
            features, {each.role: each.chance for each in table.candidates}, choose
        )

    def _weighed(self, case: Case) -> tuple["Table", Mapping[str, str]]:
        """Return all who could answer, and why others cannot."""
        plain, outlooks = case.plain, dict[str, Outlook]()

        def outlook(role: RoleSpec) -> Outlook:
            if role.name not in outlooks:
                outlooks[role.name] = self._sources.standing(role.model)
            return outlooks[role.name]

        refused = self._refused(case, outlook)
        able = [role for role in self._roster.answering if role.name not in refused]
        if plain.role not in able and (case.wanted or not able):
            able.append(plain.role)
        candidates = [self._candidate(role, case, outlook(role)) for role in able]
        return Table(candidates, {role.name: role for role in able}), refused

    def _case(
        self, plain: Plan, question: Question, wanted: bool, features: Features | None
    ) -> Case:
        last = self._sticky.last(question.conversation_id)
        same = last is not None and bool(last.question) and last.question == question.key
        again = last.role if last is not None and (question.retry or same) else ""
        patience = RETRY if question.retry or again else 1.0
        return Case(
            plain=plain,
            question=question,
            features=features or self._sources.predictor.features(question),
            tokens=tokens_of(question),
            wanted=wanted,
            within_s=min(question.within_s, self._sources.within_s),
            weight=self._sources.weight * patience,
            again=again,
        )

    def _refused(self, case: Case, outlook: Callable[[RoleSpec], Outlook]) -> dict[str, str]:
        sources = self._sources
        able = Able(sources.breaker, outlook, sources.absent, sources.caps)
        roles = self._roster.answering
        found = {role.name: able.why_not(role, case.question, case.tokens) for role in roles}
        left = [role for role in roles if not found[role.name]]
        found.update(able.forms(left, case.question))
        return {name: why for name, why in found.items() if why}

    def _candidate(self, role: RoleSpec, case: Case, outlook: Outlook) -> Candidate:
        sources, family = self._sources, case.family
        model_id = sources.identify(role.model)
        sources.predictor.skills.expect(model_id, BEFORE[role.tier])
        chance = sources.predictor.chance(case.features, model_id)
        # What a role is made for counts until its answers have shown what it is good at.
        easy = EASE.get(family, 0.0) * (1 - chance.probability)
        belief = (EXPERT * made_for(role, family) + easy) * 4 / (4 + chance.count)
        loading = 0.0
        if not outlook.resident:
            load_s = outlook.load_s
            loading = sources.speeds.of(role.model, role.tier).load_s if load_s is None else load_s
        alone = sources.speeds.seconds(role, family, case.tokens, loading=loading)
        waiting = outlook.ahead * (alone - loading)  # those before are taken to ask alike
        return Candidate(
            role=role.name,
            chance=min(0.99, max(0.01, chance.probability + belief)),
            seconds=alone + waiting,
            waiting=waiting,
            ordinary=sources.speeds.ordinary_seconds(role),
            passing=lru_cache(maxsize=64)(partial(sources.passing, model_id, family)),
            model=model_id,
            kept=partial(sources.predictor.pairs.kept, model_id, family=family),
            loading=loading,
            debt=outlook.debt_s,
            after=role.escalation,
            made=made_for(role, family) > 0,
        )

    def _start(self, table: "Table", case: Case, *, draws: bool = True) -> Start:
        plain = case.plain
        ranked = choices(table.candidates, case.weight, case.within_s)
        if case.wanted or len(ranked) < 2:
            return Start(plain.role.name, plain.reason, ranked)
        last = self._sticky.last(case.question.conversation_id)
        if is_midway(case.question) and last is not None and last.role in table.roles:
            return Start(last.role, "it goes on with what a tool has told it", ranked)
        held_back = self._held_back(table, case)
        free = [each for each in ranked if each.start not in held_back]
        kept = self._kept(table, free, case)
        if kept is not None:
            return Start(
                kept.start,
                f"it answered this conversation before ({case.family})",
                ranked,
                held_back,
            )
        moved = self._moved(free, case)
        if moved is not None:
            return Start(moved.role, f"{case.family} begins here {moved.reason}", ranked, held_back)
        drawn = self._draw(table, free, case) if draws else None
        start = drawn.role if drawn else self._first(table, free, case)
        reason = "chosen to learn what it can do" if drawn and drawn.explored else ""
        reason = reason or self._why(table, start, case, held_back)
        return Start(start, reason, ranked, held_back, drawn)

    def _first(self, table: "Table", free: Sequence[Choice], case: Case) -> str:
        """Return who is worth most; who is meant for it, where that is not borne out."""
        best = free[0]
        skills, models = self._sources.predictor.skills, table.by_name
        shown = skills.posterior(case.family, models[best.start].model)
        for found in meant(free, table.roles, case.plain.role.name, case.family):
            other = skills.posterior(case.family, models[found.start].model)
            if best.worth - found.worth < doubt(shown, other, case.weight):
                return found.start
        return best.start

    def _held_back(self, table: "Table", case: Case) -> Mapping[str, str]:
        standings = [Standing(table.roles[each.role], each.chance) for each in table.candidates]
        found = dict(too_low(standings, case.question, case.family, case.tokens, case.again))
        moved = self._sources.moved(case.family)
        if moved is not None and moved.is_up and moved.role in table.roles.keys() - found.keys():
            found.setdefault(moved.before, f"{case.family} begins at {moved.role} {moved.reason}")
        return found

    def _moved(self, free: Sequence[Choice], case: Case) -> Moved | None:
        """Return where this kind of task begins by now, unless another start is worth more."""
        moved = self._sources.moved(case.family)
        if moved is None or case.again:
            return None
        there = next((each for each in free if each.start == moved.role), None)
        close = there is not None and stays(free[0].worth - there.worth, 0.0)
        return moved if close else None

    def _kept(self, table: "Table", free: Sequence[Choice], case: Case) -> Choice | None:
        """Return the plan of who answered this conversation, if nobody is worth the change."""
        held = self._sticky.of(case.question.conversation_id, case.family)
        stay = next((each for each in free if each.start == held), None)
        if stay is None or case.again:
            return None
        role = table.roles[stay.start]
        reading = case.tokens / self._sources.speeds.of(role.model, role.tier).read_s
        gain, cost = free[0].worth - stay.worth, case.weight * reading / table.slowest(case.weight)
        return stay if stays(gain, cost) else None

    def _draw(self, table: "Table", free: Sequence[Choice], case: Case) -> Draw | None:
        share, question = self._sources.explore, case.question
        calm = not case.again and may_explore(share, free, question, case.family, case.within_s)
        if not calm:
            return None
        price = case.weight / table.slowest(case.weight)
        offers = [
            Offer(each.start, table.by_name[each.start].model, price * each.seconds)
            for each in free
        ]
        skills = self._sources.predictor.skills
        return draw(share, offers, skills, case.family, self._sources.dice)

    def _why(self, table: "Table", start: str, case: Case, held_back: Mapping[str, str]) -> str:
        """Return in plain words why `start` begins."""
        plain, family = case.plain, case.family
        if start == plain.role.name:
            return plain.reason
        other = table.by_name.get(plain.role.name)
        if other is None:
            return f"{plain.role.name} cannot answer this"
        if plain.role.name in held_back:
            return f"not {plain.role.name} first: {held_back[plain.role.name]}"
        chance = table.by_name[start].chance
        return (
            f"{family}: {start} is {chance:.0%} likely right, {plain.role.name} {other.chance:.0%}"
        )

    def _filled(self, table: "Table", start: Start, case: Case, refused: Mapping[str, str]) -> Plan:
        role, here = table.roles[start.role], table.by_name[start.role]
        choice = next(each for each in start.table if each.start == start.role)
        above = [table.by_name[name] for name in choice.up]
        least = {
            each.role: required(each, after, self._sources.weight, table.slowest(case.weight))
            for each, after in zip((here, *above), (*above, None), strict=True)
        }
        of_right, of_wrong = here.passing(least[here.role])
        climbs = 1 - here.chance * of_right - (1 - here.chance) * of_wrong
        ahead = above and not case.plain.pinned and least[here.role] > 0 and climbs >= LIKELY
        faster = sorted(table.candidates, key=lambda each: each.seconds)
        plan = Plan(
            role=role,
            reason=start.reason,
            likely_next=table.roles[above[0].role] if ahead else None,
            family=case.family,
            features=case.features,
            up=tuple(table.roles[each.role] for each in above),
            aside=tuple(each for each in table.roles.values() if each.tier is role.tier),
            able=tuple(sorted(table.roles.values(), key=lambda each: ORDER[each.tier])),
            faster=tuple(table.roles[each.role] for each in faster if each.seconds < here.seconds),
            pinned=case.plain.pinned,
            explored=start.draw.explored if start.draw else False,
            chances={each.role: each.chance for each in table.candidates},
            seconds={each.role: each.seconds for each in table.candidates},
            propensities=start.draw.propensities if start.draw else {start.role: 1.0},
            required=least,
            refused=refused,
            held_back=start.held_back or {},
            table=tuple(start.table),
        )
        return self._timed(plan, table, case)

    def _timed(self, plan: Plan, table: "Table", case: Case) -> Plan:
        """Return the plan with how long answers may be, and may take."""
        speeds, family = self._sources.speeds, case.family
        deadlines = {
            name: speeds.deadlines(each.model, family, each.timeouts)
            for name, each in table.roles.items()
        }
        most = {
            name: speeds.most_seconds(each.model, family) or plan.seconds[name]
            for name, each in table.roles.items()
        }
        # Who takes too long leaves enough time for somebody faster; long answers are so for all.
        longest = (
            max(most[each.name], speeds.most_seconds(each.model, family, 1.0))
            for each in plan.faster
        )
        spare = min(longest, default=0.0)
        return replace(
            plan,
            lengths={name: speeds.length(each.model, family) for name, each in table.roles.items()},
            deadlines=within(deadlines, (plan.role, *plan.up), most, case.within_s - spare),
            within_s=case.within_s,
        )


@dataclass
class Table:
    """All who could answer, by name."""

    candidates: list[Candidate]
    roles: dict[str, RoleSpec]

    @cached_property
    def by_name(self) -> dict[str, Candidate]:
        """The candidates by role."""
        return {each.role: each for each in self.candidates}

    def slowest(self, weight: float) -> float:
        """Return how long the slowest takes, or what counts as quick."""
        return slowest_of(self.candidates, weight)
