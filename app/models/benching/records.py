"""What was measured of models, kept in the database by the ids of their files."""

import logging
import sqlite3

from pydantic import ValidationError

from app.domain.benching import Rates
from app.domain.errors import StorageError
from app.domain.models import ModelSpec
from app.models.identity import Identities
from app.platform.storage import Database

log = logging.getLogger(__name__)


class BenchRecords:
    """The table of measurements. Losing one costs another measurement, so nothing stops for it."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._database = database
        self._identities = identities

    async def of(self, model: ModelSpec) -> Rates | None:
        """Return the last measurement of a model, under whatever id it was written."""
        try:
            rows = await self._database.read(_select)
        except StorageError as error:
            log.warning("measurements could not be read: %s", error)
            return None
        own, canonical = self._identities(model), self._identities.canonical
        told = [_rates(text) for model_id, text in rows if canonical(model_id) == own]
        return max((each for each in told if each is not None), key=_when, default=None)

    async def keep(self, model: ModelSpec, rates: Rates) -> None:
        """Keep a measurement in place of the one before."""
        row = (self._identities(model), rates.model_dump_json())
        try:
            await self._database.write(lambda connection: _replace(connection, row))
        except StorageError as error:
            log.warning("a measurement could not be kept: %s", error)


def _select(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT model_id, rates FROM benchmarks").fetchall()


def _replace(connection: sqlite3.Connection, row: tuple[str, str]) -> None:
    connection.execute("REPLACE INTO benchmarks VALUES (?, ?)", row)


def _rates(text: str) -> Rates | None:
    try:
        return Rates.model_validate_json(text)
    except ValidationError:  # of another version
        return None


def _when(rates: Rates) -> float:
    return rates.at
