"""What a crashed run left behind is cleared away, and nothing else is touched."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.engines.sweep import ChildRegistry
from tests.fakes.engines import rigged, role

CHILD = str(Path(__file__).parents[1] / "fakes" / "scripted_child.py")
MARKER = "echelon-0123456789abcdef"


@pytest.fixture
def stray() -> Iterator[subprocess.Popen[bytes]]:
    """A process that nobody looks after, with our marker in its command line."""
    command = [sys.executable, CHILD, "stubborn", MARKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def record(file: Path, pid: int, marker: str = MARKER, shift: float = 0.0) -> None:
    started = psutil.Process(pid).create_time() + shift
    file.write_text(json.dumps([{"pid": pid, "started": started, "marker": marker}]))


def test_a_leftover_is_killed_and_forgotten(tmp_path: Path, stray: subprocess.Popen[bytes]) -> None:
    file = tmp_path / "engines.json"
    ChildRegistry(file).add(stray.pid, MARKER)
    assert ChildRegistry(file).sweep() == 1
    stray.wait(timeout=10)
    assert ChildRegistry(file).sweep() == 0


@pytest.mark.parametrize(("marker", "shift"), [("other", 0.0), (MARKER, -60.0), ("", 0.0)])
def test_another_process_with_that_number_is_left_alone(
    tmp_path: Path, stray: subprocess.Popen[bytes], marker: str, shift: float
) -> None:
    file = tmp_path / "engines.json"
    record(file, stray.pid, marker, shift)
    assert ChildRegistry(file).sweep() == 0
    assert stray.poll() is None


def test_ones_own_children_are_left_alone(tmp_path: Path, stray: subprocess.Popen[bytes]) -> None:
    registry = ChildRegistry(tmp_path / "engines.json")
    registry.add(stray.pid, MARKER)
    assert registry.sweep() == 0
    assert stray.poll() is None
    registry.remove(stray.pid)
    assert json.loads((tmp_path / "engines.json").read_text()) == []


@pytest.mark.parametrize("content", ["", "[", "{}", '[{"pid": "x"}]', "\x00"])
def test_a_damaged_list_is_no_obstacle(tmp_path: Path, content: str) -> None:
    file = tmp_path / "engines.json"
    file.write_text(content)
    assert ChildRegistry(file).sweep() == 0


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    registry = ChildRegistry(tmp_path / "file" / "engines.json")
    registry.add(psutil.Process().pid, MARKER)
    assert registry.sweep() == 0


async def test_the_supervisor_sweeps_before_its_first_start(
    tmp_path: Path, stray: subprocess.Popen[bytes]
) -> None:
    async with rigged(tmp_path) as rig:
        record(rig.paths.data / "engines.json", stray.pid)
        server = await rig.supervisor.acquire(role())
        assert await rig.supervisor.sweep() == 1
        stray.wait(timeout=10)
        [entry] = json.loads((rig.paths.data / "engines.json").read_text())
        assert entry["pid"] == server.pid
