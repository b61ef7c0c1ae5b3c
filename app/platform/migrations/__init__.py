"""Numbered changes of the database's shape; before each, the old file is copied."""

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import StorageError

_KEPT_BACKUPS = 5


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the version it leads to and its SQL."""

    version: int
    name: str
    sql: str


def _shipped() -> tuple[Migration, ...]:
    """Return the steps beside this file, in order of their numbers, without a gap."""
    steps = []
    for number, file in enumerate(sorted(Path(__file__).parent.glob("[0-9]*.sql")), start=1):
        match = re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name)
        assert match, f"not a migration: {file}"
        assert int(match[1]) == number, f"migrations are not numbered in a row: {file}"
        steps.append(Migration(number, match[2], file.read_text("utf-8")))
    return tuple(steps)


MIGRATIONS = _shipped()


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    backups: Path,
    migrations: tuple[Migration, ...] = MIGRATIONS,
) -> None:
    """Bring the database to the newest version; a step that fails leaves it as it was.

    Raises:
        StorageError: the file was written by a newer program.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    newest = migrations[-1].version
    if version > newest:
        raise StorageError(
            f"The database {path} was written by a newer Echelon.",
            remedy="Update this program, or name another folder in ORCHESTRATOR_DATA_DIR.",
        )
    for step in migrations[version:]:
        if step.version > 1:
            _back_up(connection, backups, step.version - 1)
        _apply(connection, step)


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    try:
        # executescript commits what is open, so the transaction belongs into the script.
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{step.sql}\nPRAGMA user_version = {step.version:d};\nCOMMIT;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _back_up(connection: sqlite3.Connection, backups: Path, version: int) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    target = backups / f"echelon-v{version:04d}.db"
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(fresh)) as copy:
        connection.backup(copy)
    fresh.replace(target)
    for old in sorted(backups.glob("echelon-v*.db"))[:-_KEPT_BACKUPS]:
        old.unlink()
