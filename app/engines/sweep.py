"""Which engine processes are ours, on disk, so that a later start can clear up after a crash."""

import contextlib
import json
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

# Clocks are adjusted, and the start time is derived from one.
START_TOLERANCE_S = 2.0
KILL_WAIT_S = 3.0


class ChildRecord(BaseModel):
    """One child as it was started; `marker` is a word of its command line that nobody else has."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: float
    marker: str


_RECORDS = TypeAdapter(list[ChildRecord])


class ChildRegistry:
    """The list of running children; a process is killed only if it is surely the recorded one."""

    def __init__(self, file: Path) -> None:
        """Keep the list in `file`."""
        self._file = file
        self._records: dict[int, ChildRecord] = {}

    def add(self, pid: int, marker: str) -> None:
        """Note a child that was just started."""
        try:
            started = psutil.Process(pid).create_time()
        except psutil.Error:  # it is gone already
            return
        self._records[pid] = ChildRecord(pid=pid, started=started, marker=marker)
        self._save()

    def remove(self, pid: int) -> None:
        """Forget a child that has ended."""
        if self._records.pop(pid, None) is not None:
            self._save()

    def sweep(self) -> int:
        """Kill what an earlier run left behind and return how many that were. It blocks."""
        leftovers = [found for record in self._load() if (found := _alive(record)) is not None]
        for process in leftovers:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(leftovers, timeout=KILL_WAIT_S)
        self._save()
        return len(leftovers)

    def _load(self) -> list[ChildRecord]:
        try:
            records = _RECORDS.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):  # none yet, or cut short by a crash: nothing is known
            return []
        return [record for record in records if record.pid not in self._records]

    def _save(self) -> None:
        """Write the list in one step; without it only the sweep after a crash is lost."""
        draft = self._file.with_suffix(".new")
        records = [record.model_dump() for record in self._records.values()]
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps(records), encoding="utf-8")
            draft.replace(self._file)


def _alive(record: ChildRecord) -> psutil.Process | None:
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.started) < START_TOLERANCE_S
        if same and record.marker in process.cmdline():
            return process
    except psutil.Error:
        pass
    return None
