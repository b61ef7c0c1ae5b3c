"""Changes the model registry for the user: one place after another, comments and order kept.

The file in force is the user's own, or the shipped one until there is an own. What is written is
always the user's own file, whole or not at all, and only when it can be followed; the one before
is kept as a backup.
"""

import hashlib
import io
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from app.domain.errors import RegistryChanged, RegistryInvalid
from app.domain.models import Roster
from app.domain.registry import RegistryFile
from app.domain.settings import Settings
from app.models.registry import SHIPPED_NAME, check_registry, read_registry
from app.platform.paths import Paths, write_private

Place = tuple[str, ...]
KEPT: Final = 20
_WIDTH: Final = 4096  # long lines stay as they are


@dataclass(frozen=True, slots=True)
class Change:
    """A value at a place such as `("roles", "front", "tier")`; `None` takes the key away."""

    place: Place
    value: Any = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The registry as it is now: where it lies, what it says, and the mark of its text."""

    path: Path
    registry: RegistryFile
    revision: str


class RegistryEditor:
    """Reads and writes the registry. Owns nothing; every call looks at the file anew."""

    def __init__(
        self, settings: Settings, paths: Paths, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Edit the file the settings name, else the user's own."""
        self._settings = settings
        self._paths = paths
        self._clock = clock

    @property
    def target(self) -> Path:
        """Where changes are written."""
        named = self._settings.registry
        return named.expanduser() if named is not None else self._paths.registry

    @property
    def source(self) -> Path:
        """The file in force."""
        target = self.target
        own = target.exists() or self._settings.registry is not None
        return target if own else self._paths.resources.parent / SHIPPED_NAME

    def sheet(self) -> Sheet:
        """Return what the file in force says.

        Raises:
            RegistryInvalid: it cannot be followed.
        """
        text = self._text()
        return Sheet(self.source, read_registry(self.source), _mark(text))

    def preview(self, changes: Sequence[Change]) -> Roster:
        """Return the roles as they would be; nothing is written.

        Raises:
            RegistryInvalid: the changed registry could not be followed.
        """
        return self._checked(_changed(self._text(), changes, self.source))

    def apply(self, changes: Sequence[Change], revision: str) -> Roster:
        """Write changes and return the roles as they are from then on.

        Args:
            changes: made one after another.
            revision: of the sheet they were made for.

        Raises:
            RegistryChanged: somebody else has changed the file meanwhile.
            RegistryInvalid: the result could not be followed, or the file cannot be written.
        """
        before = self._text()
        if _mark(before) != revision:
            raise RegistryChanged(f"{self.source.name} was changed by somebody else meanwhile.")
        text = _changed(before, changes, self.source)
        roster = self._checked(text)
        self._refuse_locked()
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._keep_backup()
            write_private(self.target, text)
        except OSError as error:
            raise RegistryInvalid(
                f"The model registry {self.target} cannot be written: {error.strerror}.",
                remedy="Check the free space and your right to write there; nothing was changed.",
            ) from error
        return roster

    def _refuse_locked(self) -> None:
        """Leave a file alone that its owner has locked; replacing it would unlock it."""
        target = self.target
        if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
            raise RegistryInvalid(
                f"The model registry {target} may only be read.",
                remedy="Allow yourself to write it, then save again; nothing was changed.",
            )

    def _text(self) -> str:
        try:
            return self.source.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            read_registry(self.source)  # tells what is the matter, with the line
            raise RegistryInvalid(f"The model registry {self.source} cannot be read.") from error

    def _checked(self, text: str) -> Roster:
        """Return the roles a text stands for, read the way it will be read."""
        plain = self._settings.model_copy(update={"role": ""})
        return check_registry(text, self.target, settings=plain, paths=self._paths)

    def _keep_backup(self) -> None:
        """Keep the file before the change; of many backups the newest stay."""
        if not self.target.exists():
            return
        folder = self._paths.backups / "registry"
        folder.mkdir(parents=True, exist_ok=True)
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self._clock()))
        text = self.target.read_text("utf-8-sig")
        write_private(folder / f"{stamp}-{_mark(text)[:8]}.yaml", text)
        for old in sorted(folder.glob("*.yaml"))[:-KEPT]:
            old.unlink(missing_ok=True)


def _changed(text: str, changes: Sequence[Change], source: Path) -> str:
    """Return the text with all changes made."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        root = yaml.load(text)
    except YAMLError as error:
        raise RegistryInvalid(f"The model registry {source} is no YAML: {error}.") from error
    if not isinstance(root, CommentedMap):
        raise RegistryInvalid(f"The model registry {source} holds no keys.")
    for change in changes:
        _set(root, change)
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _set(root: CommentedMap, change: Change) -> None:
    *way, key = change.place
    node = root
    for step in way:
        if not isinstance(node.get(step), CommentedMap):
            if change.value is None:
                return
            node[step] = CommentedMap()
        node = node[step]
    if change.value is None:
        node.pop(key, None)
    else:
        node[key] = _plain(change.value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """Return a value as the file holds it; small tables stand on one line."""
    if isinstance(value, Mapping):
        table = CommentedMap({str(key): _plain(each) for key, each in value.items()})
        if not any(isinstance(each, Mapping) for each in value.values()):
            table.fa.set_flow_style()
        return table
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str) and not value.replace("\n", "").isprintable():
        return DoubleQuotedScalarString(value)  # YAML ends lines at more characters than people do
    return value


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
