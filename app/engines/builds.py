"""Which build of an engine to start: chosen by whoever keeps builds, told here how it went."""

from pathlib import Path
from typing import Protocol

from app.domain.builds import BuildKind
from app.domain.models import ModelSpec
from app.engines.exits import Exit


class Builds(Protocol):
    """Knows the builds that were brought here."""

    async def place(self, kind: BuildKind) -> Path | None:
        """Return the folder of the build to take; None stands for what is there anyway."""

    def loaded(self, kind: BuildKind, place: Path, model: ModelSpec) -> None:
        """Hear that a build has loaded a model."""

    def fell(self, kind: BuildKind, place: Path, model: ModelSpec, end: Exit) -> str:
        """Hear why a build did not load a model; return why another try may go better, or ''."""


class OneBuild:
    """Always the same build: what a trial takes, and with None what is there anyway."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    async def place(self, kind: BuildKind) -> Path | None:
        """Return that build."""
        return self._folder

    def loaded(self, kind: BuildKind, place: Path, model: ModelSpec) -> None:
        """Nothing is remembered."""

    def fell(self, kind: BuildKind, place: Path, model: ModelSpec, end: Exit) -> str:
        """There is no other one."""
        return ""
