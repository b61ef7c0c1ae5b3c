"""A grown model says what the small one says, token by token."""

from pathlib import Path

import pytest

from benchmarks import ggufs
from benchmarks.grow import MODELS, Target, grow, prove

DRAFT = MODELS / "draft.gguf"
PROMPTS = ("hello", "What is the capital of Japan?", "What is 17 + 25?", "Spell lamp.")


def test_a_grown_model_answers_with_the_same_tokens(tmp_path: Path) -> None:
    path = tmp_path / "grown.gguf"
    weights = grow(DRAFT, Target(layers=5, width=384, ff=768), path)
    assert weights > 5 * 4 * 384 * 384
    proof = prove(DRAFT, path, PROMPTS)
    assert proof.same == proof.of == len(PROMPTS)
    assert proof.tokens > 10


def test_a_grown_model_is_as_heavy_as_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "grown.gguf"
    grow(DRAFT, Target(layers=5, width=384, ff=768), path)
    found = ggufs.read(path)
    assert found.values["llama.block_count"].number() == 5
    shapes = {(t.columns, t.rows) for t in found.tensors if t.name.startswith("blk.4.")}
    assert shapes == {(384, 0), (384, 384), (384, 768), (768, 384)}


@pytest.mark.parametrize(
    "target", [Target(1, 384, 768), Target(5, 64, 768), Target(5, 384, 32), Target(5, 390, 768)]
)
def test_a_model_is_not_grown_to_less_than_it_is(target: Target, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"larger|width"):
        grow(DRAFT, target, tmp_path / "grown.gguf")
    assert not list(tmp_path.iterdir())
