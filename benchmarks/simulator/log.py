"""The event log of one run: everything that happened, byte for byte the same for a seed."""

import hashlib
import json
import re
from dataclasses import fields
from typing import Any, Final, TextIO

from pydantic import BaseModel

from app.domain.events import (
    AttemptEnded,
    Event,
    RouteChosen,
    ServerStateChanged,
    TurnCancelled,
    TurnFailed,
    TurnFinished,
    VersionStarted,
)
from app.domain.routing import LedgerRecord
from app.platform.bus import Bus
from benchmarks.simulator.clock import now

# Stages and single words would be most of it and say nothing more.
KEPT: Final = (
    RouteChosen,
    AttemptEnded,
    VersionStarted,
    TurnFinished,
    TurnFailed,
    TurnCancelled,
    ServerStateChanged,
)


# The gate works in real time, which is no part of the simulated one.
_REAL: Final = re.compile(r'"judged": [-+.e\d]+')


class EventLog:
    """Writes lines of JSON, or only sums them up."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.lines = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of all lines so far."""
        return self._sum.hexdigest()

    def listen(self, bus: Bus) -> None:
        """Take in what the core says."""
        bus.on(Event, self._heard)

    def note(self, record: LedgerRecord) -> None:
        """Take in a row of the ledger."""
        self.write(f"row of {type(record).__name__}", record.model_dump(mode="json"))

    def write(self, kind: str, data: Any) -> None:  # noqa: ANN401 - anything JSON can say
        """Add a line."""
        line = json.dumps({"at": round(now(), 6), "kind": kind, "data": data}, default=_plain)
        line = _REAL.sub('"judged": 0.0', line)
        self._sum.update(line.encode() + b"\n")
        self.lines += 1
        if self._file is not None:
            self._file.write(line + "\n")

    def _heard(self, event: Event) -> None:
        if isinstance(event, KEPT):
            data = {each.name: getattr(event, each.name) for each in fields(event)}
            self.write(type(event).__name__, data)


def _plain(value: object) -> Any:  # noqa: ANN401 - anything JSON can say
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)
