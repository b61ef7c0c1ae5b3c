"""Puts a set into the registry: its models, who has which role, who drafts for whom.

Roles that are no part of it keep the models they have. A registry that took its models from the
library names them from then on.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.domain.models import ModelSpec, Roster, Tier
from app.domain.registry import RegistryFile
from app.models.editing import Change
from app.models.naming import free_name, written
from app.models.sets.catalogue import Entry
from app.models.sets.choosing import EMBEDDED, TIERS, Plan
from app.models.sets.words import ROLES
from app.platform.paths import Paths


class Adoption:
    """What changes in one registry for one set; reads and writes nothing."""

    def __init__(self, registry: RegistryFile, roster: Roster, paths: Paths) -> None:
        """Change this registry, whose roles are these now."""
        self._registry = registry
        self._roster = roster
        self._paths = paths

    def changes(self, plan: Plan, held: Mapping[str, Path]) -> Iterator[Change]:
        """Yield all changes.

        Args:
            plan: the set.
            held: the file of each of its models, by its name in the catalogue.
        """
        names = {entry.name: self._name(entry, held[entry.name]) for entry in plan.files}
        for entry in plan.files:
            yield from self._model(plan, entry, names, held[entry.name])
        for role in ROLES:
            if (cast := plan.model_of(role)) is not None:
                yield from self._role(role, names[cast.name])
        if not self._registry.full:
            yield Change(("mode",), "full")
            yield from self._kept(plan)

    def in_use(self, plan: Plan, held: Mapping[str, Path]) -> bool:
        """Whether every role of a set has its model already."""
        for role in ROLES:
            entry, now = plan.model_of(role), self._roster.find(role)
            if entry is None:
                continue
            if now is None or now.model.path != held.get(entry.name):
                return False
        return True

    def _model(
        self, plan: Plan, entry: Entry, names: Mapping[str, str], path: Path
    ) -> Iterator[Change]:
        place, drafter = ("models", names[entry.name]), plan.drafter(entry)
        context = EMBEDDED if entry.embeddings else plan.context
        yield Change((*place, "path"), written(path, self._paths))
        yield Change((*place, "context"), min(context, entry.context))
        if entry.embeddings:
            yield Change((*place, "embeddings"), value=True)
        else:
            draft = names[drafter.name] if drafter else "none"
            yield Change((*place, "acceleration", "draft"), draft)

    def _role(self, role: str, model: str) -> Iterator[Change]:
        place, now = ("roles", role), self._roster.find(role)
        if role not in self._registry.roles:
            yield Change((*place, "tier"), TIERS.get(role, Tier.D).value)
        yield Change((*place, "model"), model)
        if now is not None and self._is_shipped(now.model):
            # What suits the starter models, such as short answers, would fetter others.
            yield Change((*place, "sampling"))

    def _kept(self, plan: Plan) -> Iterator[Change]:
        """Yield what names the models that came from the library."""
        for role in self._registry.roles:
            now = self._roster.find(role)
            if plan.model_of(role) is not None:
                continue
            if now is None:
                yield Change(("roles", role))  # it has no model, and a full registry wants one
                continue
            yield Change(("models", now.model.name), self._entry(now.model))
            yield Change(("roles", role, "model"), now.model.name)

    def _entry(self, model: ModelSpec) -> dict[str, Any]:
        told = {"path": written(model.path, self._paths), "context": model.context}
        return told | ({"embeddings": True} if model.embeddings else {})

    def _name(self, entry: Entry, path: Path) -> str:
        """Return what the registry calls a model: as before, or a name no other has."""
        models = self._registry.models
        known = {written(path, self._paths), str(path)}
        named = next((name for name, each in models.items() if each.path in known), "")
        return named or free_name(entry.name, models)

    def _is_shipped(self, model: ModelSpec) -> bool:
        return model.path.parent == self._paths.resources / "models"
