"""Numbered changes of the database's shape; before an upgrade, the old file is copied."""

import contextlib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import StorageUnfit

_KEPT_BACKUPS = 5


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the version it leads to and its SQL (which opens no transaction of its own)."""

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
    connection: sqlite3.Connection, path: Path, backups: Path, migrations: Sequence[Migration]
) -> None:
    """Bring the database to the newest version: all missing steps, or none and the file as it was.

    Raises:
        StorageUnfit: the file was written by a newer program, or a step does not fit its content.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    newest = migrations[-1].version
    if version > newest:
        raise StorageUnfit(
            f"The database {path} was written by a newer Echelon.",
            remedy="Update this program, or name another folder in ORCHESTRATOR_DATA_DIR.",
        )
    if version == newest:
        return
    if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        _back_up(connection, backups, version)
    try:
        _apply(connection, migrations[version:])
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
        if not name.startswith(("SQLITE_ERROR", "SQLITE_CONSTRAINT")):
            raise  # the disk's fault, not the step's
        raise StorageUnfit(
            f"The database {path} could not be brought to the form this version needs: {error}. "
            "It is as it was.",
            remedy=f"Use the former version of Echelon again; a copy of the file is in {backups}.",
        ) from error


def _apply(connection: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    # A step may rebuild a table that others refer to; what refers to what is checked at the end.
    connection.execute("PRAGMA foreign_keys = OFF")
    script = "".join(f"{step.sql}\nPRAGMA user_version = {step.version:d};\n" for step in steps)
    try:
        # executescript commits what is open, so the transaction begins in the script.
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}")
        if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.IntegrityError(f"rows of {broken[0]} refer to rows that do not exist")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA foreign_keys = ON")


def _back_up(connection: sqlite3.Connection, backups: Path, version: int) -> None:
    """Copy the database; a copy appears under its name once it is complete."""
    backups.mkdir(parents=True, exist_ok=True)
    target = backups / f"echelon-v{version:04d}.db"
    fresh = target.with_suffix(".new")
    try:
        fresh.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(fresh)) as copy:
            connection.backup(copy)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    copies = sorted(backups.glob("echelon-v*.db"), key=lambda file: file.stat().st_mtime_ns)
    for old in copies[:-_KEPT_BACKUPS]:
        old.unlink()
