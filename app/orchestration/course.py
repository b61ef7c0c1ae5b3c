"""A turn on its way: what was tried, what the gate said of it, and where it can go from here."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.models import RoleSpec, Timeouts
from app.domain.routing import AttemptRecord, Group, Split
from app.orchestration.attempt import Attempted
from app.orchestration.display import Version
from app.orchestration.escalation import (
    Action,
    Attempt,
    Cause,
    Kind,
    Observation,
    State,
    Ways,
)
from app.orchestration.gate.gate import Judgement
from app.orchestration.holdback import Hold
from app.orchestration.patience import LEAST_S
from app.orchestration.plan import Plan
from app.orchestration.remembered import NOTHING, Recollected
from app.orchestration.requests import Call
from app.orchestration.router.starts import ORDER

# Answers that are expected to be as short are shown whole.
SHORT: int = 64
# Kinds of tasks that get better by being worked out; elsewhere it spoils as much as it mends.
WORKED_OUT = frozenset({"math", "words"})


@dataclass
class Tried:
    """One attempt and what was seen of it; `version` is where its text stands, if it was shown."""

    attempted: Attempted
    model_id: str
    seen: Observation
    judgement: Judgement | None = None
    judged_s: float = 0.0
    action: Action | None = None
    version: Version | None = None

    @property
    def call(self) -> Call:
        """What was asked."""
        return self.attempted.call

    @property
    def probability(self) -> float | None:
        """How likely the answer is right, if it was judged."""
        return self.seen.probability

    def record(self) -> AttemptRecord:
        """Return the attempt as a row of the ledger."""
        attempted, judged, role = self.attempted, self.judgement, self.call.role
        timings = attempted.final.timings if attempted.final else None
        return AttemptRecord(
            role=role.name,
            tier=role.tier,
            model=role.model.name,
            model_id=self.model_id,
            kind=self.call.kind.value,
            help=self.call.help.value,
            cause=self.seen.cause.value,
            detail=self.seen.detail,
            action=self.action.kind.value if self.action else "",
            probability=self.seen.probability,
            threshold=judged.threshold if judged and judged.promise else None,
            validators=dict(judged.validators) if judged else {},
            signals=dict(judged.signals) if judged else {},
            split=self._split(),
            prompt_tokens=timings.prompt_n + timings.cache_n if timings else 0,
            answer_tokens=timings.predicted_n if timings else len(attempted.tokens),
            drafted=timings.draft_n if timings else 0,
            draft_accepted=timings.draft_n_accepted if timings else 0,
        )

    def _split(self) -> Split:
        attempted = self.attempted
        return Split(
            waited=attempted.waited_s * 1000,
            loaded=attempted.loaded_s * 1000,
            read=attempted.read_s * 1000,
            written=attempted.written_s * 1000,
            judged=self.judged_s * 1000,
        )


@dataclass
class Course:
    """What was tried so far under a plan. The words of the plan's reason grow by what happened."""

    plan: Plan
    group: Group
    tried: list[Tried] = field(default_factory=list)
    recollected: Recollected = NOTHING
    obeyed: str = ""

    def first(self) -> Call:
        """Return the call the plan begins with."""
        return Call(self.plan.role)

    def next(self, action: Action) -> Call:
        """Return the call an action asks for."""
        last = self.tried[-1]
        going_on = action.kind is Kind.CONTINUE
        return Call(
            role=self.role(action.role),
            kind=action.kind,
            help=action.help,
            detail=last.seen.detail,
            rejected="" if going_on else last.attempted.text,
            begun=last.attempted.text if going_on else "",
        )

    def role(self, name: str) -> RoleSpec:
        """Return a role of the plan by its name."""
        return next(role for role in self.roles() if role.name == name)

    def limits(self, role: RoleSpec, elapsed_s: float) -> Timeouts:
        """Return how long the parts of an attempt may take."""
        limits = self.plan.limits(role, self.tried_roles())
        left = self.left_s(elapsed_s)
        return limits.model_copy(update={"load_s": min(limits.load_s, max(LEAST_S, left))})

    def left_s(self, elapsed_s: float) -> float:
        """Return how much time another answer has; without any yet, one that is late is welcome."""
        return self.plan.within_s - elapsed_s if self.has_answer() else math.inf

    def state(self, last: Tried, elapsed_s: float = 0.0) -> State:
        """Return what the table of decisions looks at, with `last` as the current attempt."""
        everything = [*self.tried, last]
        judged = [each.probability for each in everything if each.probability is not None]
        return State(
            attempts=tuple(
                Attempt(each.call.role.name, each.call.kind, each.call.help) for each in everything
            ),
            ways=self.ways(last.attempted, elapsed_s),
            pinned=self.plan.pinned,
            best=max(judged, default=None),
        )

    def ways(self, attempted: Attempted, elapsed_s: float = 0.0) -> Ways:
        """Return where the turn can go from an attempt.

        Once there is an answer, nobody is asked who would come too late.
        """
        role, caps = attempted.call.role, attempted.caps
        above = [each.name for each in self.plan.up]
        beyond = above[above.index(role.name) + 1 :] if role.name in above else above
        aside = [each.name for each in self.roles() if each.tier is role.tier]
        answered = self.has_answer() or _is_answer(attempted)
        left = self.plan.within_s - elapsed_s if answered else math.inf

        def comes_late(name: str) -> bool:
            return self.plan.seconds.get(name, 0.0) > left

        return Ways(
            up=tuple(name for name in beyond if not comes_late(name)),
            aside=tuple(name for name in aside if name != role.name),
            faster=tuple(each.name for each in self.plan.faster if each.name != role.name),
            can_think=caps.thinks and not role.thinking and self.plan.family in WORKED_OUT,
            can_constrain=caps.grammar and self.group is Group.CHECKED,
            can_continue=caps.continues,
            has_time=not comes_late(role.name),
            worth_more=self.plan.is_worth_more(role.name),
        )

    def hold(self, call: Call, expected_tokens: float, *, whole: bool) -> Hold:
        """Return how much of an answer waits until it was judged.

        Args:
            call: the attempt.
            expected_tokens: how long the answer will probably be.
            whole: the front-end wants nothing but the answer that counts.
        """
        if call.begun:
            return Hold.NOTHING  # what stands is already shown
        if whole:
            return Hold.WHOLE
        if self.plan.pinned or not (self._above(call.role) or self.tried):
            return Hold.NOTHING  # there is no other answer, before or after
        if expected_tokens <= SHORT or self.group is Group.CHECKED:
            return Hold.WHOLE
        return Hold.FIRST_WORDS

    def best(self) -> Tried:
        """Return the attempt with the likeliest answer, whole ones first; of equals the last."""
        answered = [each for each in self.tried if each.attempted.text.strip()] or self.tried
        answered = [each for each in answered if each.attempted.final] or answered
        return max(enumerate(answered), key=lambda pair: (pair[1].probability or 0.0, pair[0]))[1]

    @property
    def last(self) -> Tried | None:
        """The last attempt, if there was one."""
        return self.tried[-1] if self.tried else None

    def has_answer(self) -> bool:
        """Whether any attempt came to its end with words."""
        return any(_is_answer(each.attempted) for each in self.tried)

    def tried_roles(self) -> frozenset[str]:
        """Return the names of the roles that were asked."""
        return frozenset(each.call.role.name for each in self.tried)

    def reason(self, answer: Tried | None) -> str:
        """Return in plain words why an answer is by whom it is."""
        words = [self.plan.reason]
        words += [_told(each) for each in self.tried if each is not answer]
        words += [note for each in self.tried for note in each.attempted.notes]
        return "; ".join(dict.fromkeys(word for word in words if word))

    def reason_for_next(self) -> str:
        """Return in plain words why somebody goes on after the last attempt."""
        return _told(self.tried[-1])

    def above(self, role: RoleSpec) -> str:
        """Return who could answer better than `role`, or ''; also who is not worth its time."""
        above = [each.name for each in self.plan.ladder]
        place = above.index(role.name) + 1 if role.name in above else len(above)
        if place < len(above):
            return above[place]
        higher = [each for each in self.plan.able if ORDER[each.tier] > ORDER[role.tier]]
        return higher[0].name if higher else ""

    def below(self, role: RoleSpec) -> str:
        """Return who could answer faster than `role`, or ''."""
        above = [each.name for each in self.plan.ladder]
        place = above.index(role.name) - 1 if role.name in above else -1
        if place >= 0:
            return above[place]
        lower = [each for each in self.plan.able if ORDER[each.tier] < ORDER[role.tier]]
        return lower[-1].name if lower else ""

    def _above(self, role: RoleSpec) -> bool:
        above = [each.name for each in self.plan.up]
        return bool(above) and role.name != above[-1]

    def roles(self) -> Iterator[RoleSpec]:
        """Yield every role that may have a part in this turn."""
        yield from {
            role.name: role
            for role in (self.plan.role, *self.plan.up, *self.plan.aside, *self.plan.faster)
        }.values()


_TOLD = {
    Cause.DOUBTFUL: "{role} was not sure enough",
    Cause.WRONG: "{role} made a mistake: {detail}",
    Cause.MALFORMED: "{role} missed the wanted form: {detail}",
    Cause.LANGUAGE: "{role} answered in another language",
    Cause.LOOP: "{role} went round in circles",
    Cause.CUT_OFF: "{role} was cut off at its limit",
    Cause.EMPTY: "{role} said nothing",
    Cause.REFUSED: "{role} did not want to answer",
    Cause.NOT_LOADED: "{role} could not be loaded",
    Cause.CRASHED: "{role} broke off",
    Cause.SLOW_LOAD: "{role} took too long to load",
    Cause.SLOW_READING: "{role} took too long to read",
    Cause.STALLED: "{role} stood still",
    Cause.SLOW_ANSWER: "{role} took too long",
}


def _is_answer(attempted: Attempted) -> bool:
    return attempted.final is not None and bool(attempted.text.strip())


def _told(tried: Tried) -> str:
    words = _TOLD.get(tried.seen.cause, "")
    return words.format(role=tried.call.role.name, detail=tried.seen.detail).rstrip(": ")
