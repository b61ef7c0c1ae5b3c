"""The process: bad files, its parent's death, its orders to stop."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.e2e.test_runner_harness import FRONT, ROOT, TOKEN, running, wait_until

PARENT = """
import json, os, subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-m", "app.engines.runner", "--model", sys.argv[1]],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
)
print(json.loads(child.stdout.readline())["pid"], flush=True)
if len(sys.argv) > 2:
    # Somebody else holds the pipe open: only the kernel can tell the child.
    os.set_inheritable(child.stdin.fileno(), True)
    subprocess.Popen(["sleep", "20"], close_fds=False, stdout=subprocess.DEVNULL)
sys.stdin.read()
"""


def damaged(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + b"\xff" * 4000 + raw[middle + 4000 :]


def senseless_counts(raw: bytes) -> bytes:
    return raw[:8] + b"\xff" * 8 + raw[16:]


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut in the weights": (lambda raw: raw[: len(raw) // 2], "cut short"),
    "cut in the header": (lambda raw: raw[:2000], "cut short within its header"),
    "empty": (lambda _raw: b"", "no GGUF"),
    "no GGUF": (lambda _raw: b"Dear diary, today", "no GGUF"),
    "damaged": (damaged, "invalid data"),
    "senseless": (senseless_counts, "more entries"),
}


@pytest.mark.parametrize(("breaks", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_and_ends_the_process(
    tmp_path: Path, breaks: Callable[[bytes], bytes], said: str
) -> None:
    path = tmp_path / "田中 Ж.gguf"
    path.write_bytes(breaks(FRONT.read_bytes()))
    with running(path) as runner:
        wait_until(lambda: runner.health()["status"] == "failed")
        health = runner.client.get("/health")
        assert health.status_code == 503
        assert health.json()["error"]["code"] == "model_invalid"
        assert runner.client.get("/v1/models").status_code == 503
        assert runner.wait() == 11
        runner._reader.join()
        last = json.loads(runner.log[-1])
    assert (last["event"], last["code"]) == ("failed", "model_invalid")
    assert said in last["message"]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with running(tmp_path / "nothing.gguf") as runner:
        assert runner.wait() == 10


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with running(tmp_path) as runner:
        assert runner.wait() == 10


def test_names_in_other_scripts_work(tmp_path: Path) -> None:
    path = tmp_path / "田中 Ж.gguf"
    path.symlink_to(FRONT)
    with running(path) as runner:
        runner.ready()
        assert "choices" in runner.chat("Hello!", max_tokens=2)


def test_the_end_of_stdin_ends_the_process() -> None:
    with running(FRONT) as runner:
        runner.ready()
        assert runner.process.stdin is not None
        runner.process.stdin.close()
        assert runner.wait() == 3


def test_an_order_to_stop_ends_answers_cleanly() -> None:
    with running(FRONT, "--context", "16384") as runner:
        runner.ready()
        with runner.streaming("the quick brown fox " * 1500, return_progress=True) as lines:
            assert any("prompt_progress" in line for line in lines)
            runner.process.terminate()
            rest = "".join(lines)
        assert '"stopping"' in rest or "[DONE]" in rest
        assert runner.wait() == 0


def test_ctrl_c_is_for_the_parent() -> None:
    with running(FRONT) as runner:
        runner.ready()
        runner.process.send_signal(signal.SIGINT)
        assert "choices" in runner.chat("Hello!", max_tokens=2)


@pytest.mark.parametrize("pipe_stays_open", [False, True])
def test_the_child_does_not_outlive_a_killed_parent(pipe_stays_open: bool) -> None:
    if pipe_stays_open and sys.platform != "linux":
        pytest.skip("only Linux tells a child of its parent's death")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(FRONT), *(["hold"] if pipe_stays_open else [])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ECHELON_ENGINE_TOKEN": TOKEN},
    )
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_without_a_token_it_does_not_start() -> None:
    environment = {key: value for key, value in os.environ.items() if "ECHELON" not in key}
    finished = subprocess.run(
        [sys.executable, "-m", "app.engines.runner", "--model", str(FRONT)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert finished.returncode in {2, 3}
    assert finished.stdout == b""
