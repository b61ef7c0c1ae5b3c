"""What is to be expected of a model, in words and numbers."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.footprint import active_bytes
from app.domain.gguf import GgufHeader, TensorInfo, Value, read_header
from app.domain.hub import Outcome
from app.models.hub.verdict import Candidate, Machine, drafts_for, judge, profile
from tests.unit.models.hub.stage import starter

GIB = 1 << 30
Q4_K = 12
ROOMY = Machine(64 * GIB, 20e9)


def model(billions: float, architecture: str = "llama", **facts: Value) -> GgufHeader:
    """Return a plain model of so many billions of parameters, a tenth of them its table."""
    values = int(billions * 1e9) // 256 * 256
    told: dict[str, Value] = {
        "general.architecture": architecture,
        f"{architecture}.block_count": 32,
        f"{architecture}.context_length": 32_768,
        f"{architecture}.embedding_length": 4096,
        f"{architecture}.attention.head_count": 32,
        f"{architecture}.attention.head_count_kv": 8,
        "tokenizer.ggml.tokens": ("a", "b"),
        **{key.replace("__", "."): value for key, value in facts.items()},
    }
    tensors = (TensorInfo("blk.0.ffn_up.weight", (values,), Q4_K, 0),)
    return GgufHeader(3, told, tensors, 1 << 20)


def size(header: GgufHeader) -> int:
    return header.expected_size


def candidate(header: GgufHeader) -> Candidate:
    return Candidate(header, size(header), size(header))


def test_a_model_that_fits_and_keeps_up_runs_well() -> None:
    verdict = judge(candidate(model(4)), Machine(12 * GIB, 20e9))
    assert verdict.outcome is Outcome.WELL
    # 4e9 weights of 4.5 bits, and half a window of 8,192 tokens of 128 KiB each.
    read = 4e9 * 144 / 256 + 4096 * 131_072
    assert verdict.tokens_s == pytest.approx(20e9 / read, rel=0.01)
    assert verdict.why == "needs 3.5 GB of 12.0 GB; about 7.2 tokens a second"
    assert verdict.bytes_needed == pytest.approx(3.47 * GIB, rel=0.02)


def test_slower_than_people_read_is_slow() -> None:
    verdict = judge(candidate(model(14)), ROOMY)
    assert verdict.outcome is Outcome.SLOWLY
    assert "slower than people read" in verdict.why
    assert verdict.tokens_s is not None
    assert 1 < verdict.tokens_s < 6


def test_what_takes_nearly_everything_says_so() -> None:
    verdict = judge(candidate(model(4)), Machine(int(3.5 * GIB), 40e9))
    assert verdict.outcome is Outcome.WELL
    assert verdict.why.endswith("little is left for other models")


def test_what_does_not_fit_says_how_much_is_missing_and_what_would() -> None:
    verdict = judge(candidate(model(4)), Machine(int(2.9 * GIB), 20e9))
    assert (verdict.outcome, verdict.tokens_s) == (Outcome.UNFIT, None)
    assert "of 2.9 GB at 8,192 tokens of context; it fits with 4,096" in verdict.why
    never = judge(candidate(model(70)), Machine(8 * GIB, 20e9))
    assert never.outcome is Outcome.UNFIT
    assert "it fits" not in never.why


def test_a_wanted_window_counts_within_what_the_model_was_made_for() -> None:
    needed = [judge(candidate(model(4)), ROOMY, wanted).bytes_needed
              for wanted in (512, 0, 32_768, 1_000_000)]  # fmt: skip
    assert needed == sorted(needed)
    assert needed[2] == needed[3]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (model(1, "brandnew"), "“brandnew” is not known to this version"),
        (model(1, "clip"), "part of another model"),
        (model(1, general__type="adapter"), "adapter"),
        (model(1, tokenizer__ggml__tokens=()), "no vocabulary"),
        (model(1, ""), "does not say"),
    ],
)
def test_what_cannot_run_says_why(header: GgufHeader, why: str) -> None:
    verdict = judge(candidate(header), ROOMY)
    assert verdict.outcome is Outcome.CANNOT
    assert why in verdict.why


def test_another_quantisation_is_judged_by_the_sizes() -> None:
    header = model(4)
    twice = judge(Candidate(header, 2 * size(header), size(header)), ROOMY)
    once = judge(candidate(header), ROOMY)
    assert twice.bytes_needed - once.bytes_needed == pytest.approx(active_bytes(header), rel=0.01)
    assert once.tokens_s is not None
    assert twice.tokens_s is not None
    assert twice.tokens_s < once.tokens_s


def test_who_writes_no_text_has_no_speed_and_neither_has_an_unknown_computer() -> None:
    assert judge(candidate(model(1, "bert")), ROOMY).tokens_s is None
    unknown = judge(candidate(model(1)), Machine(64 * GIB, None))
    assert (unknown.outcome, unknown.tokens_s) == (Outcome.WELL, None)


def test_a_header_tells_what_people_ask_for() -> None:
    told = profile(read_header(io.BytesIO(starter("front"))))
    assert (told.architecture, told.memory, told.context) == ("llama", "attention", 512)
    assert (told.vocabulary, told.quantisation, told.has_template) == (2048, "Q8_0", True)
    assert told.parameters == 2_238_144


def test_a_small_model_can_write_ahead_for_large_ones_of_the_same_vocabulary() -> None:
    headers = {name: read_header(io.BytesIO(starter(name)))
               for name in ("draft", "architect", "worker", "all-MiniLM-L6-v2-q8_0")}  # fmt: skip
    assert drafts_for(headers["draft"], headers) == ("architect",)
    assert drafts_for(headers["all-MiniLM-L6-v2-q8_0"], headers) == ()


NUMBERS = st.one_of(st.integers(-(1 << 63), (1 << 64) - 1), st.floats(), st.booleans(),
                    st.text(max_size=3), st.tuples(st.integers(0, 9)))  # fmt: skip
KEYS = ["block_count", "context_length", "embedding_length", "attention.head_count",
        "attention.head_count_kv", "attention.key_length", "attention.sliding_window",
        "attention.sliding_window_pattern", "expert_count", "expert_used_count",
        "feed_forward_length", "ssm.state_size", "ssm.inner_size", "ssm.conv_kernel",
        "wkv.head_size", "full_attention_interval", "attention.shared_kv_layers"]  # fmt: skip


@settings(max_examples=150)
@given(
    st.sampled_from(["llama", "gemma3", "qwen35", "mamba2", "falcon-h1", "bert", "gemma3n"]),
    st.dictionaries(st.sampled_from(KEYS), NUMBERS, max_size=8),
    st.integers(0, 1 << 31),
)
@example("llama", {"attention.head_count_kv": 7.5e151, "embedding_length": 7.4e151}, 0)
def test_no_header_that_can_be_read_breaks_the_verdict(
    architecture: str, facts: dict[str, Value], wanted: int
) -> None:
    header = model(1, architecture)
    header.metadata.update({f"{architecture}.{key}": value for key, value in facts.items()})
    profile(header)
    verdict = judge(candidate(header), ROOMY, wanted)
    assert verdict.why
