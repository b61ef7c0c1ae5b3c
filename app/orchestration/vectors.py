"""Vectors of memories, by the model that makes embeddings here: at leisure, and never elsewhere."""

from collections.abc import Callable, Sequence
from typing import Final

from app.domain.errors import RoleUnknown
from app.domain.models import ModelSpec, RoleSpec
from app.engines.fleet import Engines
from app.engines.residency.outlook import Outlook
from app.memory.brief import NO_MODEL
from app.orchestration.router.meaning import embedded

ELSEWHERE: Final = "memories are not sent elsewhere to be found by meaning"
_REMEDY: Final = "Give a role of tier D an embedding model of this computer."


class Vectors:
    """Makes vectors where nobody waits for them; the model is loaded if nobody has to leave."""

    def __init__(
        self,
        role: RoleSpec | None,
        engines: Engines,
        standing: Callable[[ModelSpec], Outlook],
        identify: Callable[[ModelSpec], str],
    ) -> None:
        """Ask the model of `role`.

        Args:
            role: makes embeddings; None where no role does.
            engines: lend servers.
            standing: what memory a model would take.
            identify: the hash of a model's file.
        """
        self._role = role
        self._engines = engines
        self._standing = standing
        self._identify = identify

    @property
    def id(self) -> str:
        """The hash of the model's file, '' when there is none that may be asked."""
        role = self._role
        if role is None or role.model.engine == "remote":
            return ""
        return self._identify(role.model)

    def why_not(self) -> str:
        """Return why it cannot be asked now, or ''."""
        if self._role is None:
            return NO_MODEL
        if self._role.model.engine == "remote":
            return ELSEWHERE
        outlook = self._standing(self._role.model)
        if outlook.why_not:
            return outlook.why_not
        if not outlook.resident and outlook.debt_s > 0:
            return "others would have to leave memory for the embedding model"
        return ""

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return one vector per text, in order.

        Raises:
            AppError: the model cannot be had, or does not answer.
        """
        if self._role is None or not self.id:
            raise RoleUnknown(f"There are no vectors: {self.why_not()}.", remedy=_REMEDY)
        return await embedded(self._engines, self._role, texts)
