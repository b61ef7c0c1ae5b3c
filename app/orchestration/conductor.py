"""The life of a turn: plan, attempts, the gate's word after each, and what follows from it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from app.domain.chat import Receipt
from app.domain.doctor import Mechanism
from app.domain.errors import AppError, EngineDied
from app.domain.events import AttemptEnded, RouteChosen, Stage, TurnFinished
from app.domain.generation import TokenLogprob
from app.domain.models import ModelSpec, RoleSpec
from app.domain.routing import GROUP_OF, Group
from app.orchestration.attempt import Attempted, Attempts, Wish
from app.orchestration.breaker import Breaker
from app.orchestration.course import Course, Tried
from app.orchestration.display import Display, Version
from app.orchestration.escalation import FAULTS, Action, Cause, Kind, Observation, decide
from app.orchestration.failopen import advised, awaited
from app.orchestration.followups import told
from app.orchestration.gate.gate import Answer, Asked, Gate, Judgement
from app.orchestration.gate.second import Read, SecondOpinion
from app.orchestration.holdback import HoldBack
from app.orchestration.question import Question
from app.orchestration.remembered import NOTHING, Obeyed, Remembers
from app.orchestration.requests import Call
from app.orchestration.router.router import Router
from app.platform.bus import Bus

_ENDS: Final = frozenset({Kind.ACCEPT, Kind.ABSTAIN, Kind.FAIL})
_BROKEN: Final = frozenset({Cause.CRASHED, Cause.STALLED, Cause.NOT_LOADED})
# Giving an answer up before its end has to save at least this share of the next one's time.
WORTH_GIVING_UP: Final = 0.15


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the user wants an answer.

    `role` answers, if one is named. `load_anyway` loads models also where they do not fit into
    memory. `whole`: nothing is shown before the answer that counts is complete. `retry`: an earlier
    answer did not please.
    """

    role: str = ""
    load_anyway: bool = False
    whole: bool = False
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What a turn was asked."""

    question: Question
    wishes: Wishes = Wishes()


async def _at_once() -> None:
    """Be ready from the beginning."""


@dataclass(frozen=True)
class Advisers:
    """Whom a conductor asks.

    `router` makes plans, `gate` judges answers, `breaker` is told who broke and who answered,
    `identify` gives the id under which a model's evidence is kept, `ready` returns when what is
    known from earlier runs has been taken in, `second` has doubtful answers read by somebody
    larger, `memory` says what matters of earlier chats.
    """

    router: Router
    gate: Gate
    breaker: Breaker
    identify: Callable[[ModelSpec], str]
    ready: Callable[[], Awaitable[None]] = _at_once
    second: SecondOpinion | None = None
    memory: Remembers | None = None


class Conductor:
    """Leads turns to their answers. Owns nothing of them; decides nothing itself."""

    def __init__(self, attempts: Attempts, advisers: Advisers, bus: Bus) -> None:
        """Join who asks engines, who advises, and the bus that is told what happens."""
        self._attempts = attempts
        self._ready = advisers.ready
        self._breaker = advisers.breaker
        self._router = advisers.router
        self._gate = advisers.gate
        self._identify = advisers.identify
        self._second = advisers.second
        self._memory = advisers.memory
        self._bus = bus
        self._actions: Counter[Kind] = Counter()

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what follows answers that do not pass, and how often it did."""
        return told(self._actions)

    async def begin(self, order: Order) -> Course:
        """Return the course of a turn: its plan, and nothing tried yet.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        await self._ready()
        question = order.question
        recollected = await self._memory.of(question) if self._memory else NOTHING
        plan = await self._router.decide(question.thread, role=order.wishes.role, question=question)
        return Course(plan, GROUP_OF.get(plan.family, Group.TALK), recollected=recollected)

    async def obey(self, question: Question, question_id: str) -> Obeyed | None:
        """Do what a message orders of memory; None where it orders nothing."""
        return await self._memory.obey(question, question_id) if self._memory else None

    async def lead(self, course: Course, order: Order, display: Display) -> TurnFinished:
        """Answer, and answer again as long as the table of decisions says so.

        Raises:
            CannotSee: the last message has a picture, and who has to answer no eyes.
            AppError: there is no answer; the error of the last attempt says why.
        """
        call = course.first()
        self._announce(display, call.role, course.plan.reason)
        while True:
            tried = await self._try(course, order, display, call)
            action = tried.action
            assert action is not None
            self._actions[action.kind] += 1
            onward = "" if action.kind in _ENDS else action.role
            self._bus.publish(AttemptEnded(display.turn_id, tried.record(), onward))
            if action.kind in _ENDS:
                return await self._end(course, order, display, action)
            call = course.next(action)
            if action.kind is not Kind.CONTINUE:
                reason = course.reason_for_next()
                display.begin_again(call.role, reason, self.receipt(course, display, tried))
                display.enter(Stage.RETRYING)
                if call.role != tried.call.role:
                    self._announce(display, call.role, reason)

    def _announce(self, display: Display, role: RoleSpec, reason: str) -> None:
        self._bus.publish(
            RouteChosen(display.turn_id, role.name, role.tier, role.model.name, reason)
        )

    async def _try(self, course: Course, order: Order, display: Display, call: Call) -> Tried:
        plan, model_id = course.plan, self._identify(call.role.model)
        least = plan.required.get(call.role.name, 0.0)
        asked = Asked(order.question, plan.family, required=least)
        hold = course.hold(call, plan.expected_tokens(call.role), whole=order.wishes.whole)
        attempted = Attempted(call, HoldBack(hold))
        prior = plan.chances.get(call.role.name, 0.5)

        def opinion(text: str, tokens: Sequence[TokenLogprob], last: bool) -> bool | float | None:
            return self._early(course, attempted, asked, model_id, prior, last=last)

        elapsed_s = display.elapsed_ms() / 1000
        wish = Wish(
            order.question,
            plan.family,
            order.wishes.load_anyway,
            plan.likely_next,
            course.left_s(elapsed_s),
            course.recollected,
        )
        if order.question.images and not call.role.model.sees:  # a load would change nothing
            raise self._router.cannot_see(call.role)
        self._breaker.asked(call.role.model.name)
        await self._attempts.run(
            attempted, wish, display, course.limits(call.role, elapsed_s), opinion
        )
        self._tell_breaker(attempted)
        if attempted.is_blind:
            raise self._router.cannot_see(call.role)
        if attempted.words.waiting:
            display.enter(Stage.JUDGING)
        started = perf_counter()
        judged = self._judge(attempted, asked, model_id, prior)
        judged = await self._read_again(judged, attempted, course, order)
        tried = Tried(attempted, model_id, _seen(attempted, judged, display), judged)
        tried.judged_s = perf_counter() - started
        tried.action = decide(course.state(tried, display.elapsed_ms() / 1000), tried.seen)
        course.tried.append(tried)
        if attempted.words.has_shown:
            tried.version = Version(display.message_id, display.text)
        return tried

    def _tell_breaker(self, attempted: Attempted) -> None:
        """Only what breaks counts; to be slow is another matter."""
        model = attempted.call.role.model.name
        if attempted.fault in _BROKEN:
            self._breaker.failed(model)
        elif attempted.final is not None:
            self._breaker.succeeded(model)

    def _early(
        self,
        course: Course,
        attempted: Attempted,
        asked: Asked,
        model_id: str,
        prior: float,
        *,
        last: bool,
    ) -> bool | float | None:
        """Return whether first words may be shown, or how doubtful they are if they may not."""
        answer = _answer(attempted)
        early = advised(lambda: self._gate.early(asked, answer, model_id, prior), None, "the gate")
        if early is None or early.release:
            return True
        role, plan = attempted.call.role, course.plan
        given_up = early.abort and plan.is_worth_more(role.name)
        if given_up and plan.saves(role, len(attempted.tokens), WORTH_GIVING_UP):
            return early.probability
        return True if last else None

    def _judge(
        self, attempted: Attempted, asked: Asked, model_id: str, prior: float
    ) -> Judgement | None:
        if attempted.final is None or attempted.final.finish_reason == "tool_calls":
            return None
        answer = _answer(attempted)
        return advised(lambda: self._gate.judge(asked, answer, model_id, prior), None, "the gate")

    async def _read_again(
        self, judged: Judgement | None, attempted: Attempted, course: Course, order: Order
    ) -> Judgement | None:
        """Return the judgement after somebody larger has read the answer, where that pays."""
        if judged is None or self._second is None or not course.plan.gated:
            return judged
        final = attempted.final
        timings = final.timings if final else None
        read = Read(
            order.question.thread,
            attempted.text,
            timings.prompt_n + timings.cache_n if timings else 0,
            len(attempted.tokens),
        )
        return await awaited(self._second.of(judged, read, course.plan.up), judged, "a reader")

    async def _end(
        self, course: Course, order: Order, display: Display, action: Action
    ) -> TurnFinished:
        last = course.tried[-1]
        broke = last.seen.cause in FAULTS - {Cause.SLOW_ANSWER} and not course.has_answer()
        if action.kind is Kind.FAIL or broke:
            raise last.attempted.error or _nothing(last.call.role)
        best = last if action.kind is Kind.ACCEPT else course.best()
        if best is last:
            await display.show(best.attempted.words.release())
        elif best.version is None:  # its words were kept back: show them now
            receipt = self.receipt(course, display, last)
            display.begin_again(best.call.role, "the best of all answers", receipt)
            await display.show(best.attempted.text)
        if best is last or best.version is None:
            best.version = Version(display.message_id, display.text)
        receipt = self.receipt(course, display, best)
        receipt = receipt.model_copy(update={"decision": action.kind.value})
        final = best.attempted.final
        return TurnFinished(
            display.turn_id,
            best.version.text,
            receipt,
            final.timings if final else None,
            message_id=best.version.message_id,
        )

    def receipt(self, course: Course, display: Display, tried: Tried | None) -> Receipt:
        """Return what is known of a turn now, for the answer of one attempt."""
        plan = course.plan
        role = tried.call.role if tried else plan.role
        judged = tried.judgement if tried else None
        final = tried.attempted.final if tried else None
        return Receipt(
            role=role.name,
            tier=role.tier,
            model=role.model.name,
            reason=course.reason(tried),
            first_token_ms=display.first_token_ms,
            total_ms=display.elapsed_ms(),
            finish_reason=final.finish_reason if final else "",
            timings=final.timings if final else None,
            family=plan.family,
            decision=tried.action.kind.value if tried and tried.action else "",
            confidence=judged.probability if judged else None,
            promised=judged.promise if judged else False,
            attempts=tuple(each.record() for each in course.tried),
            chances=dict(plan.chances),
            seconds=dict(plan.seconds),
            redo_up=course.above(role),
            redo_down=course.below(role),
            memories=course.recollected.used,
            recall=course.recollected.lexical,
            obeyed=course.obeyed,
        )


def _answer(attempted: Attempted) -> Answer:
    tokens = attempted.tokens
    margins = tuple(token.margin for token in tokens if token.margin is not None)
    final = attempted.final
    return Answer(
        text=attempted.text,
        logprobs=tuple(token.logprob for token in tokens),
        margins=margins if len(margins) == len(tokens) else (),
        finish_reason=final.finish_reason if final else "",
        tokens=len(tokens),
    )


def _seen(attempted: Attempted, judged: Judgement | None, display: Display) -> Observation:
    """Return what the table of decisions looks at; an answer nobody judged passes."""
    if attempted.fault is not None:
        error = attempted.error
        words = error.message if error else ""
        return Observation(attempted.fault, None, text=bool(display.text), detail=words)
    if attempted.doubt is not None:
        return Observation(Cause.DOUBTFUL, attempted.doubt)
    if judged is None:
        return Observation(Cause.PASSED, None, text=bool(attempted.text))
    return Observation(
        judged.cause, judged.probability, text=bool(attempted.text.strip()), detail=judged.detail
    )


def _nothing(role: RoleSpec) -> AppError:
    return EngineDied(
        f"The {role.name} model gave no answer.", remedy="Ask again, or ask another role."
    )
