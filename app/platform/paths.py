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
_SOCKET = "core.sock"
# The longest path a socket may have on every POSIX system, its final zero byte counted.
_SOCKET_BYTES = 104
# What others must not read: chats, logs, keys.
_PRIVATE = 0o700


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
        """Return the platform's folders for this user, or everything below `data_dir`.

        Raises:
            NotWritable: `data_dir` leads nowhere.
        """
        if data_dir is not None:
            home = _resolved(data_dir)
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
    def ledger(self) -> Path:
        """What was decided and how it turned out; chats do not need it."""
        return self.data / "ledger.db"

    @property
    def memories(self) -> Path:
        """What is remembered across chats."""
        return self.data / "memory.db"

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

    @property
    def address(self) -> Path:
        """Where the owner of the core listens; beside the lock, so whoever sees one sees both."""
        return self.data / "instance.json"

    @property
    def socket(self) -> Path:
        """The owner's private socket, where the system has such."""
        return self.runtime / _SOCKET

    def ensure(self) -> None:
        """Make all folders.

        Raises:
            NotWritable: a folder cannot be made or belongs to somebody else.
        """
        for folder in (self.data, self.config, self.cache, self.logs):
            _make(folder)
            _require_writable(folder)
        _make(self.runtime)
        _require_private(self.runtime)


def write_private(path: Path, text: str) -> None:
    """Replace a file that only this user may read; it is complete on the disk or as it was."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _resolved(folder: Path) -> Path:
    try:
        return folder.expanduser().resolve()
    except (OSError, RuntimeError) as error:  # an unknown user's home, links in a circle
        raise _not_writable(folder, "it leads nowhere") from error


def _runtime_folder(data: Path) -> Path:
    """Return a private folder whose path is short enough for a socket in it."""
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if Path(base).is_absolute() and os.access(base, os.W_OK | os.X_OK):
        folder = Path(base) / f"{_NAME}-{mark}"
        if _is_short(folder):
            return folder
    user = "user" if sys.platform == "win32" else str(os.getuid())
    folder = Path(tempfile.gettempdir()) / f"{_NAME}-{user}-{mark}"
    if sys.platform == "win32" or _is_short(folder):
        return folder
    return Path("/tmp") / folder.name  # noqa: S108 - owner and mode are checked before use


def _is_short(folder: Path) -> bool:
    return len(os.fsencode(folder / _SOCKET)) < _SOCKET_BYTES


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error.strerror or "it cannot be made") from error


def _require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _not_writable(folder, "no right to write there")


def _not_writable(folder: Path, why: str) -> NotWritable:
    return NotWritable(
        f"Echelon cannot write to {folder}: {why}.",
        remedy="Give yourself the right to write there, or name another folder in "
        "ORCHESTRATOR_DATA_DIR.",
    )


def _require_private(folder: Path) -> None:
    """Refuse a runtime folder that somebody else made: the socket in it is trust."""
    if sys.platform == "win32":
        return
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
        raise NotWritable(
            f"The folder {folder} belongs to somebody else.",
            remedy="Remove it, or set XDG_RUNTIME_DIR to a folder of your own.",
        )
    if stat.S_IMODE(state.st_mode) != _PRIVATE:
        try:
            folder.chmod(_PRIVATE)
        except OSError as error:
            raise _not_writable(folder, error.strerror or "its rights cannot be set") from error
