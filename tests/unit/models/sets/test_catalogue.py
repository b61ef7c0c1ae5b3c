"""The catalogue: only what is known to be public, and estimates that are near what is known."""

from pathlib import Path

import pytest

from app.domain.errors import StorageCorrupt
from app.models.sets.catalogue import load_catalogue

CATALOGUE = load_catalogue(Path(__file__).parents[4] / "resources")
ENTRIES = {entry.name: entry for entry in CATALOGUE.models}
PUBLIC = {
    "lmstudio-community/Qwen3.5-0.8B-GGUF/Qwen3.5-0.8B-Q8_0.gguf",
    "unsloth/Qwen3.5-4B-GGUF/Qwen3.5-4B-Q4_K_M.gguf",
    "unsloth/Qwen3.5-9B-GGUF/Qwen3.5-9B-Q4_K_M.gguf",
    "unsloth/gemma-4-12B-it-qat-GGUF/gemma-4-12B-it-qat-UD-Q4_K_XL.gguf",
    "unsloth/Qwen3.6-27B-GGUF/Qwen3.6-27B-Q8_0.gguf",
    "unsloth/Qwen3.6-35B-A3B-GGUF/Qwen3.6-35B-A3B-Q8_0.gguf",
    "ggml-org/gpt-oss-120b-GGUF/gpt-oss-120b-mxfp4-00001-of-00003.gguf",
    "Qwen/Qwen2.5-Coder-7B-Instruct-GGUF/qwen2.5-coder-7b-instruct-q4_k_m.gguf",
    "Qwen/Qwen3-Embedding-0.6B-GGUF/Qwen3-Embedding-0.6B-Q8_0.gguf",
    "CompendiumLabs/bge-small-en-v1.5-gguf/bge-small-en-v1.5-q4_k_m.gguf",
}


def test_only_files_that_are_known_to_be_public() -> None:
    assert {f"{entry.repository}/{entry.file}" for entry in CATALOGUE.models} == PUBLIC


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Qwen3.5 4B", 2.7e9),
        ("Qwen3.5 9B", 5.7e9),
        ("Qwen2.5 Coder 7B", 4.7e9),
        ("Qwen3 Embedding 0.6B", 0.64e9),
    ],
)
def test_estimated_files_are_as_large_as_the_real_ones(name: str, size: float) -> None:
    assert ENTRIES[name].weights == pytest.approx(size, rel=0.05)


def test_what_a_model_takes_grows_with_its_context_as_its_kind_says() -> None:
    plain, hybrid, slid = (
        ENTRIES[name] for name in ("Qwen2.5 Coder 7B", "Qwen3.5 9B", "Gemma 4 12B")
    )
    assert plain.footprint(8192, "f16").cache == 28 * 8192 * 4 * 128 * 2 * 2
    assert plain.footprint(8192, "q8_0").cache < plain.footprint(8192, "f16").cache
    eight = hybrid.footprint(8192, "f16").cache - hybrid.footprint(4096, "f16").cache
    assert eight == 8 * 4096 * 4 * 256 * 2 * 2
    eight = slid.footprint(16384, "f16").cache - slid.footprint(8192, "f16").cache
    assert eight == 8 * 8192 * 8 * 256 * 2 * 2


@pytest.mark.parametrize("content", ["", "models: []", "models: [{name: x}]", "a: [b"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "models.yaml").write_text(content)
    with pytest.raises(StorageCorrupt):
        load_catalogue(tmp_path)
    with pytest.raises(StorageCorrupt):
        load_catalogue(tmp_path / "none")
