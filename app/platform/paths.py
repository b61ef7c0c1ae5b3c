"""Where everything lives on this computer; decided here and nowhere else."""

import hashlib
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.domain.errors import NotWritable

_NAME = "echelon"
_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@dataclass(frozen=True, slots=True)
class Paths:
    """All folders and files of one installation; `resources` is shipped and only read."""

    data: Path
    config: Path
    cache: Path
    logs: Path
    runtime: Path
    resources: Path = _RESOURCES

    @classmethod
    def discover(cls, data_dir: Path | None = None) -> "Paths":
        """Return the platform's folders for this user, or everything below `data_dir`."""
        if data_dir is not None:
            home = data_dir.expanduser().resolve()
            folders = (home, home / "config", home / "cache", home / "logs")
        else:
            dirs = platformdirs.PlatformDirs(_NAME, appauthor=False)
            folders = (
                dirs.user_data_path,
                dirs.user_config_path,
                dirs.user_cache_path,
                dirs.user_log_path,
            )
        return cls(*folders, runtime=_runtime_folder(folders[0]))

    @property
    def database(self) -> Path:
        """Chats and everything else that must not be lost."""
        return self.data / "echelon.db"

    @property
    def backups(self) -> Path:
        """Copies of the database from before each change of its shape."""
        return self.data / "backups"

    @property
    def models(self) -> Path:
        """Models the user has added."""
        return self.data / "models"

    @property
    def registry(self) -> Path:
        """The user's own model registry, where there is one."""
        return self.config / "model_registry.yaml"

    @property
    def lock(self) -> Path:
        """Held by the process that owns the core."""
        return self.data / "instance.lock"

    def ensure(self) -> None:
        """Make all folders.

        Raises:
            NotWritable: a folder cannot be made or belongs to somebody else.
        """
        for folder in (self.data, self.config, self.cache, self.logs):
            _make(folder, 0o755)
        _make(self.runtime, 0o700)
        _require_private(self.runtime)


def _runtime_folder(data: Path) -> Path:
    """Return a short private folder for sockets, whose paths may have 104 bytes at most."""
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
    base = os.environ.get("XDG_RUNTIME_DIR")
    if base and len(os.fsencode(base)) < 40 and os.access(base, os.W_OK):
        return Path(base) / f"{_NAME}-{mark}"
    user = "user" if sys.platform == "win32" else str(os.getuid())
    return Path(tempfile.gettempdir()) / f"{_NAME}-{user}-{mark}"


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        raise _not_writable(folder, error.strerror or "") from error
    if not writable:
        raise _not_writable(folder, "no right to write there")


def _not_writable(folder: Path, why: str) -> NotWritable:
    return NotWritable(
        f"Echelon cannot write to {folder}: {why}.",
        remedy="Give yourself the right to write there, or name another folder in "
        "ORCHESTRATOR_DATA_DIR.",
    )


def _require_private(folder: Path) -> None:
    """Refuse a runtime folder that somebody else made or can enter: the socket in it is trust."""
    if sys.platform == "win32":
        return
    state = folder.lstat()
    if stat.S_ISLNK(state.st_mode) or state.st_uid != os.getuid():
        raise NotWritable(
            f"The folder {folder} belongs to somebody else.",
            remedy="Remove it, or set XDG_RUNTIME_DIR to a folder of your own.",
        )
    folder.chmod(0o700)
