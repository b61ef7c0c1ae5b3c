"""Whole runs: the core in virtual time, byte for byte the same for a seed."""

import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from benchmarks.simulator import fitted, thrash
from benchmarks.simulator.clock import Stuck, now, run
from benchmarks.simulator.running import played
from benchmarks.simulator.script import BUSY, Happening, Script, Scripted
from benchmarks.simulator.world import play

ROOT = Path(__file__).resolve().parents[4]
FITTED = fitted.load(Path("nowhere"))
SHORT = Script(
    24,
    (
        Scripted(4, Happening.SHOCK),
        Scripted(9, Happening.CALM),
        Scripted(10, Happening.COLD),
        Scripted(12, Happening.SWAP, "front"),
        Scripted(14, Happening.DEGRADE, "worker"),
        Scripted(16, Happening.DRIFT),
        Scripted(18, Happening.THAWED),
    ),
    ample=False,
    probes=8,
)
DIGEST = """
from pathlib import Path
from benchmarks.simulator import fitted
from benchmarks.simulator.world import play
from tests.unit.benchmarks.simulator.test_world import SHORT
print(play(SHORT, 7, fitted.load(Path("nowhere"))).digest)
"""


def digest_with(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_one_seed_is_one_log_in_every_process() -> None:
    here = play(SHORT, 7, FITTED).digest
    assert digest_with("1") == digest_with("4242") == here
    assert play(SHORT, 8, FITTED).digest != here


def test_every_request_ends_and_no_text_is_withdrawn() -> None:
    found = play(SHORT, 3, FITTED)
    assert [row.number for row in found.rows] == list(range(SHORT.requests))
    assert sum(row.withdrawn for row in found.rows) == 0
    assert found.loads >= 1
    assert {row.epoch for row in found.rows} == {0, 1, 2, 3}


def test_the_log_says_everything_that_is_summed_up() -> None:
    file = StringIO()
    found = play(replace(SHORT, requests=6), 3, FITTED, file)
    lines = file.getvalue().splitlines()
    assert len(lines) == found.lines
    assert sum('"kind": "TurnFinished"' in line for line in lines) == 6
    assert sum('"kind": "row of TurnRecord"' in line for line in lines) == 6
    assert any('"SHOCK"' in line for line in lines)


def test_the_busy_script_has_every_kind_of_event_but_a_swap() -> None:
    assert {each.what for each in BUSY.events} == set(Happening) - {Happening.SWAP}


def test_grouping_loads_far_less_often_than_serving_in_order() -> None:
    ours = [thrash.grouped(FITTED, seed) for seed in range(3)]
    order = [thrash.in_order(FITTED, seed) for seed in range(3)]
    assert sum(each.loads for each in ours) <= 0.5 * sum(each.loads for each in order)
    assert max(each.longest for each in ours) <= max(each.longest for each in order)


def test_who_waits_for_nothing_is_told() -> None:
    async def wait() -> None:
        import asyncio

        assert now() == 0.0
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        run(wait())


def test_runs_in_processes_of_their_own_are_the_same() -> None:
    nowhere, short = Path("nowhere"), replace(SHORT, requests=3)
    alone = [run.digest for run in played(short, nowhere, range(2), 1)]
    assert [run.digest for run in played(short, nowhere, range(2), 2)] == alone
