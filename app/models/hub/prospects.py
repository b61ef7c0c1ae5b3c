"""A repository as a choice: each of its models with size, quantisation and a verdict for here."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.errors import HubError, ModelInvalid
from app.domain.gguf import GgufHeader
from app.domain.hub import Bundle, HubModel, Outcome, Profile, Verdict, bundles
from app.models.hub.headers import HeaderReader, Peek
from app.models.hub.hub import Hub
from app.models.hub.machine import Surveyor
from app.models.hub.verdict import Candidate, Machine, drafts_for, judge, profile

# A repository of more different models is a heap; the rest of it is shown without a verdict.
_PEEKS_MOST: Final = 6
# Bits of a weight in the size most people take, Q4_K_M.
_USUAL_BITS: Final = 4.85
# Headers of strangers may be long; so many are in memory at the same time.
_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Prospect:
    """One model to choose.

    `looked_at` is the label of the file whose header told this: its own, or that of another
    quantisation of the same model, '' if none was read; `problem` says why it could not be.
    """

    bundle: Bundle
    verdict: Verdict | None = None
    profile: Profile | None = None
    drafts_for: tuple[str, ...] = ()
    looked_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository and what there is to choose in it."""

    model: HubModel
    prospects: tuple[Prospect, ...]

    @property
    def favourite(self) -> Prospect | None:
        """The model most people would take: it runs best here, as large as it usually is."""
        models = (each for each in self.prospects if each.bundle.kind == "model")
        return min(models, key=_distance, default=None)


@dataclass(frozen=True, slots=True)
class _Here:
    """What a verdict depends on besides the model."""

    machine: Machine
    installed: Mapping[str, GgufHeader]
    context: int


class Prospector:
    """Looks into repositories before anything is downloaded."""

    def __init__(self, hub: Hub, reader: HeaderReader, surveyor: Surveyor) -> None:
        self._hub = hub
        self._reader = reader
        self._surveyor = surveyor
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def look(self, repo: str, context: int = 0) -> Repository:
        """Return what is in a repository.

        Args:
            repo: its name, or the address of its page.
            context: the window that is wanted, in tokens; 0 means an ordinary one.

        Raises:
            HubError: it is not there, or the hub did not answer.
        """
        model = await self._hub.model(repo)
        found = bundles(await self._hub.files(model))
        here = await self._here(context)
        looks = (self._judged(group, here) for group in _groups(found)[:_PEEKS_MOST])
        told = {bundle: each for judged in await asyncio.gather(*looks) for bundle, each in judged}
        return Repository(model, tuple(told.get(each) or _unseen(each) for each in found))

    async def look_at(self, bundle: Bundle, context: int = 0) -> Prospect:
        """Return what is to be expected of one model, by its own header.

        Raises:
            HubError: the hub did not give the header.
            ModelInvalid: it is none.
        """
        here = await self._here(context)
        return _prospect(bundle, bundle, await self._reader.peek(bundle), here)

    async def _here(self, context: int) -> _Here:
        installed = await self._surveyor.installed()
        return _Here(await self._surveyor.machine(), installed, max(0, context))

    async def _judged(self, group: list[Bundle], here: _Here) -> list[tuple[Bundle, Prospect]]:
        """Look at one of the sizes of a model; it tells what the others are like."""
        shown = group[len(group) // 2]
        try:
            async with self._turns:
                peek = await self._reader.peek(shown)
        except (HubError, ModelInvalid) as error:
            return [(each, Prospect(each, problem=str(error))) for each in group]
        return [(each, _prospect(each, shown, peek, here)) for each in group]


def _prospect(bundle: Bundle, shown: Bundle, peek: Peek, here: _Here) -> Prospect:
    candidate = Candidate(peek.header, bundle.size, shown.size)
    return Prospect(
        bundle,
        judge(candidate, here.machine, here.context),
        profile(peek.header),
        drafts_for(peek.header, here.installed),
        shown.label,
    )


def _distance(prospect: Prospect) -> tuple[int, float]:
    """Return how far a model is from what people usually want."""
    outcomes, verdict = list(Outcome), prospect.verdict
    place = outcomes.index(verdict.outcome) if verdict else len(outcomes)
    size, told = prospect.bundle.size, prospect.profile
    if place >= outcomes.index(Outcome.UNFIT) or not size or told is None or not told.parameters:
        return place, size
    return place, abs(math.log(8 * size / told.parameters / _USUAL_BITS))


def _groups(found: list[Bundle]) -> list[list[Bundle]]:
    """Return the whole models, all sizes of one together."""
    groups: dict[str, list[Bundle]] = {}
    for bundle in found:
        if bundle.kind == "model" and bundle.is_complete:
            groups.setdefault(bundle.stem, []).append(bundle)
    return list(groups.values())


def _unseen(bundle: Bundle) -> Prospect:
    if bundle.is_complete:
        return Prospect(bundle)
    why = "not all of its parts are there"
    return Prospect(bundle, Verdict(Outcome.CANNOT, why))
