"""Shows whether a build works on this computer: it loads a starter model and answers from it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from app.domain.builds import BuildKind
from app.domain.models import ModelSpec, RoleSpec, Tier, Timeouts
from app.engines.builds import OneBuild
from app.engines.supervisor import Supervisor
from app.models.library import starter_path
from app.platform.paths import Paths

_STARTER: Final = "front.gguf"
_CONTEXT: Final = 512
_LOAD_S: Final = 90.0


def starter_trial(
    supervisor: Supervisor, paths: Paths
) -> Callable[[BuildKind, Path], Awaitable[None]]:
    """Return the trial of a build in a folder; it raises AppError where the build fails."""

    async def trial(kind: BuildKind, folder: Path) -> None:
        model = ModelSpec(
            name=f"trial-{kind}",
            path=starter_path(_STARTER, paths),
            engine="llama-server" if kind is BuildKind.SERVER else "runner",
            context=_CONTEXT,
            sequences=1,
            speculation=False,
        )
        role = RoleSpec(name="trial", tier=Tier.A, model=model, timeouts=Timeouts(load_s=_LOAD_S))
        await supervisor.trial(role, OneBuild(folder))

    return trial
