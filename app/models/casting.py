"""Which models a role can have: those the registry names, and those that are installed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.shelf import Item, Kind
from app.models.form import Form
from app.models.naming import free_name, written
from app.models.registry import located
from app.platform.paths import Paths

# A window that most people want and most computers can give.
USUAL_CONTEXT: Final = 4096
_LEAST_CONTEXT: Final = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be given to a role.

    `name` is what the registry calls it, '' where it does not know it yet; `path` is None for a
    model elsewhere; `item` is what the library has found of it.
    """

    name: str
    path: Path | None
    item: Item | None = None
    embeds: bool = False


class Casting:
    """Joins what a registry names with what is installed; reads and writes nothing."""

    def __init__(self, paths: Paths, target: Path) -> None:
        """Read paths as the registry at `target` means them."""
        self._paths = paths
        self._target = target

    def candidates(self, form: Form, items: Iterable[Item]) -> tuple[Candidate, ...]:
        """Return every model once: those of the registry first, then the others."""
        usable = {each.path: each for each in items if _usable(each)}
        named = [self._named(name, entry, usable) for name, entry in form.models.items()]
        known = {each.path for each in named}
        others = (
            Candidate("", path, item, _embeds(item))
            for path, item in usable.items()
            if path not in known
        )
        return (*named, *others)

    def take(self, form: Form, candidate: Candidate) -> str:
        """Return the name of a model in the registry; it comes in if it is not there yet."""
        if candidate.name or candidate.item is None:
            return candidate.name
        name = free_name(candidate.item.handle, form.models)
        for key, value in self._entry(candidate.item):
            form.put(("models", name, key), value)
        return name

    def _named(self, name: str, entry: dict[str, Any], usable: dict[Path, Item]) -> Candidate:
        text = entry.get("path")
        path = located(text, self._target, self._paths) if isinstance(text, str) and text else None
        embeds = entry.get("embeddings") is True
        return Candidate(name, path, usable.get(path) if path else None, embeds)

    def _entry(self, item: Item) -> Iterator[tuple[str, Any]]:
        yield "path", written(item.path, self._paths)
        yield "context", usual_context(item)
        if _embeds(item):
            yield "embeddings", True


def usual_context(item: Item) -> int:
    """Return the window a model begins with: an ordinary one, but not more than it was made for."""
    trained = item.card.context if item.card else 0
    return max(_LEAST_CONTEXT, min(USUAL_CONTEXT, trained or USUAL_CONTEXT))


def _usable(item: Item) -> bool:
    kinds = {Kind.TEXT, Kind.EMBEDDING}
    return not item.problem and item.card is not None and item.card.kind in kinds


def _embeds(item: Item) -> bool:
    return item.card is not None and item.card.kind is Kind.EMBEDDING
