"""Free memory: of the machine, within containers of both versions, and of one process."""

import os
import sys
from pathlib import Path

import pytest

from app.platform.cgroups import Limit, limits
from app.platform.memory import Memory, memory, usage, within

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


class Machine:
    """A made-up /proc and the folders of control groups it speaks of."""

    def __init__(self, folder: Path) -> None:
        self.proc = folder / "proc"
        self.groups = folder / "control groups"
        (self.proc / "self").mkdir(parents=True)
        self.meminfo(16 * GIB, 12 * GIB)

    def meminfo(self, total: int, available: int) -> None:
        (self.proc / "meminfo").write_text(
            f"MemTotal: {total // KIB} kB\nMemFree: {GIB // KIB} kB\n"
            f"MemAvailable: {available // KIB} kB\nHugePages_Total: 0\n"
        )

    def lives_in(self, group: str, *, version: int, root: str = "/") -> None:
        line = f"0::{group}" if version == 2 else f"5:cpu,memory:{group}\n0::/"
        (self.proc / "self" / "cgroup").write_text(f"{line}\n")
        kind = "cgroup2 cgroup2 rw" if version == 2 else "cgroup cgroup rw,memory"
        point = str(self.groups).replace(" ", "\\040")
        (self.proc / "self" / "mountinfo").write_text(
            "22 1 0:5 / /proc rw - proc proc rw\n"
            "23 1 0:6 / /odd rw - cgroup\n"
            f"35 31 0:32 {root} {point} rw,relatime shared:9 - {kind}\n"
        )

    def group(self, name: str, **files: str | int) -> None:
        folder = self.groups / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file.replace("__", ".")).write_text(f"{content}\n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def stat(**numbers: int) -> str:
    return "\n".join(f"{name} {number}" for name, number in numbers.items())


@linux
def test_without_groups_the_machine_counts(machine: Machine) -> None:
    assert memory(machine.proc) == Memory(16 * GIB, 12 * GIB)


@linux
def test_old_kernels_do_not_say_what_is_available(machine: Machine) -> None:
    (machine.proc / "meminfo").write_text("MemTotal: 8 kB\nMemFree: 2 kB\nCached: 3 kB\n")
    assert memory(machine.proc) == Memory(8 * KIB, 5 * KIB)


@linux
def test_a_limit_of_version_2_and_cached_files_do_not_count(machine: Machine) -> None:
    machine.lives_in("/app", version=2)
    files = stat(anon=GIB, file=3 * GIB, inactive_file=GIB, active_file=GIB)
    machine.group("app", memory__max=4 * GIB, memory__current=3 * GIB, memory__stat=files)
    assert memory(machine.proc) == Memory(4 * GIB, 3 * GIB)


def test_the_tightest_of_all_groups_around_counts(machine: Machine) -> None:
    machine.lives_in("/outer/inner/app", version=2)
    machine.group("outer", memory__max=2 * GIB, memory__current=GIB)
    machine.group("outer/inner", memory__max="max", memory__high=GIB, memory__current=0)
    machine.group("outer/inner/app", memory__max="max", memory__current=0)
    found = limits(machine.proc)
    assert found == [Limit(GIB, 0), Limit(2 * GIB, GIB)]
    assert within(Memory(16 * GIB, 12 * GIB), found) == Memory(GIB, GIB)


def test_a_limit_of_version_1(machine: Machine) -> None:
    machine.lives_in("/job", version=1)
    files = stat(inactive_file=1, total_inactive_file=MIB, total_active_file=2 * MIB)
    machine.group(
        "job",
        memory__limit_in_bytes=GIB,
        memory__usage_in_bytes=5 * MIB,
        memory__stat=files,
    )
    unlimited = (1 << 63) - 4096
    machine.group(".", memory__limit_in_bytes=unlimited, memory__usage_in_bytes=9)
    assert limits(machine.proc) == [Limit(GIB, 2 * MIB)]


@pytest.mark.parametrize(
    ("root", "group"), [("/kube/pod", "/kube/pod"), ("/kube/pod", "/"), ("/", "/../other")]
)
def test_inside_a_container_the_mounted_group_is_ours(
    machine: Machine, root: str, group: str
) -> None:
    machine.lives_in(group, version=2, root=root)
    machine.group(".", memory__max=GIB, memory__current=MIB)
    assert limits(machine.proc) == [Limit(GIB, MIB)]


def test_a_group_over_its_limit_has_nothing_left() -> None:
    assert within(Memory(4, 4), [Limit(3, 5)]) == Memory(3, 0)


def test_groups_that_cannot_be_seen_limit_nothing(machine: Machine) -> None:
    assert limits(machine.proc) == []
    machine.lives_in("/gone", version=2)
    assert limits(machine.proc) == []
    (machine.proc / "self" / "mountinfo").write_text("22 1 0:5 / /proc rw - proc proc rw\n")
    assert limits(machine.proc) == []


@linux
def test_a_process_holds_its_own_and_its_share_of_files(machine: Machine) -> None:
    (machine.proc / "77").mkdir()
    (machine.proc / "77" / "smaps_rollup").write_text(
        "55d4-7ffc ---p 00000000 00:00 0 [rollup]\nRss: 900 kB\nPss: 600 kB\nAnonymous: 500 kB\n"
    )
    found = usage(77, machine.proc)
    assert found is not None
    assert (found.own, found.resident) == (500 * KIB, 600 * KIB)


def test_this_computer_says_something_sensible(tmp_path: Path) -> None:
    there = memory()
    assert 0 < there.available <= there.total
    for proc in (Path("/proc"), tmp_path):  # with and without the better source
        ours = usage(os.getpid(), proc)
        assert ours is not None
        assert MIB < ours.own <= ours.resident < there.total


def test_a_process_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert usage(2**22 + 1, tmp_path) is None
