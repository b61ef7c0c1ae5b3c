"""How the process is doing, for `/health`: written by the owner's thread, read by the front."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.engines.runner.failures import LoadFailed
from app.engines.runner.generation import Tally


class Phase(StrEnum):
    """How far the model is."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class Counters:
    """What was done since the start: evaluations, tokens of answers and of prompts, requests."""

    steps: int = 0
    tokens: int = 0
    evaluated: int = 0
    busy: int = 0
    held: int = 0  # tokens in the cache
    requests: dict[str, int] = field(default_factory=dict)  # by how they ended
    cached: int = 0
    drafted: int = 0
    accepted: int = 0

    def ended(self, reason: str, tally: Tally) -> None:
        """Count a request that is over."""
        self.requests[reason] = self.requests.get(reason, 0) + 1
        self.cached += tally.cached
        self.drafted += tally.drafted
        self.accepted += tally.draft_accepted


@dataclass(slots=True)
class Status:
    """The phase, the loaded fraction, and the counters."""

    counters: Counters
    phase: Phase = Phase.LOADING
    progress: float = 0.0
    failure: LoadFailed | None = None
    note: str = ""  # what takes longer than usual, in words

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
            "note": self.note,
            "steps": counters.steps,
            "tokens": counters.tokens,
            "evaluated": counters.evaluated,
            "busy": counters.busy,
            "queued": queued,
        }
        if self.failure is not None:
            body["error"] = {"code": self.failure.code, "message": self.failure.message}
        return body
