"""The log keeps no secrets, says nothing to the terminal, and remembers a crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import NotWritable
from app.platform.logs import start_logging, without_secrets
from app.platform.paths import Paths

ROOT = Path(__file__).parents[3]
LOGGING = """
import faulthandler, logging, sys
from pathlib import Path
from app.platform.logs import start_logging
from app.platform.paths import Paths
paths = Paths.discover(Path(sys.argv[1]))
paths.ensure()
for level in ("debug", "info"):
    start_logging(paths, level)
log = logging.getLogger("app.test")
log.debug("too small to keep")
log.info("Authorization: Bearer %s", "0123456789abcdef")
try:
    raise ValueError("api_key=0123456789abcdef")
except ValueError:
    log.exception("田中 failed")
if sys.argv[2] == "full":
    class Full:
        def write(self, text):
            raise OSError("no space")
        def __getattr__(self, name):
            return lambda *_: 0
    logging.getLogger().handlers[0].setStream(Full())
    log.info("no room")
if sys.argv[2] == "crash":
    faulthandler._sigsegv()
"""


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer 0123456789abcdef",
        "{'authorization': 'Bearer 0123456789abcdef'}",
        "(b'Authorization', b'Basic 0123456789abcdef==')",
        "api_key=0123456789abcdef",
        'token: "0123456789abcdef"',
        '{"x-api-key": "0123456789abcdef"}',
        "HF_TOKEN=0123456789abcdef",
        "('x-api-key', '0123456789abcdef')",
        "https://user:0123456789abcdef@example.org/x",
        "https://example.org/?token=0123456789abcdef&x=1",
        "llama-server --api-key 0123456789abcdef --port 1",
        "using hf_0123456789abcdef now",
        "key sk-0123456789abcdef",
        "key sk-proj-api03-0123456789abcdef",
    ],
)
def test_secrets_are_blotted_out(text: str) -> None:
    kept = without_secrets(text)
    assert "0123456789abcdef" not in kept
    assert "***" in kept


@pytest.mark.parametrize(
    "text",
    [
        "12 tokens in 3 ms, the password protected field was empty",
        "first token: 12.5 ms, otherwise streaming tokens: 1234567890",
        "GET http://127.0.0.1:8080/v1/models",
        "the bearer of news, a secret garden",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert without_secrets(text) == text


def _log(data: Path, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", LOGGING, str(data), how],
        cwd=ROOT,
        env={**os.environ, "XDG_RUNTIME_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_log_goes_to_its_file_once_and_nowhere_else(tmp_path: Path) -> None:
    done = _log(tmp_path, "end")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    kept = (tmp_path / "logs" / "echelon.log").read_text("utf-8")
    assert kept.count("Bearer ***") == 1
    assert "田中 failed" in kept
    assert "ValueError: api_key=***" in kept
    assert "too small" not in kept


def test_a_full_disk_does_not_make_the_log_speak(tmp_path: Path) -> None:
    done = _log(tmp_path, "full")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_crash_leaves_its_trace(tmp_path: Path) -> None:
    done = _log(tmp_path, "crash")
    assert done.returncode != 0
    assert "Segmentation fault" in (tmp_path / "logs" / "crash.log").read_text()


def test_a_log_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path)
    (paths.logs / "crash.log").mkdir(parents=True)
    with pytest.raises(NotWritable) as caught:
        start_logging(paths, "info")
    assert str(paths.logs) in caught.value.message
