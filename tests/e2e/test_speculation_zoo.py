"""Drafts change nothing for any kind of memory; what cannot take tokens back says so."""

from pathlib import Path

import pytest

from app.engines.runner.measuring import Measured, Notebook
from installers.setup.engine import cache
from tests.e2e.test_runner_harness import running, text_of
from tests.e2e.test_speculation import FLAT, costs_key
from tests.zoo.animals import ZOO

QUESTION = "The hill is older than the sea. The moon is older than the sea. The oak is"
ARGUMENTS = ("--context", "512", "--sequences", "2", "--threads", "1")
TOKENS = 48
CHATTING = [name for name, animal in ZOO.items() if animal.chats]


@pytest.mark.parametrize("name", CHATTING)
def test_drafts_change_no_answer(name: str, tmp_path: Path) -> None:
    model, costs = tmp_path / f"{name}.gguf", tmp_path / "costs"
    ZOO[name].write(model, cache() / "vocabularies")
    Notebook(costs).write(costs_key(model, threads=1), Measured(dict(FLAT), 0.0, 0.0, fixed=True))
    with running(model, "--no-speculation", *ARGUMENTS) as runner:
        wanted = text_of(runner.ready().chat(QUESTION, max_tokens=TOKENS))
    changed = f"{wanted[: len(wanted) // 3]} other words {wanted[len(wanted) // 2 :]}"
    with running(model, "--costs", str(costs), *ARGUMENTS) as runner:
        drafters = runner.ready().health()["drafters"]
        for guess in (wanted, changed, wanted):
            prediction = {"type": "content", "content": guess}
            answer = runner.chat(QUESTION, max_tokens=TOKENS, prediction=prediction)
            assert text_of(answer) == wanted
            if ZOO[name].memory == "recurrent":
                assert "cannot take back" in drafters["prediction"]["reason"]
                assert answer["timings"]["draft_n"] == 0
            else:
                assert drafters["prediction"]["state"] == "on"
                assert answer["timings"]["draft_n_accepted"] > 0
