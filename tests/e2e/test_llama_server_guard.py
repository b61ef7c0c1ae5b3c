"""A program that knows nothing of us ends with us all the same."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from app.engines.llama_server.recipe import GUARD
from tests.e2e.test_runner_harness import LIMIT_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="jobs do this there")

FOREVER = "import threading; threading.Event().wait()"
PARENT = f"""
import os, subprocess, sys
command = [sys.executable, "-I", "-S", {str(GUARD)!r}, str(os.getpid())]
child = subprocess.Popen([*command, sys.executable, "-c", {FOREVER!r}], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""
WATCHED = f"""
import os, sys
sys.path.insert(0, {str(GUARD.parent)!r})
import guard
guard.leave_watcher()
os.execv(sys.executable, [sys.executable, "-c", {FOREVER!r}])
"""


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own signal")
def test_it_dies_with_a_parent_that_is_killed() -> None:
    with python(PARENT) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait(LIMIT_S)
        psutil.wait_procs([child], timeout=LIMIT_S)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own signal")
def test_it_does_not_start_for_a_parent_that_is_gone() -> None:
    command = [sys.executable, "-I", "-S", str(GUARD), "1", sys.executable, "-c", FOREVER]
    assert subprocess.run(command, timeout=LIMIT_S, check=False).returncode == 3


def test_elsewhere_a_watcher_ends_it_when_the_pipe_closes() -> None:
    with python(WATCHED) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(LIMIT_S) == -signal.SIGKILL
