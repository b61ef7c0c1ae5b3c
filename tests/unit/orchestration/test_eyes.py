"""Pictures go to a model that can see; otherwise it is said, and nothing is sent."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.domain.chat import ChatMessage
from app.domain.events import RouteChosen, TurnFailed, TurnFinished
from app.domain.models import LlamaServerOptions, ModelSpec, RemoteOptions, Roster, Tier
from app.orchestration.conductor import Wishes
from app.orchestration.router.router import Router
from tests.unit.orchestration.fakes import FINAL, FRONT, FakeEngine, Stage, text, user

DOT = "data:image/png;base64,iVBORw0KGgo="
EYES = FRONT.model_copy(
    update={
        "name": "eyes",
        "tier": Tier.C,
        "model": ModelSpec(
            name="seeing",
            path=Path("seeing.gguf"),
            engine="llama-server",
            context=4096,
            llama_server=LlamaServerOptions(mmproj=Path("eyes.gguf")),
        ),
    }
)
FAR = FRONT.model_copy(
    update={
        "name": "far",
        "tier": Tier.B,
        "model": ModelSpec(
            name="far", engine="remote", remote=RemoteOptions(url="http://far/v1", vision=True)
        ),
    }
)


def picture(words: str = "What is this?") -> ChatMessage:
    return ChatMessage(role="user", content=words, images=(DOT,))


def stage_of(engine: FakeEngine, *roles: object, sees: bool = True) -> Stage:
    roster = Roster.model_validate({"roles": roles, "default_role": "front", "source": "test"})
    engine.caps = replace(engine.caps, vision=sees)
    return Stage(engine, router=Router(roster))


async def test_a_picture_goes_to_a_role_that_can_see() -> None:
    stage = stage_of(FakeEngine([text("A dot."), FINAL]), FRONT, EYES)
    end = await stage.turns.send([picture()]).wait()
    assert isinstance(end, TurnFinished)
    assert end.receipt.role == "eyes"
    assert "it can see the image" in end.receipt.reason
    (request,) = stage.supervisor.engine.requests
    assert request.messages == (
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": DOT}},
            ],
        },
    )


async def test_a_remote_with_eyes_is_one() -> None:
    stage = stage_of(FakeEngine([text("A dot."), FINAL]), FRONT, FAR)
    end = await stage.turns.send([picture()]).wait()
    assert isinstance(end, TurnFinished)
    assert end.receipt.role == "far"


async def test_without_a_role_that_can_see_nothing_is_loaded_and_it_is_said() -> None:
    stage = stage_of(FakeEngine(), FRONT)
    end = await stage.turns.send([picture()]).wait()
    assert isinstance(end, TurnFailed)
    assert end.code == "cannot_see"
    assert "mmproj" in end.remedy
    assert stage.supervisor.engine.requests == []
    assert stage.supervisor.anyway == [], "no server was asked for"


async def test_the_users_choice_is_not_changed_but_who_could_is_named() -> None:
    stage = stage_of(FakeEngine(), FRONT, EYES)
    end = await stage.turns.send([picture()], Wishes(role="front")).wait()
    assert isinstance(end, TurnFailed)
    assert end.remedy == "Ask a role that can: eyes."
    assert [event.role for event in stage.said if isinstance(event, RouteChosen)] == ["front"]


async def test_an_engine_that_turns_out_blind_is_told() -> None:
    stage = stage_of(FakeEngine(), FRONT, EYES, sees=False)
    end = await stage.turns.send([picture()]).wait()
    assert isinstance(end, TurnFailed)
    assert end.code == "cannot_see"


async def test_older_pictures_are_left_out_openly_for_a_role_that_was_chosen() -> None:
    thread = [picture(), ChatMessage(role="assistant", content="A dot."), user("And in words?")]
    stage = stage_of(FakeEngine([text("Dot."), FINAL]), FRONT, EYES, sees=False)
    end = await stage.turns.send(thread, Wishes(role="front")).wait()
    assert isinstance(end, TurnFinished)
    assert "images further up were left out" in end.receipt.reason
    (request,) = stage.supervisor.engine.requests
    assert all(isinstance(message["content"], str) for message in request.messages)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/cat.png",
        "file:///etc/passwd",
        "data:text/html;base64,AAAA",
        "data:image/png;base64,<script>",
        "data:image/png,raw",
    ],
)
def test_only_pictures_inside_the_message_are_taken(address: str) -> None:
    with pytest.raises(ValidationError):
        ChatMessage(role="user", content="", images=(address,))
