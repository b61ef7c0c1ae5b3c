"""The runner's promises hold for every kind of memory: attention, window, state, and mixtures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from installers.setup.engine import cache
from tests.e2e.test_runner_harness import Runner, running, text_of
from tests.zoo.animals import ZOO

LONG = " ".join(f"The {word} is older than the sea." for word in ("hill", "moon", "oak", "road"))
CHATTING = [name for name, animal in ZOO.items() if animal.chats]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zoo")
    for name, animal in ZOO.items():
        animal.write(folder / f"{name}.gguf", cache() / "vocabularies")
    return folder


@pytest.fixture(scope="module", params=CHATTING)
def animal(request: pytest.FixtureRequest, models: Path) -> Iterator[tuple[str, Runner]]:
    arguments = ("--context", "1024", "--sequences", "3", "--threads", "1")
    with running(models / f"{request.param}.gguf", *arguments) as runner:
        yield request.param, runner.ready()


def test_its_memory_is_known(animal: tuple[str, Runner]) -> None:
    name, runner = animal
    (card,) = runner.client.get("/v1/models").json()["data"]
    assert card["meta"]["architecture"] == ZOO[name].architecture
    assert card["meta"]["memory"] == ZOO[name].memory


def test_it_answers_the_same_again_after_something_else(animal: tuple[str, Runner]) -> None:
    _, runner = animal
    first = text_of(runner.chat(LONG, max_tokens=12))
    runner.chat("Something else altogether.", max_tokens=4)
    assert text_of(runner.chat(LONG, max_tokens=12)) == first
    assert text_of(runner.chat(LONG, max_tokens=12)) == first


def test_a_second_turn_is_read_as_if_from_the_beginning(animal: tuple[str, Runner]) -> None:
    _, runner = animal
    thread = [{"role": "user", "content": LONG}]
    answer = text_of(runner.thread(thread, max_tokens=8))
    thread += [
        {"role": "assistant", "content": answer},
        {"role": "user", "content": "And the river?"},
    ]
    warm = text_of(runner.thread(thread, max_tokens=12))
    for number in range(3):  # every sequence forgets
        runner.chat(f"{number} other words, quite different ones", max_tokens=2)
    assert text_of(runner.thread(thread, max_tokens=12)) == warm


def test_what_was_read_is_not_read_again(animal: tuple[str, Runner]) -> None:
    _, runner = animal
    thread = [{"role": "user", "content": f"Again and again. {LONG}"}]
    first = runner.thread(thread, max_tokens=8)
    again = runner.thread(thread, max_tokens=8)
    assert again["timings"]["prompt_n"] == 1
    assert text_of(again) == text_of(first)
    changed = [{"role": "user", "content": f"{thread[0]['content']} Why?"}]
    runner.thread(changed, max_tokens=1)
    assert runner.thread(changed, max_tokens=8)["timings"]["prompt_n"] == 1


def test_together_is_as_alone(animal: tuple[str, Runner]) -> None:
    _, runner = animal
    texts = [f"{word}: {LONG}" for word in ("one", "two", "three")]
    alone = [text_of(runner.chat(text, max_tokens=10)) for text in texts]
    with ThreadPoolExecutor(len(texts)) as pool:
        together = list(pool.map(lambda text: text_of(runner.chat(text, max_tokens=10)), texts))
    assert together == alone


def test_who_leaves_harms_nobody(animal: tuple[str, Runner]) -> None:
    _, runner = animal
    wanted = text_of(runner.chat(LONG, max_tokens=12))
    with runner.streaming("Words that go on and on. " * 12, max_tokens=300) as lines:
        next(line for line in lines if '"content"' in line)
    runner.idle()
    assert text_of(runner.chat(LONG, max_tokens=12)) == wanted


def test_the_encoder_embeds(models: Path) -> None:
    with running(models / "bert.gguf", "--embeddings", "--context", "256") as runner:
        texts = ["a cat", "a cat", "something else"]
        found = runner.ready().client.post("/v1/embeddings", json={"input": texts}).json()
        first, second, third = (row["embedding"] for row in found["data"])
        assert first == pytest.approx(second, abs=1e-4)
        assert first != pytest.approx(third, abs=1e-4)
