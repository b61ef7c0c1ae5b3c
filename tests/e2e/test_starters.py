"""The shipped models together, on real inference: what is easy stays low, what is hard climbs."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.domain.events import TurnFinished
from app.domain.models import Tier
from app.domain.settings import Settings
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build
from benchmarks.cascades.questions import Asked, asked

ROOT = Path(__file__).parents[2]
EACH = 4
EASY = 16


@asynccontextmanager
async def core(folder: Path) -> AsyncIterator[App]:
    paths = Paths.discover(folder)
    paths.ensure()
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    async with build(Settings.model_validate({}), paths, owner, has_window=False) as app:
        yield app


def questions(family: str, grade: int, count: int = EACH) -> list[Asked]:
    """Return some held-out questions, as the shipped models never saw them."""
    found = [each for each in asked(count) if (each.family, each.grade) == (family, grade)]
    return sorted(found, key=lambda each: each.number)


async def answered(app: App, wanted: Sequence[Asked]) -> list[tuple[Asked, TurnFinished]]:
    ends = []
    for each in wanted:
        end = await app.turns.send(each.thread).wait()
        assert isinstance(end, TurnFinished), end
        ends.append((each, end))
    return ends


async def test_what_is_easy_begins_at_the_front_door_and_mostly_ends_there(tmp_path: Path) -> None:
    async with core(tmp_path) as app:
        ends = await answered(app, questions("talk", 1, EASY))
        front = {role.name for role in app.roster.answering if role.tier is Tier.A}
        assert all(end.receipt.attempts[0].role in front for _, end in ends)
        # The front is not always right itself; what it got wrong has to climb and come back right.
        assert sum(each.check(end.text) for each, end in ends) >= EASY - 1
        assert sum(end.receipt.tier is Tier.A for _, end in ends) >= EASY * 3 // 4


async def test_long_sums_and_code_go_to_those_who_can(tmp_path: Path) -> None:
    async with core(tmp_path) as app:
        there = {role.name for role in app.roster.answering}
        sums = await answered(app, questions("add", 4))
        # Short functions are easy for all by now; the long ones tell who was made for them.
        code = await answered(app, questions("code", 4, 2 * EACH))
        for _, end in (*sums, *code):
            receipt = end.receipt
            assert receipt.reason
            assert receipt.attempts
            assert {each.role for each in receipt.attempts} <= there
        if there >= {"worker", "architect"}:
            assert sum(each.check(end.text) for each, end in sums) >= EACH - 1
            assert all(end.receipt.tier is not Tier.A for _, end in sums)
        if "coder" in there:
            # All are quick here: the front door may be asked first. Who is asked then is no chance.
            asked_of = [[each.role for each in end.receipt.attempts] for _, end in code]
            beyond = [[role for role in roles if role != "front"] for roles in asked_of]
            hard = [roles for roles in beyond if roles]
            assert len(hard) >= EACH
            assert sum(roles[0] == "coder" for roles in hard) >= len(hard) * 3 / 4


def test_the_terminal_says_why(tmp_path: Path) -> None:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ORCHESTRATOR_")}
    done = subprocess.run(
        [sys.executable, "-m", "app", "ask", "--why", questions("add", 4)[0].thread[-1].content],
        cwd=ROOT,
        env={**kept, "ORCHESTRATOR_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0
    assert "answered (tier" in done.stderr
    assert "likely right" in done.stderr
