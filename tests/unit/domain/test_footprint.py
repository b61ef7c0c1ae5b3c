"""What a model takes, computed from its header alone."""

import pytest

from app.domain.footprint import (
    Loading,
    active_bytes,
    estimate,
    estimate_projector,
    quantisation,
    rollback,
    spells_scores,
)
from app.domain.gguf import ArrayInfo, GgufHeader, TensorInfo, Value
from app.domain.layers import Facts, MemoryKind, Room, cache_bytes, memory_kind

MIB = 1 << 20
Q4_K, F32 = 12, 0


def header(architecture: str, *tensors: TensorInfo, **facts: Value) -> GgufHeader:
    """Return a header; `__` in the names of facts stands for a dot."""
    keys = {f"{architecture}.{key.replace('__', '.')}": value for key, value in facts.items()}
    return GgufHeader(3, {"general.architecture": architecture, **keys}, tensors, 1000)


def cache(given: GgufHeader, context: int = 8192, sequences: int = 1, **sizes: float) -> int:
    room = Room(context, sequences, 512, sizes.get("keys", 2.0), sizes.get("values", 2.0))
    return cache_bytes(Facts(given), room)


def dense(architecture: str = "llama", layers: int = 28, **more: Value) -> GgufHeader:
    facts: dict[str, Value] = {
        "block_count": layers,
        "embedding_length": 1536,
        "attention__head_count": 12,
        "attention__head_count_kv": 2,
    }
    return header(architecture, **(facts | more))


def test_plain_attention_keeps_keys_and_values_of_every_layer() -> None:
    assert cache(dense()) == 224 * MIB
    assert cache(dense(), context=100) == cache(dense(), context=256), "padded"
    assert cache(dense(), sequences=4) == 224 * MIB, "one pool for all"


def test_the_type_of_the_cache_counts() -> None:
    eight_bits = estimate(dense(), Loading(8192, keys="q8_0", values="q8_0"))
    assert eight_bits.cache == 224 * MIB * 34 // 64
    mixed = estimate(dense(), Loading(8192, keys="f16", values="q4_0"))
    assert mixed.cache == int(112 * MIB + 112 * MIB * (18 / 32) / 2)


def test_heads_and_widths_may_be_stated() -> None:
    plain = dense(attention__head_count_kv=12)
    assert cache(plain) == 6 * 224 * MIB
    wide = dense(attention__key_length=256, attention__value_length=64)
    assert cache(wide) == 28 * 2 * (256 + 64) * 2 * 8192
    no_kv = header("llama", block_count=28, embedding_length=1536, attention__head_count=12)
    assert cache(no_kv) == 6 * 224 * MIB


def test_heads_may_differ_by_layer() -> None:
    assert cache(dense(layers=4, attention__head_count_kv=(2, 0, 2, 0))) == 2 * 8 * MIB


def test_a_window_is_as_long_as_it_looks_back() -> None:
    slid = dense("gemma3", layers=12, attention__sliding_window=1024)
    token = 2 * 128 * 2 * 2
    # Ten layers look back 1024 tokens and hold 512 more; every sixth holds all.
    assert cache(slid) == token * (10 * 1536 + 2 * 8192)
    assert cache(slid, sequences=3) == token * (10 * (3 * 1024 + 512) + 2 * 8192)
    assert cache(slid, context=512) == token * 12 * 512


@pytest.mark.parametrize(
    ("architecture", "facts", "whole"),
    [
        ("gpt-oss", {"attention__sliding_window": 128}, {1, 3}),
        ("smallthinker", {"attention__sliding_window": 4096}, {0}),
        ("gemma2", {}, {1, 3}),
        ("exaone4", {"attention__sliding_window": 64}, {0, 1, 2, 3}),
        ("cohere2", {"attention__sliding_window": 64, "attention__sliding_window_pattern": 2},
         {1, 3}),
        ("gemma4", {"attention__sliding_window": 64,
                    "attention__sliding_window_pattern": (True, False, True, True)}, {1}),
        ("step35", {"attention__sliding_window": 64,
                    "attention__sliding_window_pattern": (True,) * 4}, set()),
        ("llama", {"attention__sliding_window": 4096}, {0, 1, 2, 3}),
        ("gemma3", {}, {0, 1, 2, 3}),
    ],
)  # fmt: skip
def test_which_layers_slide(architecture: str, facts: dict[str, Value], whole: set[int]) -> None:
    token = 2 * 128 * 2 * 2
    found = cache(dense(architecture, layers=4, **facts), context=65536) / token
    window = facts.get("attention__sliding_window", 4096)
    assert isinstance(window, int)
    slid = -(-(window + 512) // 256) * 256
    assert found == len(whole) * 65536 + (4 - len(whole)) * slid


def test_layers_may_look_into_the_cache_of_others() -> None:
    token = 2 * 128 * 2 * 2
    shared = dense("gemma4", layers=10, attention__shared_kv_layers=4)
    assert cache(shared) == 6 * token * 8192
    assert cache(dense("gemma3n", layers=30), 512) == 20 * token * 512


def test_latent_attention_keeps_one_vector() -> None:
    latent = dense(
        "deepseek2",
        attention__head_count_kv=1,
        attention__key_length=576,
        attention__value_length=512,
        attention__key_length_mla=192,
    )
    assert cache(latent) == 28 * 576 * 2 * 8192


SSM: dict[str, Value] = {
    "ssm__conv_kernel": 4,
    "ssm__inner_size": 2048,
    "ssm__state_size": 128,
    "ssm__group_count": 16,
}
STATE = 4 * (3 * (2048 + 2 * 16 * 128) + 128 * 2048)


@pytest.mark.parametrize("every", [None, 4])
def test_a_hybrid_keeps_states_and_a_few_caches(every: int | None) -> None:
    facts = SSM | ({"full_attention_interval": every} if every else {})
    mixed = dense("qwen35", layers=8, **facts)
    assert cache(mixed, sequences=3) == 2 * 8 * MIB + 6 * 3 * STATE


def test_layers_with_states_may_be_listed() -> None:
    mixed = dense(
        "qwen3next", layers=4, attention__recurrent_layers=(True, True, True, False), **SSM
    )
    assert cache(mixed) == 8 * MIB + 3 * STATE
    jamba = dense("jamba", layers=4, attention__head_count_kv=(0, 2, 0, 0), **SSM)
    assert cache(jamba) == 8 * MIB + 3 * STATE


def test_a_layer_of_nemotron_does_one_thing() -> None:
    found = dense(
        "nemotron_h",
        layers=4,
        attention__head_count_kv=(0, 2, 0, 0),
        feed_forward_length=(0, 0, 4096, 0),
        **SSM,
    )
    assert cache(found) == 8 * MIB + 2 * STATE


def test_a_layer_may_keep_both() -> None:
    assert cache(dense("falcon-h1", layers=4, **SSM)) == 4 * (8 * MIB + STATE)


@pytest.mark.parametrize(
    ("architecture", "facts", "state"),
    [
        ("mamba2", SSM, STATE),
        ("rwkv7", {"wkv__head_size": 64}, 4 * 1536 * (2 + 64)),
        ("rwkv7", {"wkv__head_size": 64, "token_shift_count": 1}, 4 * 1536 * (1 + 64)),
    ],
)
def test_states_do_not_grow_with_the_context(
    architecture: str, facts: dict[str, Value], state: int
) -> None:
    given = dense(architecture, layers=4, **facts)
    assert cache(given, sequences=2) == cache(given, 65536, sequences=2) == 4 * 2 * state


def test_short_convolutions_and_delta_states() -> None:
    lfm = dense("lfm2", layers=2, attention__head_count_kv=(0, 2), shortconv__l_cache=3)
    assert cache(lfm) == 8 * MIB + 4 * 1536 * 2
    kimi = dense(
        "kimi-linear",
        layers=2,
        attention__head_count_kv=(0, 2),
        kda__head_dim=128,
        ssm__conv_kernel=4,
    )
    assert cache(kimi) == 8 * MIB + 4 * 12 * 128 * (3 * 3 + 128)


def test_who_reads_whole_texts_keeps_nothing() -> None:
    assert cache(dense("bert")) == 0


def test_weights_are_those_of_all_tensors() -> None:
    tensors = (
        TensorInfo("a", (256, 512), Q4_K, 0),
        TensorInfo("b", (512,), F32, 0),
    )
    given = header("llama", *tensors, block_count=1)
    assert estimate(given, Loading(256)).weights == 512 * 144 + 512 * 4
    assert quantisation(given) == "Q4_K"
    assert quantisation(header("llama")) == ""


def test_the_files_are_believed_where_the_header_cannot_tell() -> None:
    odd = header("llama", TensorInfo("a", (256,), 99, 0))
    assert estimate(odd, Loading(256), file_bytes=5000).weights == 4000
    assert quantisation(odd) == "type 99"
    part = header("llama", TensorInfo("a", (256,), F32, 0))
    part.metadata["split.count"] = 3
    assert estimate(part, Loading(256), file_bytes=9_000_000).weights == 8_999_000


def test_an_evaluation_needs_more_the_more_it_holds() -> None:
    given = dense(feed_forward_length=8960)
    given.metadata["tokenizer.ggml.tokens"] = ArrayInfo(150_000, "")
    small = estimate(given, Loading(8192))
    assert 40 * MIB < small.compute < 120 * MIB
    assert estimate(given, Loading(32768)).compute > small.compute
    more = estimate(given, Loading(8192, outputs=65, kept=65))
    assert more.compute - small.compute == 64 * 8 * 150_000
    assert small.total == small.weights + small.beside
    experts = dense(expert_feed_forward_length=1024, expert_used_count=8, feed_forward_length=64)
    assert (
        estimate(experts, Loading(256)).compute
        > estimate(dense(feed_forward_length=64), Loading(256)).compute
    )


def test_merges_of_a_vocabulary_take_memory_too() -> None:
    given = dense()
    given.metadata["tokenizer.ggml.tokens"] = ArrayInfo(1000, "")
    plain = estimate(given, Loading(256)).vocabulary
    given.metadata["tokenizer.ggml.merges"] = ArrayInfo(500, "")
    assert estimate(given, Loading(256)).vocabulary - plain == 500 * 112 > 0
    assert plain == 1000 * 144


def test_attention_in_full_needs_room_for_the_scores_of_every_head() -> None:
    """By llama.cpp's own words: 4.35 MiB at 4,096 tokens and 3 heads, 33.32 at 8,192 in full."""
    given = dense(layers=9, embedding_length=192, attention__head_count=3, feed_forward_length=544)

    def compute(context: int, *, spelled: bool = True) -> int:
        return estimate(given, Loading(context, spelled=spelled)).compute

    more = compute(8192) - compute(8192, spelled=False)
    assert more == 8192 * 256 * (4 * (1 + 3) - 2)
    assert compute(8192) - compute(4096) == pytest.approx((33.32 - 4.35) * MIB, rel=0.05)
    assert compute(4096) == compute(4096, spelled=False), "a short window"
    assert not spells_scores(32, 32_768, 256), "too large to be kept"


def test_states_for_the_last_tokens_are_kept_where_they_are_small() -> None:
    assert rollback(0, 2, 64) == 0
    assert rollback(1 << 20, 2, 64) == 64
    assert rollback(4 << 20, 2, 64) == 16
    assert rollback(32 << 20, 2, 64) == 0, "not worth it"
    hybrid = dense("qwen35", layers=8, full_attention_interval=4, **SSM)
    plain, kept = (estimate(hybrid, Loading(256, 2, rollback=tokens)) for tokens in (0, 64))
    state = cache(hybrid, 256, 2) - cache(hybrid, 256, 1)
    assert kept.cache - plain.cache == 2 * state * rollback(state, 2, 64) > 0
    assert estimate(dense(), Loading(256, rollback=64)) == estimate(dense(), Loading(256))


def test_eyes_take_their_file_and_the_pieces_of_an_image() -> None:
    tensors = (TensorInfo("a", (1024, 1024), F32, 0),)
    keys: dict[str, Value] = {
        "clip.vision.image_size": 896,
        "clip.vision.patch_size": 14,
        "clip.vision.feed_forward_length": 4304,
        "clip.vision.attention.head_count": 16,
    }
    found = estimate_projector(GgufHeader(3, keys, tensors, 0))
    assert found.weights == 4 * MIB
    assert found.compute > 4096 * 4096 * 16 * 4


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (dense(), MemoryKind.ATTENTION),
        (dense("gemma3", attention__sliding_window=1024), MemoryKind.WINDOW),
        (dense("gemma3"), MemoryKind.ATTENTION),
        (dense("qwen35", ssm__state_size=128), MemoryKind.HYBRID),
        (dense("falcon-h1", ssm__state_size=128), MemoryKind.HYBRID),
        (dense("mamba2"), MemoryKind.RECURRENT),
        (dense("bert"), MemoryKind.NONE),
    ],
)
def test_how_a_model_remembers_has_a_name(given: GgufHeader, kind: MemoryKind) -> None:
    assert memory_kind(Facts(given)) is kind


def test_a_header_that_claims_too_many_layers_takes_no_memory_of_ours() -> None:
    assert Facts(dense(layers=1 << 31)).layers == 10_000
    assert Facts(dense(feed_forward_length=float("inf"))).number("feed_forward_length", 7) == 7


def tensor(name: str, values: int, kind: int = F32) -> TensorInfo:
    return TensorInfo(name, (values,), kind, 0)


def test_a_token_reads_all_weights_but_the_table_of_tokens() -> None:
    table, layer = tensor("token_embd.weight", 1000), tensor("blk.0.ffn_up.weight", 500)
    apart = header("llama", table, layer, tensor("output.weight", 1000))
    assert active_bytes(apart) == 4 * 1500
    assert active_bytes(header("llama", table, layer)) == 4 * 1500, "the table is the last layer"


def test_of_many_experts_only_those_asked_are_read() -> None:
    tensors = tensor("blk.0.ffn_up_exps.weight", 1280), tensor("blk.0.attn_q.weight", 100)
    some = header("qwen3moe", *tensors, expert_count=128, expert_used_count=8)
    assert active_bytes(some) == 4 * (80 + 100)
    unsaid = header("qwen3moe", *tensors, expert_count=128)
    assert active_bytes(unsaid) == 4 * 1380
