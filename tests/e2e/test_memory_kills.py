"""A memory that is killed during writes, saves and rebuilds loses nothing and tells no lies."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_kills_at_random_moments_lose_no_memory() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory_kills", "--kills", "25"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "wrong: []" in ran.stdout
