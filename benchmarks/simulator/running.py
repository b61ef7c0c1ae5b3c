"""Many runs at once, each in a process of its own."""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.simulator import fitted
from benchmarks.simulator.rows import Run
from benchmarks.simulator.script import Script
from benchmarks.simulator.world import play


def played(script: Script, models: Path, seeds: Sequence[int], jobs: int) -> list[Run]:
    """Return all runs of a script, in the order of their seeds.

    Args:
        script: what happens.
        models: the folder with the tables of the starter models.
        seeds: one for each run.
        jobs: how many processes.
    """
    work = partial(_one, script, models)
    if jobs == 1:
        return [work(seed) for seed in seeds]
    # A library that starts threads of its own in every process would fight over the processors.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, seeds))


def _one(script: Script, models: Path, seed: int) -> Run:
    logging.disable(logging.WARNING)
    return play(script, seed, fitted.load(models))
