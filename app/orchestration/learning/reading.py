"""Turns read at idle for what they tell: by a worker that is free, in the form that is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.chat import ChatMessage
from app.domain.errors import RoleUnknown
from app.domain.models import RoleSpec, Roster, Tier
from app.orchestration.learning.asking import Asking


class Reading:
    """Asks a model of tier C, or of the next lower one that can be asked without a price."""

    def __init__(self, asking: Asking, roster: Roster) -> None:
        """Ask roles of `roster`."""
        self._asking = asking
        self._roster = roster

    async def __call__(
        self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
    ) -> str:
        """Return an answer as JSON of a form.

        Raises:
            AppError: nobody can be asked now.
        """
        thread = [ChatMessage.model_validate(each) for each in messages]
        for role in self._readers():
            answer = await self._asking.answer(role.name, thread, schema)
            if answer is not None:
                return answer.text
        raise RoleUnknown("No worker can read turns now.", remedy="It is tried again later.")

    def _readers(self) -> list[RoleSpec]:
        wanted = [each for each in self._roster.answering if each.tier in {Tier.C, Tier.A}]
        free = [each for each in wanted if self._asking.free(each)]
        return sorted(free, key=lambda each: each.tier is not Tier.C)
