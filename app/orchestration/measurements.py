"""What was measured of models, joined from all who measure, and the registry that says it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from app.domain.benching import Rates, Verifying
from app.domain.errors import RegistryInvalid
from app.domain.models import Measured, ModelSpec, Roles, Roster
from app.engines.residency.sizes import Sizes
from app.models.export import full_registry
from app.orchestration.router.speeds import Speeds

Benched = Callable[[ModelSpec], Awaitable[Rates | None]]

_RATES: Final = {"prefill_tokens_s", "decode_tokens_s"}


@dataclass(frozen=True)
class Meters:
    """Who measures: how fast models answer, what memory they take, and what they can do alone.

    `benched` tells what a measurement found: what a model can do while nothing else runs.
    """

    speeds: Speeds
    sizes: Sizes
    benched: Benched

    async def of(self, model: ModelSpec) -> Measured | None:
        """Return what was measured of a model here, or what the registry told before."""
        told = model.measured.model_dump(exclude_none=True) if model.measured else {}
        speed = self.speeds.measured.get(model.name)
        if speed is not None:
            told |= {"decode_tokens_s": speed.written_s}
            told |= {"prefill_tokens_s": speed.read_s} if speed.read_s else {}
            told |= {"load_s": speed.load_s} if speed.load_s else {}
        rates = await self.benched(model)
        if rates is not None:
            told |= rates.model_dump(include=_RATES, exclude_none=True)
            told |= _verifying(rates.verifying)
        seen = await self.sizes.seen(model)
        if seen is not None:
            told |= {"bytes": seen.measured, "load_s": seen.load_s}
        return Measured.model_validate(told) if told else None


def _verifying(found: Verifying | None) -> dict[str, Any]:
    """Return what checking drafts takes as a registry says it, if it was measured."""
    if found is None or 1 not in found.milliseconds or not found.threads:
        return {}
    times = {0: found.milliseconds, **found.longer}
    return {"verifying": {"threads": found.threads, "milliseconds": times}}


def expect(speeds: Speeds, model: ModelSpec, rates: Rates) -> None:
    """Let the router go by a measurement, until answers tell more."""
    speeds.expect(model.name, rates.prefill_tokens_s, rates.decode_tokens_s or 0.0, 0.0)


async def recall(
    speeds: Speeds, roster: Roles, benched: Benched, ready: Callable[[], Awaitable[None]]
) -> None:
    """Let the router go by the measurements of earlier runs, once it has learned from answers."""
    await ready()
    for model in {role.model.name: role.model for role in roster.roles}.values():
        rates = await benched(model)
        if rates is not None:
            expect(speeds, model, rates)


class RegistryRequest(BaseModel):
    """Asks for the whole registry, with what was measured."""

    model_config = ConfigDict(extra="forbid")

    op: str


class RegistryDesk:
    """Answers requests for the registry."""

    def __init__(
        self,
        load: Callable[[], Roster],
        meters: Meters,
        resources: Path,
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        """Join what the registry is made from.

        Args:
            load: reads the registry as it stands in its file, without settings.
            meters: what was measured.
            resources: where the shipped models are.
            ready: returns when earlier runs have been learned from.
        """
        self._ready = ready
        self._load = load
        self._meters = meters
        self._resources = resources

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the full registry as text, and how many models were measured.

        Raises:
            RegistryInvalid: there is no file, or it cannot be followed any more.
        """
        RegistryRequest.model_validate(request)
        await self._ready()
        roster = self._load()
        models = {role.model.name: role.model for role in roster.roles}
        found = {name: await self._meters.of(model) for name, model in models.items()}
        measured = {name: told for name, told in found.items() if told is not None}
        text = full_registry(_text(roster), roster, measured, resources=self._resources)
        return {"text": text, "models": len(found), "measured": len(measured)}


def _text(roster: Roster) -> str:
    try:
        return Path(roster.source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryInvalid(
            f"The model registry {roster.source} cannot be read.",
            remedy="Mock mode has no registry; else check that the file is still there.",
        ) from error
