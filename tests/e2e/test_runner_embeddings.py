"""Embeddings of a real encoder."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.test_runner_harness import EMBEDDER, Runner, running


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with running(EMBEDDER, "--embeddings", "--context", "4096", "--threads", "2") as started:
        yield started.ready()


def embed(runner: Runner, texts: str | list[str]) -> NDArray[np.float64]:
    response = runner.client.post("/v1/embeddings", json={"input": texts})
    assert response.status_code == 200, response.text
    data = response.json()["data"]
    assert [each["index"] for each in data] == list(range(len(data)))
    return np.array([each["embedding"] for each in data])


def test_near_meanings_are_near(runner: Runner) -> None:
    rows = embed(runner, ["A cat sits on the mat.", "A kitten rests on a rug.", "Shares fell."])
    assert rows.shape == (3, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    near = rows @ rows.T
    assert near[0, 1] > near[0, 2] + 0.3


def test_company_hardly_changes_an_embedding(runner: Runner) -> None:
    alone = embed(runner, "A cat sits on the mat.")[0]
    crowd = embed(runner, ["word " * 50] * 70 + ["A cat sits on the mat."])
    assert crowd.shape[0] == 71
    assert alone @ crowd[-1] > 0.999


def test_a_text_longer_than_the_window_is_refused(runner: Runner) -> None:
    response = runner.client.post("/v1/embeddings", json={"input": ["short", "word " * 900]})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "exceed_context_size")
    assert error["n_ctx"] == 512


def test_it_does_not_chat(runner: Runner) -> None:
    messages = [{"role": "user", "content": "Hello!"}]
    response = runner.client.post("/v1/chat/completions", json={"messages": messages})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "not_supported"


def test_it_describes_itself(runner: Runner) -> None:
    meta = runner.client.get("/v1/models").json()["data"][0]["meta"]
    assert (meta["embedding_length"], meta["n_ctx"], meta["architecture"]) == (384, 512, "bert")
