"""Who is in memory: models come when a turn wants them, and leave when their room is needed.

A turn holds a lease while it uses a model, and a model that is leased is never evicted. Waiting is
fair: when the first in the line has waited `patience_s`, no younger turn is let into a model that
could leave and has served long enough to be worth its load, until there is room.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import RoleSpec, Roster
from app.engines.residency.line import Line, Ticket
from app.engines.residency.place import Phase, Place, Progress
from app.engines.residency.room import Room, Scales
from app.engines.residency.seating import Seating, Servers
from app.engines.residency.shortage import memory_short
from app.engines.residency.sizes import Sizes
from app.engines.server import Server
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

_GONE: Final = {ServerState.STOPPED, ServerState.CRASHED, ServerState.QUARANTINED}
_Task = asyncio.Task[Any] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user decided, and how patient the line is.

    `pinned` models never leave for others; `minimum_s` bounds how long a model that was just
    loaded stays; `anyway` loads also what does not fit.
    """

    pinned: frozenset[str] = frozenset()
    minimum_s: float = 20.0
    patience_s: float = 30.0
    anyway: bool = False


class Residency:
    """Owns the line before the memory, and decides who comes in. It belongs to one event loop."""

    def __init__(
        self,
        servers: Servers,
        sizes: Sizes,
        scales: Scales,
        bus: Bus,
        tasks: TaskOwner,
        rules: Rules,
    ) -> None:
        self._servers = servers
        self._sizes = sizes
        self._tasks = tasks
        self._rules = rules
        self._line = Line()
        self._seats = Seating(servers, sizes, scales, tasks, rules.pinned, self._settle)
        self._users: Counter[_Task] = Counter()
        self._expected: Counter[str] = Counter()
        self._arrivals = 0
        self._alarm: asyncio.TimerHandle | None = None
        bus.on(ServerStateChanged, self._server_changed)

    @property
    def states(self) -> Mapping[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for, by model name."""
        return self._servers.states

    @property
    def places(self) -> tuple[Place, ...]:
        """Who holds memory now."""
        return tuple(self._seats.places.values())

    def ahead(self, model: str) -> float:
        """Return how many turns, one after the other, have to end before another has its place."""
        place = self._seats.places.get(model)
        slots, used = (place.slots, place.leases) if place is not None else (1, 0)
        waiting = sum(ticket.model == model for ticket in self._line)
        return max(0.0, used + waiting + 1 - slots) / slots

    def follow(self, roster: Roster) -> None:
        """Go by these roles from now on; models in use stay until their turns have ended."""
        self._seats.follow(roster)
        self._settle()

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Progress | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[Server]:
        """Yield a ready server with the role's model; it stays as long as the block lasts.

        Args:
            role: whose model is wanted.
            on_progress: told the loaded fraction.
            on_wait: told when others have to end or to leave first.
            anyway: load the model also where it does not fit.

        Raises:
            MemoryShort: it does not fit, even if all leave that may.
            EngineError: the engine did not come up.
        """
        user = asyncio.current_task()
        place = await self._seat(role, user, on_wait, anyway=anyway)
        try:
            yield await place.served(on_progress)
        finally:
            self._give_back(place, user)

    @contextmanager
    def expecting(self, role: RoleSpec, chance: float = 0.5) -> Iterator[None]:
        """Load a model that may be wanted while the block lasts, if that takes nothing better.

        What is still loading when nobody expects it any more is stopped.

        Args:
            role: whose model.
            chance: how likely it is wanted; what has to leave for it is worth less than that.
        """
        name = role.model.name
        self._expected[name] += 1
        paging = self._tasks.spawn(self._page_in(role, chance), name=f"expect {name}")
        try:
            yield
        finally:
            paging.cancel()
            self._expected[name] -= 1
            self._stop_unwanted(name)

    async def weigh(self, model: str) -> None:
        """Correct what a model is known to take by what it holds now that it has worked."""
        place = self._seats.places.get(model)
        if place is not None:
            await self._seats.weigh(place)

    async def stop(self, model: str) -> None:
        """End a model's process, whoever uses it, and wait until its memory is free."""
        place = self._seats.places.get(model)
        if place is None:
            await self._servers.stop(model)
            return
        self._seats.evict([place])
        assert place.leaving is not None
        await asyncio.wait({place.leaving})

    def close(self) -> None:
        """Do nothing by itself any more."""
        if self._alarm is not None:
            self._alarm.cancel()

    async def _seat(
        self, role: RoleSpec, user: _Task, on_wait: Callable[[], None] | None, *, anyway: bool
    ) -> Place:
        loop = asyncio.get_running_loop()
        self._arrivals += 1
        ticket = Ticket(
            role=role,
            order=self._arrivals,
            arrived=loop.time(),
            size=await self._sizes.of(role.model),
            granted=loop.create_future(),
            anyway=anyway or self._rules.anyway or role.model.load_anyway,
            nested=self._users[user] > 0,
        )
        self._line.join(ticket)
        self._settle()
        if on_wait is not None and not ticket.granted.done():
            on_wait()
        try:
            place = await ticket.granted
        except asyncio.CancelledError:
            self._line.leave(ticket)
            given = ticket.granted
            if given.done() and not given.cancelled() and given.exception() is None:
                given.result().leases -= 1  # granted in the moment it was given up
            self._settle()
            raise
        self._users[user] += 1
        return place

    def _give_back(self, place: Place, user: _Task) -> None:
        self._users[user] -= 1
        if not self._users[user]:
            del self._users[user]
        place.leases -= 1
        place.last_used = _now()
        self._settle()

    def _settle(self) -> None:
        """Do all that can be done now: let in, make room, load. Then wait for the next change."""
        self._seats.bury()
        self._line.drop_given_up()
        self._let_in()
        self._retire()
        first = True
        for ticket in self._line.heads(self._seats.places):
            if self._admit(ticket, first=first):
                self._let_in()
                continue
            if first and (self._overdue() or self._seats.leaving):
                break  # what becomes free now is for this one
            first = False
        self._set_alarm()

    def _retire(self) -> None:
        """Bring idle models out that are wanted otherwise: they come back as they are wanted."""
        self._seats.evict(
            place
            for place in self.places
            if not place.leases and (place.outdated or self._line.wants_otherwise(place))
        )

    def _overdue(self) -> Ticket | None:
        """Return the first of those who need room, if it has waited too long."""
        waiting = (each for each in self._line.heads(self._seats.places) if not each.nested)
        first = next(waiting, None)
        patient = first is None or _now() - first.arrived < self._rules.patience_s
        return None if patient else first

    def _let_in(self) -> None:
        """Grant leases of models that are there, except to those who would keep others waiting."""
        now = _now()
        overdue = self._overdue()
        closed_from = overdue.order if overdue else inf
        changing: set[str] = set()  # whose turn it is to be started anew: nobody gets in before

        def granted(ticket: Ticket) -> bool:
            place = self._seats.places.get(ticket.model)
            if place is None or place.phase is Phase.LEAVING or ticket.model in changing:
                return False
            if not ticket.served_by(place):
                changing.add(ticket.model)
                return False
            closed = (
                not place.pinned
                and ticket.order > closed_from
                and now >= place.serves_until(self._rules.patience_s)
            )
            if not ticket.nested and (closed or place.leases >= place.slots):
                return False
            place.take(now)
            ticket.granted.set_result(place)
            return True

        self._line.pop(granted)

    def _admit(self, ticket: Ticket, *, first: bool) -> bool:
        """Load a ticket's model or refuse it; make room for the first; False if it has to wait."""
        room, leaving = self._seats.room(), self._seats.leaving
        missing = room.missing(ticket.size.bytes)
        if missing <= 0:
            self._seats.start(ticket.role, ticket.size)
            return True
        if not first or missing <= leaving:
            return False
        idle = self._idle()
        victims = self._seats.victims(idle, missing - leaving)
        if victims is None and ticket.anyway:
            victims = idle
        if victims:
            self._seats.evict(victims)
            return False
        if ticket.anyway and not leaving:
            self._seats.start(ticket.role, ticket.size)
            return True
        return self._refuse_if_hopeless(ticket, room, missing)

    def _refuse_if_hopeless(self, ticket: Ticket, room: Room, missing: int) -> bool:
        """Fail all who want a model that cannot fit; return whether it is so."""
        if self._seats.moving:
            return False
        # A nested one does not wait for models in use: their users might wait for it.
        could = [each for each in self._seats.unpinned if not (ticket.nested and each.leases)]
        freeable = sum(place.size.bytes for place in could)
        if freeable >= missing:
            return False
        kept = [place.model.name for place in self.places if place not in could]
        for hopeless in self._line.pop(
            lambda each: (
                each.model == ticket.model and not each.anyway and each.nested == ticket.nested
            )
        ):
            error = memory_short(ticket.model, ticket.size.bytes, room, freeable, kept)
            hopeless.granted.set_exception(error)
        return True

    def _idle(self) -> list[Place]:
        """Return who could leave at once: nobody uses it, and it has been there long enough."""
        now = _now()
        return [
            place
            for place in self._seats.unpinned
            if not place.leases and place.stays_until(self._rules.minimum_s) <= now
        ]

    async def _page_in(self, role: RoleSpec, chance: float) -> None:
        size = await self._sizes.of(role.model)
        missing = self._seats.room().missing(size.bytes)
        if missing > 0:
            victims = self._seats.victims(self._idle(), missing)
            now = _now()
            worth = sum(place.stake(now).worth for place in victims or ())
            if self._line or not victims or worth >= chance * size.reload_s:
                return
            self._seats.evict(victims)
            await asyncio.wait({place.leaving for place in victims if place.leaving})
        there = role.model.name in self._seats.places
        if not there and not self._line and self._seats.room().missing(size.bytes) <= 0:
            self._seats.start(role, size)

    def _stop_unwanted(self, model: str) -> None:
        """End a load that was begun on suspicion and that nobody waits for."""
        place = self._seats.places.get(model)
        wanted = self._expected[model] or self._line.wants(model)
        if place is not None and not wanted and not place.used and place.phase is Phase.LOADING:
            self._seats.evict([place])

    def _server_changed(self, event: ServerStateChanged) -> None:
        place = self._seats.places.get(event.model)
        if event.state in _GONE and place is not None and place.dead:
            self._settle()

    def _set_alarm(self) -> None:
        """Look again when the first in the line loses its patience, or somebody may leave."""
        self.close()
        waiting = self._line.heads(self._seats.places)
        if not waiting:
            return
        patience = self._rules.patience_s
        times = [waiting[0].arrived + patience]
        for place in self._seats.unpinned:
            times += [place.stays_until(self._rules.minimum_s), place.serves_until(patience)]
        due = min((each for each in times if each > _now()), default=inf)
        if due < inf:
            self._alarm = asyncio.get_running_loop().call_at(due, self._settle)


def _now() -> float:
    return asyncio.get_running_loop().time()
