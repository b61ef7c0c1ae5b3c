"""The models that are there without anybody naming them: the starter models, and the mock's."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.platform.paths import Paths

STARTER_PREFIX = "starter:"


@dataclass(frozen=True, slots=True)
class _Starter:
    """A shipped model: the role it was made for, and its window in tokens."""

    role: str
    tier: Tier
    file: str
    context: int = 512
    embeddings: bool = False


_DRAFT_FILE = "draft.gguf"
_STARTERS = (
    _Starter("front", Tier.A, "front.gguf"),
    _Starter("worker", Tier.C, "worker.gguf", context=768),
    _Starter("coder", Tier.B, "coder.gguf", context=768),
    _Starter("architect", Tier.B, "architect.gguf", context=768),
    _Starter("draft", Tier.D, _DRAFT_FILE),
    _Starter("embed", Tier.D, "all-MiniLM-L6-v2-q8_0.gguf", embeddings=True),
)


def starter_path(name: str, paths: Paths) -> Path:
    """Return where a shipped model lies."""
    return paths.resources / "models" / name


def library_model(role: str, tier: Tier, paths: Paths) -> ModelSpec | None:
    """Return the model for a role: the one made for it, else any of its tier, else None."""
    fitting = sorted(
        (each for each in _STARTERS if each.role == role or each.tier is tier),
        key=lambda each: each.role != role,
    )
    for starter in fitting:
        path = starter_path(starter.file, paths)
        if path.exists():
            return ModelSpec(
                name=f"starter-{starter.role}",
                path=path,
                context=starter.context,
                embeddings=starter.embeddings,
                draft=_drafter(starter, paths),
            )
    return None


def _drafter(starter: _Starter, paths: Paths) -> Path | None:
    """Return the shipped model that drafts for the answering ones."""
    path = starter_path(_DRAFT_FILE, paths)
    return path if starter.tier is not Tier.D and path.exists() else None


def mock_roster() -> Roster:
    """Return the roles of mock mode; their engines read no file, so the paths lead nowhere."""
    tiers = {"front": Tier.A, "worker": Tier.C, "coder": Tier.B, "architect": Tier.B}
    roles = tuple(
        RoleSpec(
            name=name,
            tier=tier,
            model=ModelSpec(name=f"mock-{name}", path=Path("mock")),
            families=("code",) if name == "coder" else (),
        )
        for name, tier in tiers.items()
    )
    return Roster(roles=roles, default_role="front", source="mock mode")
