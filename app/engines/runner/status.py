"""How the process is doing, for `/health`: written by the owner's thread, read by the front."""

from dataclasses import dataclass
from enum import StrEnum

from app.engines.runner.failures import LoadFailed


class Phase(StrEnum):
    """How far the model is."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class Counters:
    """Evaluations, generated tokens and evaluated prompt tokens since the start."""

    steps: int = 0
    tokens: int = 0
    evaluated: int = 0
    busy: int = 0


@dataclass(slots=True)
class Status:
    """The phase, the loaded fraction, and the counters."""

    counters: Counters
    phase: Phase = Phase.LOADING
    progress: float = 0.0
    failure: LoadFailed | None = None

    def fail(self, failure: LoadFailed) -> None:
        """The model cannot be served."""
        self.failure = failure
        self.phase = Phase.FAILED

    def report(self, queued: int) -> dict[str, object]:
        """Return the body of `/health`."""
        counters = self.counters
        body: dict[str, object] = {
            "status": self.phase.value,
            "progress": round(self.progress, 4),
            "steps": counters.steps,
            "tokens": counters.tokens,
            "evaluated": counters.evaluated,
            "busy": counters.busy,
            "queued": queued,
        }
        if self.failure is not None:
            body["error"] = {"code": self.failure.code, "message": self.failure.message}
        return body
