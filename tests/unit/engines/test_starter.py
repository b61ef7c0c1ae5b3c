"""Waiting for an engine that loads: on a busy computer it may be late to say how far it is."""

from typing import Any

from app.domain.errors import EngineStalled
from app.domain.events import ServerState
from app.engines.base import Health, ModelCard
from app.engines.starter import _until_ready


class Late:
    """Does not answer in time at first; then it loads, then it is ready."""

    def __init__(self) -> None:
        self.said: list[Health | None] = [
            None,
            Health(status="loading", progress=0.5),
            None,
            Health(status="ready", progress=1.0),
        ]

    async def health(self) -> Health:
        said = self.said.pop(0)
        if said is None:
            raise EngineStalled("The engine does not react.")
        return said

    async def card(self) -> tuple[str, ModelCard]:
        return "alias", ModelCard(n_ctx=512)


async def test_a_late_answer_ends_no_load() -> None:
    told: list[tuple[ServerState, float | None]] = []
    client: Any = Late()
    card = await _until_ready(client, "alias", lambda state, done, _: told.append((state, done)))
    assert card.n_ctx == 512
    assert told == [(ServerState.LOADING, 0.5)]
