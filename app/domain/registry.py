"""What may stand in `model_registry.yaml`. Every key here takes effect; there are no others."""

from typing import Literal

from pydantic import Field

from app.domain.models import Frozen, Sampling, Tier, Timeouts


class ModelEntry(Frozen):
    """A model file and how it is loaded; `path` may begin with `~` or `starter:`."""

    path: str = Field(min_length=1)
    context: int = Field(4096, ge=64)
    sequences: int = Field(2, ge=1, le=64)
    threads: int = Field(0, ge=0, le=1024)
    gpu_layers: int = Field(-1, ge=-1)
    embeddings: bool = False


class RoleEntry(Frozen):
    """A job: its tier, and in a full registry the name of its model."""

    tier: Tier
    model: str = ""
    sampling: Sampling = Field(default_factory=lambda: Sampling.model_validate({}))
    timeouts: Timeouts = Field(default_factory=lambda: Timeouts.model_validate({}))
    system_prompt: str = ""


class RegistryFile(Frozen):
    """The whole file: `full` names its models, `simplified` takes them from the library."""

    mode: Literal["full", "simplified"] | None = None
    models: dict[str, ModelEntry] = Field(default_factory=dict)
    roles: dict[str, RoleEntry] = Field(min_length=1)
    default_role: str = ""

    @property
    def full(self) -> bool:
        """Whether the file names its own models."""
        return self.mode == "full" if self.mode else bool(self.models)
