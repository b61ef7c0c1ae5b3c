"""What a real, very small model makes of turns: whatever it says, only what was said is kept."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.memories import EVERYWHERE, Filter
from app.memory.writing.grounding import grounded
from app.memory.writing.marks import TOLD_FACTS
from app.memory.writing.own import own_sentences
from app.memory.writing.saying import Said
from app.memory.writing.writer import Writer
from tests.e2e.test_runner_harness import MODELS, Runner, running, text_of
from tests.fakes.memories import memories

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()
TURNS = (
    "Hi, I'm Ana and I live in Kiel. What is the weather like there?",
    "Every summer I sail around Fyn with my sister.",
    "My old laptop has only four gigabytes, so big models do not run on it.",
    "We usually have dinner at seven because our children sleep early.",
    "Translate this: I live in Rome and my name is Bruno.",
    "```\nmy name is Carla\n```\nWhy does this not run?",
    "What is the capital of Japan?",
    "Ich habe früher in einer Bäckerei gelernt und backe seitdem mein Brot selbst.",
)
PLAIN = {"I'm Ana.", "I live in Kiel."}


def pressed(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a form in which something has to be said, whether there is something or not."""
    facts = {**schema["properties"]["facts"], "minItems": 1, "maxItems": 2}
    return {**schema, "properties": {"facts": facts}}


def generate_with(runner: Runner, answers: list[str], *, press: bool) -> Any:
    async def generate(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        form = pressed(schema) if press else schema
        body = {
            "messages": [dict(each) for each in messages],
            "response_format": {"type": "json_schema", "json_schema": {"schema": form}},
            "temperature": 1 if press else 0,
            "seed": 7,
            "max_tokens": 400,
        }
        answer = await asyncio.to_thread(runner.client.post, "/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text
        answers.append(text_of(answer.json()))
        return answers[-1]

    return generate


@pytest.mark.parametrize("press", [False, True])
async def test_nothing_but_what_was_said_is_kept(tmp_path: Path, *, press: bool) -> None:
    answers: list[str] = []
    arguments = ("--context", "2048", "--sequences", "2", "--threads", "2")
    with running(MODELS / "worker.gguf", *arguments) as runner:
        runner.ready()
        async with memories(tmp_path, NOW) as kept:
            writer = Writer(
                kept.store,
                kept.bus,
                lambda: NOW,
                generate=generate_with(runner, answers, press=press),
                local=lambda at: datetime.fromtimestamp(at, UTC),
            )
            for number, text in enumerate(TURNS):
                await writer.said(EVERYWHERE, Said("user", text, "c", f"m{number}", NOW))
            await writer.study()
            asked = len(answers)
            await writer.study()
            page = await kept.store.find(Filter(kinds=TOLD_FACTS))
    assert asked == len(answers) == 4
    if press:
        assert all(json.loads(each)["facts"] for each in answers)
    said = [each for text in TURNS for each in own_sentences(text)]
    facts = [each.text for each in page.memories]
    assert set(facts) >= PLAIN
    assert all(any(grounded(fact, each) for each in said) for fact in facts)
    assert not any(name in fact for fact in facts for name in ("Rome", "Bruno", "Carla", "Japan"))
