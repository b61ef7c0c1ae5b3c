"""What follows an answer that does not pass, driven by real chunks through the private door."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from app.domain.models import Roster, Tier
from app.engines.launch import Launcher
from app.engines.mock import script
from app.models.library import mock_roster
from app.orchestration.escalation import MOST_ATTEMPTS
from tests.e2e.test_doctor import Front, core, since

EQUATION = "Solve the equation x squared equals nine."
SEA = "Tell me of the sea."
Message = dict[str, Any]


@pytest.fixture
def answers_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return what limits the answers of all roles; front can think, and everybody hurries."""
    plain = Launcher._mock

    def command(self: Launcher, role: Any) -> list[str]:
        thinks = ["--thinks"] if role.tier is Tier.A else []
        return [*plain(self, role), "--speed", "50", *thinks]

    def limit(tokens: int) -> None:
        def limited() -> Roster:
            roster = mock_roster()
            roles = tuple(
                role.model_copy(
                    update={"sampling": role.sampling.model_copy(update={"max_tokens": tokens})}
                )
                for role in roster.roles
            )
            return roster.model_copy(update={"roles": roles})

        monkeypatch.setattr("app.models.registry.mock_roster", limited)

    monkeypatch.setattr(Launcher, "_mock", command)
    return limit


async def told(front: Front, text: str, **more: object) -> list[Message]:
    """Return everything the door says to a question."""
    request = {"op": "ask", "text": text, **more}
    async with aclosing(front.app.door.handle(request)) as messages:
        return [message async for message in messages]


def attempts(end: Message) -> list[tuple[str, str, str, str]]:
    return [
        (each["role"], each["kind"], each["cause"], each["action"])
        for each in end["receipt"]["attempts"]
    ]


def seen(messages: Sequence[Message]) -> str:
    """Return the words of the last version, as somebody who reads along has seen them."""
    words = ""
    for message in messages:
        if message["kind"] == "version":
            words = ""
        elif message["kind"] == "text":
            words += message["text"]
    return words


async def test_a_doubtful_result_is_thought_over_by_the_same_model(
    tmp_path: Path, answers_of: Callable[[int], None]
) -> None:
    answers_of(1024)
    async with core(tmp_path) as front:
        *before, end = messages = await told(front, EQUATION)
        assert end["kind"] == "finished"
        assert attempts(end) == [
            ("front", "accept", "doubtful", "think harder"),
            ("front", "think harder", "passed", "accept"),
        ]
        doubtful, thought = (each["probability"] for each in end["receipt"]["attempts"])
        assert doubtful < thought == end["receipt"]["confidence"]
        assert "front was not sure enough" in end["receipt"]["reason"]
        assert end["text"] == seen(messages) == script.answer(EQUATION, "A", 0, thinking=True)
        assert "One step after the other" not in str(before)  # thoughts are no words of an answer
        assert since(await front.doctor(), "think harder") == 1
        (turn,) = [row for row in await front.rows() if row["row"] == "turn"]
        assert [each["kind"] for each in turn["attempts"]] == ["accept", "think harder"]


async def test_an_answer_that_is_cut_off_is_gone_on_with_where_it_stopped(
    tmp_path: Path, answers_of: Callable[[int], None]
) -> None:
    answers_of(40)
    async with core(tmp_path) as front:
        messages = await told(front, SEA)
        end = messages[-1]
        *_, first, second = end["receipt"]["attempts"]
        assert (first["cause"], first["action"], first["answer_tokens"]) == (
            "cut off",
            "continue",
            40,
        )
        assert (second["role"], second["kind"], second["action"]) == (
            first["role"],
            "continue",
            "accept",
        )
        whole = script.answer(SEA, first["tier"], 0)
        assert end["text"] == seen(messages) == whole
        assert len(script.tokens(whole)) == 40 + second["answer_tokens"]
        assert since(await front.doctor(), "continue") == 1


async def test_when_nobody_comes_to_an_end_the_best_is_shown_as_doubtful(
    tmp_path: Path, answers_of: Callable[[int], None]
) -> None:
    answers_of(80)
    async with core(tmp_path) as front:
        messages = await told(front, f"/mock long {SEA}")
        end = messages[-1]
        assert end["kind"] == "finished"
        assert end["receipt"]["decision"] == "abstain"
        tried = attempts(end)
        assert {cause for _, _, cause, _ in tried} == {"cut off"}
        assert sum(kind == "continue" for _, kind, _, _ in tried) == 1
        assert sum(kind != "continue" for _, kind, _, _ in tried) <= MOST_ATTEMPTS
        assert tried[-1][-1] == "abstain"
        likeliest = max(end["receipt"]["attempts"], key=lambda each: each["probability"])
        assert end["receipt"]["role"] == likeliest["role"]
        assert end["text"] == seen(messages)
        assert since(await front.doctor(), "abstain") == 1
        (turn,) = [row for row in await front.rows() if row["row"] == "turn"]
        assert turn["decision"] == "abstain"


async def test_a_pinned_role_abstains_alone(
    tmp_path: Path, answers_of: Callable[[int], None]
) -> None:
    answers_of(20)
    async with core(tmp_path) as front:
        end = (await told(front, f"/mock long {SEA}", role="worker"))[-1]
        assert {role for role, *_ in attempts(end)} == {"worker"}
        assert end["receipt"]["decision"] == "abstain"
        assert end["text"]
