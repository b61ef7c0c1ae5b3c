"""Who is measured: a role's model, or a file as it would be loaded."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import BenchRefused
from app.domain.models import ModelSpec, Roles, RoleSpec, Tier
from app.domain.shelf import Item, Kind
from app.engines.launch import default_threads
from app.models.shelf.bringing import require_usable

# How a file is loaded that no role has: most of its window would only cost memory.
_CONTEXT: Final = 4096
_LEAST_CONTEXT: Final = 64


@dataclass(frozen=True)
class Subjects:
    """Finds who is meant; `locate` looks into the library, and at files outside of it."""

    roster: Roles
    locate: Callable[[str], Awaitable[Item]]

    async def of(self, name: str) -> RoleSpec:
        """Return a role with the model that a name or a path stands for.

        Raises:
            ModelError: there is no such model, or it cannot be used.
            BenchRefused: it is no model that could be measured here.
        """
        for role in self.roster.roles:
            if name in {role.name, role.model.name}:
                return _local(role)
        item = await self.locate(name)
        require_usable(item)
        for role in self.roster.roles:
            if role.model.engine != "remote" and role.model.path == item.path:
                return role
        return RoleSpec(name=item.handle, tier=Tier.C, model=self._loaded(item))

    def known(self, model: ModelSpec) -> bool:
        """Whether a role has this model; others leave memory once they are measured."""
        return any(role.model == model for role in self.roster.roles)

    def _loaded(self, item: Item) -> ModelSpec:
        assert item.card is not None
        if item.card.kind not in {Kind.TEXT, Kind.EMBEDDING}:
            raise BenchRefused(
                f"{item.name} neither answers nor makes embeddings.",
                remedy="Measure the model it belongs to.",
            )
        taken = {role.model.name for role in self.roster.roles}
        name = f"{item.handle} (file)" if item.handle in taken else item.handle
        context = max(_LEAST_CONTEXT, min(_CONTEXT, item.card.context or _CONTEXT))
        embeds = item.card.kind is Kind.EMBEDDING
        return ModelSpec(name=name, path=item.path, context=context, embeddings=embeds)


def setting(model: ModelSpec) -> str:
    """Return in words how a model is loaded, as far as its speed hangs on that."""
    parts = [
        model.engine,
        f"{model.threads or default_threads()} threads",
        f"context {model.context:,}",
    ]
    if model.gpu_layers >= 0:
        parts.append(f"{model.gpu_layers} layers on the graphics device")
    if (model.kv_keys, model.kv_values) != ("f16", "f16"):
        parts.append(f"the past in {model.kv_keys} and {model.kv_values}")
    if model.draft is not None and model.speculation:
        parts.append(f"drafts from {Path(model.draft).stem}")
    return ", ".join(parts)


def _local(role: RoleSpec) -> RoleSpec:
    if role.model.engine == "remote":
        raise BenchRefused(
            f"{role.model.name} runs on another computer; there is nothing to measure here.",
            remedy="How fast it answers is learned from its answers.",
        )
    return role
