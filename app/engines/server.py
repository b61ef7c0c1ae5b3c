"""One engine process with one loaded model, ready to answer."""

from typing import TYPE_CHECKING

from app.domain.errors import AppError, EngineDied
from app.domain.events import ServerState
from app.domain.models import ModelSpec
from app.engines.base import ModelCard
from app.engines.exits import decode
from app.engines.process import EngineProcess

if TYPE_CHECKING:
    from app.engines.client import EngineClient

# A broken connection is seen a moment before the process is reaped.
_OBITUARY_S = 1.0


class Server:
    """What a turn works with; it is valid for one life of the process."""

    def __init__(
        self,
        model: ModelSpec,
        process: EngineProcess,
        client: "EngineClient",
        card: ModelCard,
        notes: tuple[str, ...] = (),
    ) -> None:
        """Stand for a process that is ready; `notes` say what is otherwise than wished."""
        self.model = model
        self.notes = notes
        self.process = process
        self.client = client
        self.card = card

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def context(self) -> int:
        """How many tokens question and answer may have together."""
        return self.card.n_ctx or self.model.context

    @property
    def alive(self) -> bool:
        """Whether the process runs and nobody is ending it."""
        return self.process.returncode is None and not self.process.stopping

    @property
    def state(self) -> ServerState:
        """READY until the process ends."""
        if self.process.stopping:
            ended = self.process.returncode is not None
            return ServerState.STOPPED if ended else ServerState.STOPPING
        return ServerState.READY if self.alive else ServerState.CRASHED


async def obituary(process: EngineProcess) -> AppError | None:
    """Return why a process whose connection broke has ended, or None when it still runs."""
    if process.stopping:
        return EngineDied(
            "The engine was stopped while it was answering.",
            remedy="Try again: it is started anew.",
        )
    returncode = await process.ends_within(_OBITUARY_S)
    if returncode is None:
        return None
    return decode(returncode, process.log.tail(), loading=False).error
