"""How a registry names models: short names no other has, and paths that hold on any computer."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.models.library import STARTER_PREFIX
from app.platform.paths import Paths

_NO_WORD: Final = re.compile(r"[^\w.-]+")


def written(path: Path, paths: Paths) -> str:
    """Return a path as it stands in a registry: for this user on any computer."""
    if path.parent == paths.resources / "models":
        return f"{STARTER_PREFIX}{path.name}"
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def free_name(called: str, taken: Iterable[str]) -> str:
    """Return a short name for a model that no other has."""
    plain = _NO_WORD.sub("-", called).strip("-.").lower() or "model"
    names = set(taken)
    numbered = (f"{plain}-{number}" for number in range(2, len(names) + 3))
    return plain if plain not in names else next(each for each in numbered if each not in names)
