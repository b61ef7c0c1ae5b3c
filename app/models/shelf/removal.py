"""Deletes models: first what would go is said, then, with a token, exactly that goes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.domain.errors import ModelKept, NotWritable, RequestInvalid
from app.domain.models import Roles
from app.domain.names import printable
from app.domain.shelf import Item, Origin
from app.models.shelf.records import Key
from app.models.shelf.walk import why

_MOST_PLANS: Final = 32


@dataclass(frozen=True, slots=True)
class Removal:
    """What would go: `files`, of which `freed` bytes come free; `roles` would lose their model.

    `reference` means that the files lie elsewhere and stay; only the library forgets them.
    """

    token: str
    item: Item
    files: tuple[Path, ...]
    freed: int
    roles: tuple[str, ...]
    reference: bool
    key: Key

    @property
    def sizes(self) -> tuple[int, ...]:
        """What each of `files` takes, in bytes; a link takes next to nothing."""
        return tuple(max(0, size) for size, _, _ in self.key[: len(self.files)])


class Removals:
    """Keeps plans of removals until they are carried out; each works once."""

    def __init__(self, own: Path, roster: Roles, new_id: Callable[[], str]) -> None:
        """Join what decides about a removal.

        Args:
            own: our folder, whose empty subfolders go along.
            roster: which roles have which models.
            new_id: makes tokens.
        """
        self._own = own
        self._roster = roster
        self._new_id = new_id
        self._plans: OrderedDict[str, Removal] = OrderedDict()

    def plan(self, item: Item, *, reference: bool) -> Removal:
        """Return what would go with a model.

        Raises:
            ModelKept: it is not ours to delete.
        """
        origin = item.found.origin
        if origin is Origin.SHIPPED:
            raise ModelKept(
                f"{item.name} comes with Echelon and stays.",
                remedy="Give its roles another model in the model registry if you do not want it.",
            )
        if not origin.ours:
            raise ModelKept(
                f"{item.name} belongs to another program ({origin.label}) and is only read here.",
                remedy=f"Delete it there ({origin.label}).",
            )
        files = () if reference else item.found.files
        removal = Removal(
            token=self._new_id(),
            item=item,
            files=files,
            freed=sum(_freed(file) for file in files),
            roles=self.roles(item),
            reference=reference,
            key=_link_key(item.found.files),
        )
        self._plans[removal.token] = removal
        while len(self._plans) > _MOST_PLANS:
            self._plans.popitem(last=False)
        return removal

    def carry_out(self, token: str) -> Removal:
        """Delete what a plan said and return it with what really came free.

        Raises:
            RequestInvalid: there is no such plan, or the files have changed since.
            NotWritable: a file could not be deleted.
        """
        removal = self._plans.pop(token, None)
        if removal is None or _link_key(removal.item.found.files) != removal.key:
            raise RequestInvalid(
                "What would be deleted has changed since it was shown.",
                remedy="Look at it again, then decide.",
            )
        for file in removal.files:
            _delete(file)
        for folder in {file.parent for file in removal.files}:
            self._tidy(folder)
        return replace(removal, token="")

    def roles(self, item: Item) -> tuple[str, ...]:
        """Return the roles that use a model, and as what."""
        files = {_real(file) for file in item.found.files}
        told = []
        for role in self._roster.roles:
            model = role.model
            uses = {
                "": model.path if model.engine != "remote" else None,
                " (drafts)": model.draft,
                " (sees)": model.llama_server.mmproj,
            }
            told += [
                f"{role.name}{use}" for use, path in uses.items() if path and _real(path) in files
            ]
        return tuple(told)

    def _tidy(self, folder: Path) -> None:
        """Take away folders of ours that the last model has left."""
        while folder != self._own and self._own in folder.parents:
            try:
                folder.rmdir()
            except OSError:  # something else lies there
                return
            folder = folder.parent


def _freed(file: Path) -> int:
    """Return what comes free with a name: nothing while the file has another one."""
    try:
        state = file.lstat()
    except OSError:
        return 0
    return 0 if file.is_symlink() or state.st_nlink > 1 else state.st_size


def _link_key(files: tuple[Path, ...]) -> Key:
    """Return what tells whether names still stand for the same files; links are not followed."""
    states = []
    for file in files:
        try:
            state = file.lstat()
        except OSError:
            states.append((-1, -1, -1))
        else:
            states.append((state.st_size, state.st_mtime_ns, state.st_ino))
    return tuple(states)


def _delete(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritable(
            f"{printable(file.name)} cannot be deleted: {why(error)}.",
            remedy="Close what uses it, check your rights to its folder, then try again.",
        ) from error


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path
