"""Sizes: forecast from files, corrected by what was seen, remembered across sessions."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.domain.footprint import quantisation
from app.domain.gguf import GgufHeader, read_header
from app.domain.models import LlamaServerOptions, ModelSpec
from app.engines.residency.forecast import Forecast, fingerprint, forecast, shares
from app.engines.residency.records import Records
from app.engines.residency.sizes import Size, Sizes, needed
from app.platform.memory import Usage
from app.platform.storage import Database
from tests.zoo.gguf_file import Value, write

MODELS = Path(__file__).parents[4] / "resources" / "models"
FRONT, DRAFT = MODELS / "front.gguf", MODELS / "draft.gguf"
EMBEDDER = MODELS / "all-MiniLM-L6-v2-q8_0.gguf"
MB = 1 << 20


def model(path: Path = FRONT, **fields: object) -> ModelSpec:
    return ModelSpec.model_validate({"name": "m", "path": path, **fields})


def test_a_forecast_holds_weights_cache_and_the_process() -> None:
    found = forecast(model(context=4096))
    with FRONT.open("rb") as file:
        header = read_header(file)
    assert found.kind == f"runner {header.architecture} {quantisation(header)}"
    assert found.weights == pytest.approx(FRONT.stat().st_size, rel=0.1)
    longer = forecast(model(context=8192))
    # Keys and values of every layer, 2 bytes for each number.
    assert longer.beside - found.beside - (longer.untouched - found.untouched) == (
        _layers_and_heads(header) * 2 * 2 * 4096
    )


def _layers_and_heads(header: GgufHeader) -> int:
    """Return how many numbers the keys of one token are, over all layers."""

    def said(key: str) -> int:
        value = header.metadata[f"{header.architecture}.{key}"]
        assert isinstance(value, int)
        return value

    width = said("embedding_length") // said("attention.head_count")
    return said("block_count") * said("attention.head_count_kv") * width


def test_a_draft_model_comes_along_where_it_is_used() -> None:
    alone = forecast(model())
    paired = forecast(model(draft=DRAFT))
    assert paired.weights - alone.weights == pytest.approx(DRAFT.stat().st_size, rel=0.1)
    assert paired.beside > alone.beside
    assert forecast(model(draft=DRAFT, speculation=False)).weights == alone.weights


def test_a_past_in_a_smaller_form_takes_less() -> None:
    usual, small = (
        shares(model(context=4096, kv_keys=kind, kv_values=kind)).past for kind in ("f16", "q8_0")
    )
    assert small == pytest.approx(usual * 34 / 64, rel=0.01)  # 32 numbers in 34 bytes, not in 64
    assert shares(model(ubatch=64)).work < shares(model(ubatch=512)).work


def test_a_file_of_eyes_counts() -> None:
    seeing = model(
        engine="llama-server", llama_server=LlamaServerOptions(mmproj=DRAFT).model_dump()
    )
    assert forecast(seeing).weights > forecast(model()).weights


def test_an_embedding_model_keeps_no_past() -> None:
    found = forecast(model(EMBEDDER, context=512, embeddings=True))
    assert found.weights == pytest.approx(EMBEDDER.stat().st_size, rel=0.05)
    # Of every row of a text there is room for its scores over the vocabulary.
    assert 4 * 512 * 30_522 < found.untouched < found.beside < 140 * MB


def test_what_cannot_be_read_takes_only_a_process(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and then nothing")
    assert forecast(model(broken)).weights == 0
    assert forecast(model(tmp_path / "none.gguf")).weights == 0


def test_a_model_in_parts_is_as_big_as_all_of_them(tmp_path: Path) -> None:
    first = tmp_path / "big-00001-of-00003.gguf"
    shutil.copy(FRONT, first)
    for part in (2, 3):
        (tmp_path / f"big-0000{part}-of-00003.gguf").write_bytes(b"x" * MB)
    # The copy does not say that it is a part, so its own tensors are believed.
    assert forecast(model(first)).weights == forecast(model()).weights


def test_the_fingerprint_follows_files_and_ways_of_loading(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    shutil.copy(DRAFT, file)
    before = fingerprint(model(file))
    assert fingerprint(model(file, threads=3)) == before
    assert fingerprint(model(file, context=99)) != before
    assert fingerprint(model(file, draft=FRONT)) != before
    shutil.copy(FRONT, file)
    assert fingerprint(model(file)) != before


async def test_what_was_seen_is_believed_and_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "echelon.db", tmp_path / "backups")
    await database.open()
    sizes = Sizes(Records(database))
    expected = await sizes.of(model())
    assert expected.bytes == expected.predicted
    loaded = await sizes.loaded(expected, Usage(own=70 * MB, resident=90 * MB), load_s=2.5)
    # Its own, what is mapped of the file, and buffers that nobody has touched yet.
    assert loaded.bytes == pytest.approx(
        70 * MB + expected.forecast.untouched, abs=FRONT.stat().st_size + MB
    )
    assert (await sizes.of(model())).bytes == loaded.bytes

    await sizes.leaves(loaded, Usage(own=60 * MB, resident=90 * MB))
    assert (await sizes.of(model())).bytes == loaded.bytes, "less than it may take"
    await sizes.leaves(loaded, Usage(own=95 * MB, resident=99 * MB))
    grown = await sizes.of(model())
    assert grown.bytes >= 95 * MB
    assert grown.reload_s == 2.5

    again = Sizes(Records(database))
    assert (await again.of(model())).bytes == grown.bytes
    await database.close()


async def test_models_of_one_kind_are_corrected_alike() -> None:
    sizes = Sizes(Records(None))
    size = await sizes.of(model())
    ample = Usage(own=int(1.4 * size.predicted), resident=2 * size.predicted)
    await sizes.loaded(size, ample, load_s=1.0)
    other = await sizes.of(model(DRAFT))
    assert 1.3 < other.bytes / other.predicted < 1.6
    unlike = await sizes.of(model(EMBEDDER, embeddings=True))
    assert unlike.bytes == unlike.predicted


async def test_an_error_of_a_small_model_says_little_of_a_large_one() -> None:
    sizes = Sizes(Records(None))
    small = await sizes.of(model(DRAFT))
    less = small.predicted - small.forecast.untouched - 6 * MB
    await sizes.loaded(small, Usage(own=less, resident=less), load_s=1.0)
    large = await sizes.of(model(context=65_536))
    assert large.predicted > 4 * small.predicted
    assert large.bytes == large.predicted - 6 * MB
    # And a large one says little of a small one: there its share counts.
    sizes = Sizes(Records(None))
    large = await sizes.of(model(context=65_536))
    more = large.predicted + 200 * MB
    await sizes.loaded(large, Usage(own=more, resident=more), load_s=1.0)
    again = await sizes.of(model(DRAFT))
    seen = await sizes.seen(model(context=65_536))
    assert seen is not None
    share = seen.measured / seen.predicted
    assert again.bytes == pytest.approx(share * again.predicted, rel=0.01)


def test_what_cannot_take_tokens_back_scores_no_drafts(tmp_path: Path) -> None:
    kinds = ("llama", "mamba")
    alike = {"embedding_length": 64, "block_count": 1, "feed_forward_length": 96}
    for kind in kinds:
        metadata: dict[str, Value] = {f"{kind}.{key}": value for key, value in alike.items()}
        metadata |= {"general.architecture": kind, "tokenizer.ggml.tokens": [1] * 1000}
        weights = np.zeros((4, 8), dtype=np.float32)
        write(tmp_path / f"{kind}.gguf", metadata, {}, {"token_embd.weight": weights})
    plain, recurrent = (forecast(model(tmp_path / f"{kind}.gguf")) for kind in kinds)
    assert plain.untouched - recurrent.untouched == 64 * 8 * 1000


LARGE = Size("key", Forecast("kind", 400 * MB, 100 * MB, 20 * MB), 500 * MB, 1.0)


async def test_weights_copied_into_another_form_count_once() -> None:
    sizes = Sizes(Records(None))
    await sizes.of(model())
    copied = Usage(own=480 * MB, resident=880 * MB)
    mapped = Usage(own=80 * MB, resident=480 * MB)
    assert (await sizes.loaded(LARGE, copied, 1.0)).bytes == LARGE.predicted
    assert (await sizes.loaded(LARGE, mapped, 1.0)).bytes == LARGE.predicted


async def test_buffers_that_are_filled_already_count_once() -> None:
    sizes = Sizes(Records(None))
    await sizes.of(model())
    filled = Usage(own=100 * MB, resident=500 * MB)
    loaded = await sizes.loaded(LARGE, filled, 1.0)
    assert (loaded.bytes, loaded.copied) == (LARGE.predicted, 0)


async def test_what_grew_unexpectedly_counts_in_full() -> None:
    sizes = Sizes(Records(None))
    await sizes.of(model())
    grown = Usage(own=150 * MB, resident=550 * MB)
    loaded = await sizes.loaded(LARGE, grown, 1.0)
    assert loaded.bytes == LARGE.predicted + 50 * MB
    # Buffers of a small model that fill in use are no copies of its weights.
    small = replace(LARGE, forecast=Forecast("kind", 20 * MB, 150 * MB, 90 * MB))
    loaded = await sizes.loaded(small, Usage(own=60 * MB, resident=80 * MB), 1.0)
    assert needed(loaded, Usage(own=150 * MB, resident=170 * MB)) == small.predicted


async def test_a_database_that_fails_costs_only_the_memory_of_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "echelon.db", tmp_path / "backups")
    await database.open()
    await database.close()
    sizes = Sizes(Records(database))
    size = await sizes.of(model())
    await sizes.loaded(size, Usage(MB, MB), 1.0)
    assert (await sizes.of(model())).reload_s == 1.0


async def test_the_registry_tells_until_something_was_measured() -> None:
    told = model(measured={"bytes": 77 * MB, "load_s": 3})
    sizes = Sizes(Records(None))
    size = await sizes.of(told)
    assert (size.bytes, size.reload_s) == (77 * MB, 3)
    assert await sizes.seen(told) is None
    await sizes.loaded(size, Usage(own=200 * MB, resident=200 * MB), 5.0)
    seen = await sizes.seen(told)
    assert seen is not None
    assert (await sizes.of(told)).bytes == seen.measured != 77 * MB
    # What was measured before is what this model takes, whatever the registry says of it.
    assert await sizes.seen(model()) == seen
