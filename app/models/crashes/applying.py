"""Does what a remedy says: changes the registry, goes back a build, or allows another try."""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Final

from app.domain.builds import BuildKind
from app.domain.errors import ModelError
from app.domain.models import Frozen, ModelSpec
from app.models.builds.shelf import BuildShelf
from app.models.crashes.remedies import Action, Remedy
from app.models.editing import Change, RegistryEditor
from app.models.live import LiveRoster

_AGAIN: Final = "It is tried again when it is next asked."
# What says in a file's name how its weights are kept, or which part it is.
_QUANTISATION: Final = re.compile(
    r"(?i)[-_.](?:ud[-_])?(?:i?q\d\w*|bf16|f16|f32|mxfp4\w*|\d{5}-of-\d{5})$"
)


class Applied(Frozen):
    """What was done about an end, in words.

    `search` is what to look for on the hub, where the rest is a choice.
    """

    action: Action
    words: str
    search: str = ""


class Remedies:
    """Applies remedies. `forgive` allows a model another try."""

    def __init__(
        self,
        editor: RegistryEditor,
        roster: LiveRoster,
        builds: BuildShelf,
        forgive: Callable[[str], None],
    ) -> None:
        self._editor = editor
        self._roster = roster
        self._builds = builds
        self._forgive = forgive

    def applies(self, model: ModelSpec, remedy: Remedy) -> bool:
        """Return whether a remedy can be applied, or is something to be done by hand."""
        if remedy.change:
            return model.name in self._editor.sheet().registry.models
        if remedy.action is Action.OTHER_BUILD:
            return self._has_build(model)
        return remedy.action in {Action.AGAIN, Action.FREE_MEMORY, Action.OTHER_QUANTISATION}

    async def apply(self, model: ModelSpec, remedy: Remedy) -> Applied:
        """Do what a remedy says.

        Raises:
            ModelError: it is something to be done by hand.
            RegistryInvalid: the registry cannot be changed.
            BuildError: there is no build to go back to.
        """
        if not self.applies(model, remedy):
            raise ModelError(
                f"This cannot be done by itself: {remedy.words}", remedy=_by_hand(remedy)
            )
        if remedy.change:
            return await self._changed(model, remedy)
        if remedy.action is Action.OTHER_BUILD:
            return self._rolled_back(model, remedy)
        if remedy.action is Action.OTHER_QUANTISATION:
            name = search_words(model)
            words = f"Look for a smaller one: `echelon models search {name}`."
            return Applied(action=remedy.action, words=words, search=name)
        self._forgive(model.name)
        return Applied(action=remedy.action, words=_AGAIN)

    async def _changed(self, model: ModelSpec, remedy: Remedy) -> Applied:
        sheet = await asyncio.to_thread(self._editor.sheet)
        changes = list(_changes(("models", model.name), remedy.change))
        await self._roster.apply(changes, sheet.revision)
        self._forgive(model.name)
        return Applied(action=remedy.action, words=f"Done. {_AGAIN}")

    def _rolled_back(self, model: ModelSpec, remedy: Remedy) -> Applied:
        good = self._builds.roll_back(_kind(model))
        self._forgive(model.name)
        now = good.id if good else "The build that was there before"
        return Applied(action=remedy.action, words=f"{now} is used again. {_AGAIN}")

    def _has_build(self, model: ModelSpec) -> bool:
        own = model.engine == "llama-server" and model.llama_server.binary is not None
        return not own and self._builds.book.in_use(_kind(model)) is not None


def search_words(model: ModelSpec) -> str:
    """Return what finds the same model in other quantisations: its file's name without its own."""
    name, before = model.path.stem, ""
    while name != before:
        before, name = name, _QUANTISATION.sub("", name)
    return name or model.name


def _kind(model: ModelSpec) -> BuildKind:
    return BuildKind.SERVER if model.engine == "llama-server" else BuildKind.LIBRARY


def _changes(place: tuple[str, ...], wanted: object) -> Iterator[Change]:
    """Yield one change for every value, however deep it stands."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            yield from _changes((*place, key), value)
    else:
        yield Change(place, wanted)


def _by_hand(remedy: Remedy) -> str:
    if remedy.change:
        return (
            "The registry names no models, they come from the library: `echelon registry export` "
            "writes one that does."
        )
    if remedy.action is Action.OTHER_BUILD:
        return "`echelon engines list` shows the builds that can be had."
    if remedy.action is Action.OTHER_FILE:
        return "`echelon models verify` reads the file as a whole."
    return "Change it in the model registry."
