"""Small models on a disk of their own, and a library that looks at them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import numpy as np

from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.shelf import Item, Survey
from app.models.identity import Identities
from app.models.shelf.records import ShelfRecords
from app.models.shelf.removal import Removals
from app.models.shelf.shelf import Grounds, Shelf
from app.platform.storage import Database
from tests.zoo.gguf_file import Value, write


def make(path: Path, *, name: str = "Tiny Model", seed: int = 0, **more: Value) -> Path:
    """Write a model of a few hundred bytes; another seed has other weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata: dict[str, Value] = {
        "general.architecture": "llama",
        "general.name": name,
        "llama.context_length": 2048,
        "llama.block_count": 1,
        **more,
    }
    weights = np.full((4, 8), float(seed), dtype=np.float32)
    write(path, metadata, {}, {"token_embd.weight": weights})
    return path


def no_roster() -> Roster:
    return Roster(roles=(), default_role="", source="test")


def roster(path: Path, draft: Path | None = None) -> Roster:
    model = ModelSpec(name="m", path=path, draft=draft)
    return Roster(
        roles=(RoleSpec(name="front", tier=Tier.A, model=model),),
        default_role="front",
        source="test",
    )


@asynccontextmanager
async def library(
    root: Path, *, environ: Mapping[str, str] | None = None, roles: Roster | None = None
) -> AsyncIterator[Shelf]:
    """Open a library whose home, folders and database all lie below `root`."""
    database = Database(root / "echelon.db", root / "backups")
    await database.open()
    numbers, ids = count(1), count(1)
    own, shipped = root / "own", root / "shipped"
    shipped.mkdir(exist_ok=True)
    try:
        yield Shelf(
            Grounds(own, shipped, root / "home", environ or {}),
            ShelfRecords(database),
            Identities(root / "ids.json"),
            Removals(own, roles or no_roster(), lambda: f"token-{next(ids)}"),
            lambda: float(next(numbers)),
        )
    finally:
        await database.close()


def by_name(survey: Survey) -> dict[str, Item]:
    return {item.handle: item for item in survey.items}
