"""What loading the models of a plan would mean: memory, who can draft, the command. Loads none."""

import asyncio
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.gguf import GgufHeader
from app.domain.models import ModelSpec, RoleSpec, Roster
from app.engines.residency.company import Company, Member, company
from app.engines.residency.forecast import Shares, shares
from app.engines.residency.sizes import Size
from app.engines.speculation.pairing import Pairing, pair
from app.models.headers import Headers


@dataclass(frozen=True, slots=True)
class LoadsGround:
    """Who is asked: the size of a model, the bytes all may have, the command that starts one."""

    weigh: Callable[[ModelSpec], Awaitable[Size]]
    obtainable: Callable[[], int]
    command: Callable[[RoleSpec], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Load:
    """A model as it would be loaded: what its memory is for, and who is beside it.

    `missing` means that its file cannot be read, so that nothing is known.
    """

    model: ModelSpec
    shares: Shares
    company: Company
    missing: bool


class Loads:
    """Answers for any roster, also for one that nobody has saved yet."""

    def __init__(self, ground: LoadsGround, headers: Headers) -> None:
        self._ground = ground
        self._headers = headers

    async def of(self, roster: Roster, name: str) -> Load | None:
        """Return what loading a model means; None for one elsewhere or that no role uses."""
        models = _local(roster)
        wanted = models.pop(name, None)
        if wanted is None:
            return None
        member = await self._member(wanted, roster)
        others = [await self._member(each, roster) for each in models.values()]
        found = company(member, others, self._ground.obtainable())
        return Load(
            model=wanted,
            shares=await asyncio.to_thread(shares, wanted),
            company=found,
            missing=await asyncio.to_thread(self._headers.of, wanted.path) is None,
        )

    async def everybody(self, roster: Roster) -> tuple[tuple[Member, ...], int]:
        """Return all models of a roster that are loaded here, and the bytes all may have."""
        members = [await self._member(each, roster) for each in _local(roster).values()]
        return tuple(members), self._ground.obtainable()

    async def drafters(self, target: Path, candidates: Iterable[Path]) -> dict[Path, Pairing]:
        """Return for every candidate whether it can draft for the model in `target`."""
        return await asyncio.to_thread(self._pairings, target, list(candidates))

    async def command_line(self, role: RoleSpec) -> str:
        """Return the command that would start a role's model, as a shell reads it.

        Raises:
            AppError: it cannot be started here at all.
        """
        command = list(await self._ground.command(role))
        windows = sys.platform == "win32"
        return subprocess.list2cmdline(command) if windows else shlex.join(command)

    async def _member(self, model: ModelSpec, roster: Roster) -> Member:
        size = await self._ground.weigh(model)
        return Member(model.name, size.bytes, size.reload_s, model.name in roster.pinned)

    def _pairings(self, target: Path, candidates: list[Path]) -> dict[Path, Pairing]:
        own = self._headers.of(target)
        return {path: self._pairing(own, path) for path in candidates}

    def _pairing(self, target: GgufHeader | None, path: Path) -> Pairing:
        candidate = self._headers.of(path)
        if candidate is None:
            return Pairing("its file cannot be read")
        if target is None:
            return Pairing("the model it would draft for cannot be read")
        return pair(target, candidate)


def _local(roster: Roster) -> dict[str, ModelSpec]:
    """Return the models that are loaded on this computer, by name."""
    models = {role.model.name: role.model for role in roster.roles}
    return {name: each for name, each in models.items() if each.engine != "remote"}
