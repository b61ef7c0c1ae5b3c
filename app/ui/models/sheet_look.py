"""A look at what the form would mean: whether it can be followed, and what it would load."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.benching import Benchmark
from app.domain.models import Roster
from app.engines.residency.company import Member
from app.engines.speculation.pairing import Pairing
from app.models.casting import Candidate
from app.models.form import Form
from app.models.loads import Load
from app.models.manager import ModelManager
from app.ui.models.role_rows import model_of


@dataclass(frozen=True, slots=True)
class Look:
    """The roles as they would be, and their memory; of the chosen one's model who can draft for it.

    `measured` is what it did here as it is loaded now.
    """

    roster: Roster
    members: tuple[Member, ...]
    budget: int
    load: Load | None = None
    pairings: Mapping[Path, Pairing] = field(default_factory=dict)
    measured: Benchmark | None = None


async def look(
    manager: ModelManager, form: Form, role: str, candidates: Iterable[Candidate]
) -> Look:
    """Return what the form would mean for a role; nothing is written and nothing is loaded.

    Raises:
        RegistryInvalid: it cannot be followed.
    """
    roster = await asyncio.to_thread(manager.editor.preview, form.changes)
    members, budget = await manager.loads.everybody(roster)
    load = await manager.loads.of(roster, model_of(form, roster, role))
    if load is None:
        return Look(roster, members, budget)
    paths = [each.path for each in candidates if each.path is not None]
    pairings = await manager.loads.drafters(load.model.path, paths)
    known = await manager.bench.known()
    measured = next((each for each in known if each.model == load.model.name), None)
    return Look(roster, members, budget, load, pairings, measured)
