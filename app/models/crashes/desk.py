"""Answers why a model's engine ended last, from the log that it has left on disk."""

import asyncio
import getpass
import platform
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from app import __version__
from app.domain.errors import ModelMissing, RequestInvalid
from app.domain.gguf import GgufError, read_header
from app.domain.models import ModelSpec, Roles
from app.domain.names import printable
from app.engines.enginelog import log_file
from app.models.crashes.applying import Remedies
from app.models.crashes.diagnosis import Diagnosis, diagnose
from app.models.crashes.report import Surroundings, report, scrubbed

Query = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

_READ_BYTES: Final = 256 << 10
_STAMP: Final = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ")
_STARTED: Final = re.compile(r"-- process \d+ started for ")
_ENDED: Final = re.compile(r"-- process \d+ ended with status (-?\d+)")


class CrashRequest(BaseModel):
    """Asks for the last end of a model's engine; `name` is the model's or a role's."""

    model_config = ConfigDict(extra="forbid")

    op: str
    name: str


class RemedyRequest(CrashRequest):
    """Asks for one of the remedies to be applied, by its number in the answer."""

    number: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an engine as its log tells it; `status` None means that nobody saw its end."""

    lines: tuple[str, ...]
    status: int | None


class CrashDesk:
    """Knows where the logs are, whose models they are about, and who can help."""

    def __init__(self, logs: Path, roster: Roles, remedies: Remedies) -> None:
        self._logs = logs
        self._roster = roster
        self._remedies = remedies

    def queries(self) -> dict[str, Query]:
        """Return what can be asked, by operation."""
        return {"models crash": self.answer, "models remedy": self.apply}

    async def apply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Apply a remedy and return what was done.

        Raises:
            ModelMissing: there is no such model, or it never ran.
            RequestInvalid: there is no remedy of that number.
            AppError: it cannot be applied.
        """
        asked = RemedyRequest.model_validate(request)
        model = self._model(asked.name)
        _, found = await asyncio.to_thread(self._found, model)
        remedies = found.remedies if found else ()
        if not 0 < asked.number <= len(remedies):
            raise RequestInvalid(
                f"There is no remedy {asked.number} for {model.name}.",
                remedy="`echelon models doctor` numbers them.",
            )
        applied = await self._remedies.apply(model, remedies[asked.number - 1])
        return {"model": model.name, **applied.model_dump(mode="json")}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return why an engine ended last, what helps, and a report to copy.

        Raises:
            ModelMissing: there is no such model, or it never ran.
        """
        asked = CrashRequest.model_validate(request)
        return await self.of(self._model(asked.name))

    async def of(self, model: ModelSpec) -> dict[str, Any]:
        """Return the same of a model that need not be in the registry.

        Raises:
            ModelMissing: it never ran.
        """
        return await asyncio.to_thread(self._told, model)

    def _model(self, name: str) -> ModelSpec:
        for role in self._roster.roles:
            if name in {role.name, role.model.name}:
                return role.model
        named = ", ".join(role.name for role in self._roster.roles)
        raise ModelMissing(
            f"There is no role or model “{printable(name)}”.", remedy=f"Roles here: {named}."
        )

    def _told(self, model: ModelSpec) -> dict[str, Any]:
        run, found = self._found(model)
        if found is None or run.status is None:
            return {"model": model.name, "code": "running", "cause": "", "remedies": []}
        around = surroundings()
        return {
            "model": model.name,
            "status": run.status,
            **found.model_dump(mode="json"),
            "remedies": [
                {**each.model_dump(mode="json"), "applies": self._remedies.applies(model, each)}
                for each in found.remedies
            ],
            "evidence": scrubbed(found.evidence, around),
            "report": report(model, run.status, run.lines, found, around),
        }

    def _found(self, model: ModelSpec) -> tuple[Run, Diagnosis | None]:
        """Return the last run of a model's engine, and why it ended if it did."""
        run = last_run(_tail(log_file(self._logs, model.name)))
        if run is None:
            raise ModelMissing(
                f"The engine of {model.name} has not run yet, so it left no log.",
                remedy="Ask it something first.",
            )
        if run.status is None:
            return run, None
        return run, diagnose(model, run.status, run.lines, _layers(model.path))


def last_run(lines: Sequence[str]) -> Run | None:
    """Return the last run of a log."""
    plain = [_STAMP.sub("", line) for line in lines]
    starts = [at for at, line in enumerate(plain) if _STARTED.match(line)]
    if not plain:
        return None
    kept = plain[starts[-1] + 1 if starts else 0 :]
    for at, line in enumerate(kept):
        if match := _ENDED.match(line):
            return Run(tuple(kept[:at]), int(match[1]))
    return Run(tuple(kept), None)


def surroundings() -> Surroundings:
    """Return what is said of this computer, and what must not be."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody knows who we are
        user = ""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Surroundings(__version__, system, str(Path.home()), user, socket.gethostname())


def lines(answer: dict[str, Any]) -> list[str]:
    """Return an end in words for a terminal."""
    if answer["code"] == "running":
        return [f"The engine of {answer['model']} runs, or its end was not seen."]
    told = [answer["cause"]]
    if answer["evidence"]:
        told.append(f"The log says: {printable(answer['evidence'], 300)}")
    for number, each in enumerate(answer["remedies"], start=1):
        told.append(f"{number}. {each['words']}" if each["applies"] else f"-  {each['words']}")
    if any(each["applies"] for each in answer["remedies"]):
        told.append("`--apply NUMBER` does what stands behind a number.")
    return [*told, "", "Report:", *(printable(line, 300) for line in answer["report"].split("\n"))]


def applied_lines(answer: dict[str, Any]) -> list[str]:
    """Return what was done, for a terminal."""
    return [answer["words"]]


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _READ_BYTES))
            return stream.read().decode(errors="replace").splitlines()
    except OSError:
        return []


def _layers(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            return read_header(stream, size=path.stat().st_size).block_count
    except (OSError, GgufError):
        return 0
