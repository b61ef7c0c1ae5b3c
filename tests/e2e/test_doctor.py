"""Every mechanism the doctor names does its work when it is asked for through the front doors."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat import ChatMessage
from app.domain.events import TurnFinished
from app.domain.models import ModelSpec
from app.domain.settings import Settings
from app.models.identity import Identities
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.learning import studies
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build

Told = dict[str, dict[str, str]]
ALL = {
    "routing": {
        "hard rules", "kinds of tasks", "skill table", "words and numbers", "speeds",
        "speed or quality", "sticky conversations", "your choice of a role", "learned deadlines",
        "memory and loads", "exploration in turns", "breaker",
    },
    "gate": {
        "hard checks", "validators", "probability", "early opinion", "promise", "probes", "verdict",
    },
    "escalation": {
        "table of decisions", "tier up", "fallback", "retry", "think harder", "continue", "abstain",
        "first words held back",
    },
    "learning": {
        "outcomes", "witnesses", "a changed model begins anew", "audits", "exploration at idle",
        "moves of starts", "work at idle",
    },
    "ledger": {"ledger", "replay"},
}  # fmt: skip


class Front:
    """The private door, as a second process would use it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def query(self, op: str, **more: object) -> dict[str, Any]:
        async with aclosing(self.app.door.handle({"op": op, **more})) as messages:
            async for message in messages:
                assert message["kind"] == "answered", message
                answer: dict[str, Any] = message["answer"]
                return answer
        raise AssertionError("no answer")

    async def ask(self, text: str, **more: Any) -> dict[str, Any]:
        """Return the last message of a question."""
        last: dict[str, Any] = {}
        request = {"op": "ask", "text": text, **more}
        async with aclosing(self.app.door.handle(request)) as messages:
            async for message in messages:
                last = message
        return last

    async def doctor(self) -> Told:
        answer = await self.query("doctor")
        return {each["name"]: each for each in answer["mechanisms"]}

    async def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the ledger."""
        lines = (await self.query("ledger rows", seen=0))["lines"]
        return [json.loads(line) for line in lines]

    async def until(self, true: Callable[[Told], bool]) -> Told:
        """Wait until the doctor says something; the limit of the test is the limit."""
        while not true(told := await self.doctor()):  # noqa: ASYNC110 - it tells no event
            await asyncio.sleep(0.02)
        return told


@asynccontextmanager
async def core(folder: Path, **settings: object) -> AsyncIterator[Front]:
    paths = Paths.discover(folder)
    paths.ensure()
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    wanted = Settings.model_validate({"mock_mode": True, **settings})
    async with build(wanted, paths, owner, has_window=False) as app:
        yield Front(app)


def since(told: Told, name: str) -> int:
    """Return how often something happened, as the doctor counts it."""
    words = told[name]["reason"].split("; ")[-1]
    return int(words.split()[0])


async def test_every_mechanism_is_told_with_its_condition(tmp_path: Path) -> None:
    async with core(tmp_path) as front:
        answer = await front.query("doctor")
        told: dict[str, set[str]] = {}
        for each in answer["mechanisms"]:
            told.setdefault(each["area"], set()).add(each["name"])
            assert each["condition"] in {"live", "observing", "off"}
            assert each["condition"] == "live" or each["reason"]
        for area, names in ALL.items():
            assert names <= told[area], area


async def test_routing_gate_and_escalation_do_what_the_doctor_says(tmp_path: Path) -> None:
    async with core(tmp_path, balance=1.0) as front:
        pinned = await front.ask("What is 12 + 30?", role="coder")
        assert pinned["receipt"]["reason"] == "you chose it"
        plan = await front.query("route", text="Write a Python function.")
        assert plan["family"] == "code"
        assert plan["propensities"] == {plan["start"]: 1.0}
        kept = await front.ask("hello", keep=True)
        assert kept["kind"] == "finished"
        for at in range(12):
            end = await front.ask(f"What is {at + 13} * {at + 31}? Reply with the number only.")
            assert end["kind"] == "finished"
        broken = await front.ask("/mock die-mid Tell me of the sea.")
        assert broken["kind"] in {"finished", "failed"}
        told = await front.doctor()
        assert since(told, "table of decisions") >= 14
        assert since(told, "tier up") + since(told, "retry") > 0
        assert since(told, "fallback") + since(told, "retry") > 0
        assert "models measured" in told["speeds"]["reason"]
        assert "of your turns" in told["outcomes"]["reason"]
        assert "by validator" in told["witnesses"]["reason"]
        assert await front.rows()


async def test_quiet_time_is_used_and_ends_with_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studies, "PROBES", PROBES[:2])
    monkeypatch.setattr("app.orchestration.gate.probes.PROBES", PROBES[:2])
    monkeypatch.setattr(studies, "SHOWN", 2)
    monkeypatch.setattr("app.wiring.on_mains", lambda: True)
    async with core(tmp_path, idle_after_s=0.05) as front:
        before = await front.doctor()
        assert before["verdict"]["condition"] == "off"
        assert before["audits"]["condition"] == "observing"
        await front.ask("What is 12 + 30?")
        told = await front.until(
            lambda told: (
                "seen on" in told["verdict"]["reason"]
                and not told["exploration at idle"]["reason"].startswith("0 ")
            )
        )
        assert since(told, "probes") >= 2
        assert told["verdict"]["condition"] == "observing"
        end = await front.ask("hello")
        assert end["kind"] == "finished"
        sources = {row.get("source") for row in await front.rows()}
        assert {"probe", "reading"} <= sources


async def test_a_share_of_turns_explores_when_the_user_lets_it(tmp_path: Path) -> None:
    async with core(tmp_path, explore=0.03) as front:
        told = await front.doctor()
        assert told["exploration in turns"]["condition"] == "live"
        plan = await front.query("route", text="Tell me of the sea.")
        assert sum(plan["propensities"].values()) == pytest.approx(1.0)
        assert len(plan["propensities"]) > 1
        assert await front.query("moves") == {"moves": [], "resets": []}


def _newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another model answer for the worker from now on."""
    known = Identities.__call__

    def newer(self: Identities, model: ModelSpec) -> str:
        return "sha256:new" if model.name == "mock-worker" else known(self, model)

    monkeypatch.setattr(Identities, "__call__", newer)


async def _told_once(front: Front) -> None:
    (told,) = (await front.query("moves"))["resets"]
    said = {name: told[name] for name in ("kind", "subject", "before", "after")}
    assert said == {
        "kind": "reset",
        "subject": "worker",
        "before": "name:mock-worker",
        "after": "sha256:new",
    }
    changes = [row for row in await front.rows() if row["row"] == "change"]
    assert [row["id"] for row in changes] == [told["id"]]


async def test_another_model_of_a_role_is_a_row_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with core(tmp_path) as front:
        await front.ask("What is 12 + 30?")
        assert (await front.query("moves"))["resets"] == []
    _newer(monkeypatch)
    for _ in range(2):  # it is told once
        async with core(tmp_path) as front:
            await _told_once(front)


async def test_a_model_that_is_replaced_while_the_program_runs_is_told_at_the_next_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with core(tmp_path) as front:
        await front.ask("What is 12 + 30?")
        _newer(monkeypatch)
        for number in range(2):
            await front.ask(f"What is {number} + 30?")
            await _told_once(front)


async def test_a_turn_that_two_want_and_an_unseen_language_end_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([2e9, 1e9, 3e9, 0.0, *[5e8] * 1000])
    monkeypatch.setattr("app.wiring.time.time", lambda: next(clock))
    async with core(tmp_path) as front:
        texts = ["გამარჯობა, როგორ ხარ?", *[f"What is {at} + 1?" for at in range(5)]]
        turns = [front.app.turns.send((ChatMessage(role="user", content=text),)) for text in texts]
        ends = await asyncio.gather(*(turn.wait() for turn in turns))
        assert all(isinstance(end, TurnFinished) and end.text for end in ends)
        assert [row["row"] for row in await front.rows()].count("turn") == len(texts)
