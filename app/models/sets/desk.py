"""Answers requests for a recommended set."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.models.sets.catalogue import load_catalogue
from app.models.sets.choosing import USUAL_BANDWIDTH, Chooser, Machine
from app.models.sets.words import plain

_GIB = 1 << 30
_GB = 1e9


class SetRequest(BaseModel):
    """Asks for a set; what is left out is this computer's. Sizes in GB, speed in GB a second."""

    model_config = ConfigDict(extra="forbid")

    op: str
    memory: float | None = Field(None, gt=0, le=100_000)
    cores: int | None = Field(None, ge=1, le=10_000)
    bandwidth: float | None = Field(None, gt=0, le=100_000)
    gpu: float = Field(0, ge=0, le=100_000)


class SetDesk:
    """Chooses sets for those who ask."""

    def __init__(
        self,
        resources: Path,
        total: Callable[[], int],
        cores: int,
        bandwidth: Callable[[], Awaitable[float | None]],
    ) -> None:
        """Join what a set is made for.

        Args:
            resources: where the catalogue is.
            total: tells the bytes of memory there are here.
            cores: how many there are here.
            bandwidth: tells the bytes a second that models read here; None if that is not known.
        """
        self._resources = resources
        self._total = total
        self._cores = cores
        self._bandwidth = bandwidth

    async def chooser(self) -> Chooser:
        """Return who chooses for this computer.

        Raises:
            StorageCorrupt: the catalogue cannot be read.
        """
        return await self._chooser(SetRequest(op="models sets"))

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the best set.

        Raises:
            StorageCorrupt: the catalogue cannot be read.
        """
        chooser = await self._chooser(SetRequest.model_validate(request))
        return plain(chooser, chooser.best())

    async def _chooser(self, asked: SetRequest) -> Chooser:
        if asked.bandwidth is None:
            bandwidth = await self._bandwidth() or USUAL_BANDWIDTH
        else:
            bandwidth = asked.bandwidth * _GB
        machine = Machine(
            memory=self._total() if asked.memory is None else int(asked.memory * _GIB),
            cores=asked.cores or self._cores,
            bandwidth=bandwidth,
            gpu_memory=int(asked.gpu * _GIB),
        )
        return Chooser(load_catalogue(self._resources), machine)
