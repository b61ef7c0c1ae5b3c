"""What a question means, as a vector, where that costs next to nothing.

Routing must not wait, and must not take memory from who answers. So the embedding model is asked
only if it is there already, and for a blink; it is loaded for later questions if it is small, was
wanted more than once, and nobody has to leave for it. Questions are never sent elsewhere for this.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.domain.errors import AppError
from app.domain.models import ModelSpec, RoleSpec, Roster
from app.engines.fleet import Engines
from app.engines.residency.outlook import Outlook

log = logging.getLogger(__name__)

LIMIT_S: Final = 0.1
# After a failure it is left alone for so long.
REST_S: Final = 60.0
# A single question in the terminal loads nothing; from so many on it may pay.
WANTED: Final = 3
MOST_LOAD_S: Final = 2.0
_NOT_YET: Final = f"it is loaded when {WANTED} questions want it"


class Meaning(Protocol):
    """Who makes vectors of meaning."""

    def why_not(self) -> str:
        """Return why it cannot be asked now, or ''."""

    async def vector(self, text: str) -> Sequence[float]:
        """Return the vector of a text, empty if it cannot be had now."""


@dataclass(frozen=True)
class Surroundings:
    """What an embedding model stands in.

    `engines` lend servers, `standing` says what memory it would take, `load_s` how long a load is
    where memory does not know; `loading` runs something beside turns; `clock` counts seconds.
    """

    engines: Engines
    standing: Callable[[ModelSpec], Outlook]
    load_s: Callable[[RoleSpec], float]
    loading: Callable[..., Any]
    clock: Callable[[], float]


class Embedder:
    """Owns when the embedding model may be asked, and when it is loaded."""

    def __init__(self, role: RoleSpec, around: Surroundings) -> None:
        """Ask the model of `role`."""
        self._role = role
        self._around = around
        self._wanted = 0
        self._rests_until = -REST_S
        self._fault = ""
        self._load: Any = None

    def why_not(self) -> str:
        """Return why it cannot be asked now, or ''."""
        if self._role.model.engine == "remote":
            return "questions are not sent elsewhere to be routed"
        if self._around.clock() < self._rests_until:
            return f"it rests: {self._fault}"
        outlook = self._around.standing(self._role.model)
        return "" if outlook.resident else self._why_not_loaded(outlook)

    def _why_not_loaded(self, outlook: Outlook) -> str:
        if outlook.why_not:
            return outlook.why_not
        if outlook.debt_s > 0:
            return "others would have to leave memory for it"
        known = outlook.load_s
        seconds = self._around.load_s(self._role) if known is None else known
        if seconds > MOST_LOAD_S:
            return f"a load takes about {seconds:.0f} s, more than it gains"
        return _NOT_YET

    def wish(self) -> None:
        """Count a question that would gain by a vector; load the model once it pays."""
        self._wanted += 1
        if self._wanted >= WANTED and self.why_not() == _NOT_YET:
            self._fetch()

    async def vector(self, text: str) -> Sequence[float]:
        """Return the vector of a text, empty if it cannot be had now."""
        self.wish()
        found = await self.vectors([text])
        return found[0] if found else ()

    async def vectors(
        self, texts: Sequence[str], limit_s: float = LIMIT_S
    ) -> Sequence[Sequence[float]]:
        """Return the vectors of texts within so many seconds, none if they cannot be had now."""
        if self.why_not():
            return ()
        try:
            return await asyncio.wait_for(
                embedded(self._around.engines, self._role, texts), limit_s
            )
        except (AppError, OSError, TimeoutError, ValueError, LookupError, TypeError) as error:
            self._rest(str(error) or "it took too long")
            return ()

    def _fetch(self) -> None:
        """Load it beside what goes on, once at a time."""
        if self._load is None or self._load.done():
            self._load = self._around.loading(self._loaded(), name="load the embedding model")

    async def _loaded(self) -> None:
        try:
            async with self._around.engines.lease(self._role):
                log.debug("the embedding model is there")
        except AppError as error:
            self._rest(str(error))

    def _rest(self, fault: str) -> None:
        log.info("questions are routed without their meaning for a while: %s", fault)
        self._fault = fault
        self._rests_until = self._around.clock() + REST_S


async def embedded(engines: Engines, role: RoleSpec, texts: Sequence[str]) -> list[Sequence[float]]:
    """Return the vectors of texts, however long it takes.

    Raises:
        AppError: the model cannot be had, or does not answer.
    """
    async with engines.lease(role) as server:
        return list(await server.client.embed(list(texts)))


def embedding_role(roster: Roster) -> RoleSpec | None:
    """Return the role that makes embeddings, if there is one."""
    return next((role for role in roster.roles if role.model.embeddings), None)
