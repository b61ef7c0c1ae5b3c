"""Who waits for a model, in the order of arrival."""

import asyncio
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from app.domain.models import RoleSpec
from app.engines.residency.place import Place
from app.engines.residency.sizes import Size


@dataclass(eq=False, slots=True)
class Ticket:
    """One turn that wants a model.

    `nested` means that whoever holds it uses another model at the same time: it may not wait for
    models in use, since their users could be waiting for the one it uses.
    """

    role: RoleSpec
    size: Size
    order: int
    arrived: float
    granted: asyncio.Future[Place]
    anyway: bool = False
    nested: bool = False

    @property
    def model(self) -> str:
        """The name of the model."""
        return self.role.model.name

    def served_by(self, place: Place) -> bool:
        """Whether a place holds the model as it is wanted; a nested one takes it as it is."""
        return self.nested or place.model.starts_like(self.role.model)


class Line:
    """The tickets that wait: nested ones first, then by arrival."""

    def __init__(self) -> None:
        self._tickets: list[Ticket] = []

    def __iter__(self) -> Iterator[Ticket]:
        return iter(tuple(self._tickets))

    def __bool__(self) -> bool:
        return bool(self._tickets)

    def join(self, ticket: Ticket) -> None:
        """Add a ticket at its place."""
        self._tickets.append(ticket)
        self._tickets.sort(key=lambda each: (not each.nested, each.order))

    def leave(self, ticket: Ticket) -> None:
        """Take a ticket out, if it is still there."""
        if ticket in self._tickets:
            self._tickets.remove(ticket)

    def drop_given_up(self) -> None:
        """Take out the tickets of those who were cancelled and have not come to leave yet."""
        self._tickets = [ticket for ticket in self._tickets if not ticket.granted.done()]

    def wants(self, model: str) -> bool:
        """Say whether anybody waits for a model."""
        return any(ticket.model == model for ticket in self._tickets)

    def wants_otherwise(self, place: Place) -> bool:
        """Say whether anybody waits for the model of a place, started in another way."""
        return any(
            ticket.model == place.model.name and not ticket.served_by(place)
            for ticket in self._tickets
        )

    def heads(self, seated: Container[str]) -> list[Ticket]:
        """Return the first ticket of each model that has no place, in order."""
        first: dict[str, Ticket] = {}
        for ticket in self._tickets:
            if ticket.model not in seated:
                first.setdefault(ticket.model, ticket)
        return list(first.values())

    def pop(self, chosen: Callable[[Ticket], bool]) -> list[Ticket]:
        """Take out all tickets that `chosen` says yes to, asked in order."""
        out = [ticket for ticket in self._tickets if chosen(ticket)]
        self._tickets = [ticket for ticket in self._tickets if ticket not in out]
        return out
