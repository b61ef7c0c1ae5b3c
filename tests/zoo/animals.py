"""The architectures: which sizes a file has to state and which tensors it has to hold.

Names and shapes follow the loaders in `src/models` of llama.cpp; weights are random, seeds fixed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tests.zoo import gguf_file
from tests.zoo.gguf_file import Value

WIDTH, HEADS, KV_HEADS, FF, CONTEXT = 64, 4, 2, 96, 512
HEAD = WIDTH // HEADS
KV = HEAD * KV_HEADS
EXPERTS, EXPERTS_USED = 4, 2
SWA = 32

Shapes = dict[str, tuple[int, ...]]
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@dataclass(frozen=True)
class Animal:
    """One architecture: its vocabulary, what its header says, and its tensors."""

    architecture: str
    vocabulary: str
    memory: str
    layers: int
    shapes: Callable[[int], Shapes]
    extra: dict[str, Value]
    chats: bool = True

    def write(
        self, path: Path, vocabularies: Path, more: Mapping[str, Value] = MappingProxyType({})
    ) -> None:
        """Write the model to `path`, with what else its header is to say."""
        entries = gguf_file.vocabulary(vocabularies / f"ggml-vocab-{self.vocabulary}.gguf")
        random = np.random.default_rng(7)
        tokens = gguf_file.vocabulary_size(entries)
        shapes = {"token_embd.weight": (tokens, WIDTH), "output_norm.weight": (WIDTH,)}
        if not self.chats:
            del shapes["output_norm.weight"]
        shapes |= self.shapes(self.layers)
        tensors = {name: _values(name, shape, random) for name, shape in shapes.items()}
        gguf_file.write(path, {**self._metadata(), **more}, entries, tensors)

    def _metadata(self) -> dict[str, Value]:
        name = self.architecture
        common: dict[str, Value] = {
            "general.architecture": name,
            "general.name": f"tiny {name}",
            f"{name}.context_length": CONTEXT,
            f"{name}.embedding_length": WIDTH,
            f"{name}.block_count": self.layers,
            f"{name}.feed_forward_length": FF,
            f"{name}.attention.head_count": HEADS,
            f"{name}.attention.head_count_kv": KV_HEADS,
            f"{name}.attention.layer_norm_rms_epsilon": 1e-5,
        }
        if self.chats:
            common["tokenizer.chat_template"] = CHATML
        return common | {f"{name}.{key}": value for key, value in self.extra.items()}


def _values(name: str, shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float32]:
    if "norm" in name:
        base = np.zeros(shape) if name.endswith("bias") else np.ones(shape)
    elif name.endswith("ssm_a"):
        base = -np.abs(random.normal(1.0, 0.2, shape))
    else:
        base = random.normal(0.0, 1.0 / np.sqrt(shape[-1]), shape)
    return base.astype(np.float32)


def _attention(layer: int, *, q: int = WIDTH, kv: int = KV) -> Shapes:
    at = f"blk.{layer}."
    return {
        f"{at}attn_norm.weight": (WIDTH,),
        f"{at}attn_q.weight": (q, WIDTH),
        f"{at}attn_k.weight": (kv, WIDTH),
        f"{at}attn_v.weight": (kv, WIDTH),
        f"{at}attn_output.weight": (WIDTH, WIDTH),
    }


def _feed_forward(layer: int) -> Shapes:
    at = f"blk.{layer}."
    return {
        f"{at}ffn_norm.weight": (WIDTH,),
        f"{at}ffn_gate.weight": (FF, WIDTH),
        f"{at}ffn_up.weight": (FF, WIDTH),
        f"{at}ffn_down.weight": (WIDTH, FF),
    }


def _head_norms(layer: int) -> Shapes:
    return {f"blk.{layer}.attn_{part}_norm.weight": (HEAD,) for part in "qk"}


def _llama(layers: int) -> Shapes:
    return _stack(layers, _attention, _feed_forward)


def _qwen2(layers: int) -> Shapes:
    def biases(layer: int) -> Shapes:
        sizes = {"q": WIDTH, "k": KV, "v": KV}
        return {f"blk.{layer}.attn_{part}.bias": (size,) for part, size in sizes.items()}

    return _stack(layers, _attention, biases, _feed_forward)


def _qwen3(layers: int) -> Shapes:
    return _stack(layers, _attention, _head_norms, _feed_forward)


def _gemma2(layers: int) -> Shapes:
    def after(layer: int) -> Shapes:
        names = ("post_attention_norm", "post_ffw_norm")
        return {f"blk.{layer}.{name}.weight": (WIDTH,) for name in names}

    return _stack(layers, _attention, after, _feed_forward)


def _experts(layers: int) -> Shapes:
    def experts(layer: int) -> Shapes:
        at = f"blk.{layer}."
        return {
            f"{at}ffn_norm.weight": (WIDTH,),
            f"{at}ffn_gate_inp.weight": (EXPERTS, WIDTH),
            f"{at}ffn_gate_exps.weight": (EXPERTS, FF, WIDTH),
            f"{at}ffn_up_exps.weight": (EXPERTS, FF, WIDTH),
            f"{at}ffn_down_exps.weight": (EXPERTS, WIDTH, FF),
        }

    return _stack(layers, _attention, _head_norms, experts)


def _mamba(layers: int) -> Shapes:
    inner, state, rank, kernel = 2 * WIDTH, 16, 4, 4

    def block(layer: int) -> Shapes:
        at = f"blk.{layer}."
        return {
            f"{at}attn_norm.weight": (WIDTH,),
            f"{at}ssm_in.weight": (2 * inner, WIDTH),
            f"{at}ssm_conv1d.weight": (inner, kernel),
            f"{at}ssm_conv1d.bias": (inner,),
            f"{at}ssm_x.weight": (rank + 2 * state, inner),
            f"{at}ssm_dt.weight": (inner, rank),
            f"{at}ssm_dt.bias": (inner,),
            f"{at}ssm_a": (inner, state),
            f"{at}ssm_d": (inner,),
            f"{at}ssm_out.weight": (WIDTH, inner),
        }

    return _stack(layers, block)


def _hybrid(layers: int) -> Shapes:
    """Every second layer looks back (with a gate beside its queries), the others carry a state."""
    state, groups, rank, kernel = 16, 2, 4, 4
    key, value = state * groups, state * rank

    def recurrent(layer: int) -> Shapes:
        at = f"blk.{layer}."
        return {
            f"{at}attn_norm.weight": (WIDTH,),
            f"{at}attn_qkv.weight": (2 * key + value, WIDTH),
            f"{at}attn_gate.weight": (value, WIDTH),
            f"{at}ssm_conv1d.weight": (2 * key + value, kernel),
            f"{at}ssm_dt.bias": (rank,),
            f"{at}ssm_a": (rank,),
            f"{at}ssm_beta.weight": (rank, WIDTH),
            f"{at}ssm_alpha.weight": (rank, WIDTH),
            f"{at}ssm_norm.weight": (state,),
            f"{at}ssm_out.weight": (WIDTH, value),
        }

    def block(layer: int) -> Shapes:
        attends = (layer + 1) % 2 == 0
        mixer = _attention(layer, q=2 * WIDTH) | _head_norms(layer) if attends else recurrent(layer)
        rest = _feed_forward(layer)
        del rest[f"blk.{layer}.ffn_norm.weight"]
        return mixer | rest | {f"blk.{layer}.post_attention_norm.weight": (WIDTH,)}

    return _stack(layers, block)


def _bert(layers: int) -> Shapes:
    def norm(name: str) -> Shapes:
        return {f"{name}.{part}": (WIDTH,) for part in ("weight", "bias")}

    def block(layer: int) -> Shapes:
        at = f"blk.{layer}."
        shapes = _attention(layer, kv=WIDTH)
        del shapes[f"{at}attn_norm.weight"]
        shapes |= {f"{at}attn_{part}.bias": (WIDTH,) for part in ("q", "k", "v", "output")}
        shapes |= {f"{at}ffn_up.weight": (FF, WIDTH), f"{at}ffn_up.bias": (FF,)}
        shapes |= {f"{at}ffn_down.weight": (WIDTH, FF), f"{at}ffn_down.bias": (WIDTH,)}
        return shapes | norm(f"{at}attn_output_norm") | norm(f"{at}layer_output_norm")

    around: Shapes = {"token_types.weight": (2, WIDTH), "position_embd.weight": (CONTEXT, WIDTH)}
    return around | norm("token_embd_norm") | _stack(layers, block)


def _stack(layers: int, *parts: Callable[[int], Shapes]) -> Shapes:
    return {
        name: shape
        for layer in range(layers)
        for part in parts
        for name, shape in part(layer).items()
    }


_SSM: dict[str, Value] = {
    "ssm.conv_kernel": 4,
    "ssm.inner_size": 2 * WIDTH,
    "ssm.state_size": 16,
    "ssm.time_step_rank": 4,
}
_MOE: dict[str, Value] = {
    "expert_count": EXPERTS,
    "expert_used_count": EXPERTS_USED,
    "expert_feed_forward_length": FF,
}

ZOO = {
    "llama": Animal("llama", "llama-spm", "attention", 2, _llama, {"rope.dimension_count": HEAD}),
    "qwen2": Animal("qwen2", "qwen2", "attention", 2, _qwen2, {}),
    "qwen3": Animal("qwen3", "qwen2", "attention", 2, _qwen3, {}),
    "hybrid": Animal(
        "qwen35",
        "qwen35",
        "hybrid",
        4,
        _hybrid,
        {
            **_SSM,
            "ssm.inner_size": WIDTH,
            "ssm.group_count": 2,
            "full_attention_interval": 2,
            "rope.dimension_count": HEAD,
            "rope.dimension_sections": [4, 2, 2, 0],
            "attention.key_length": HEAD,
            "attention.value_length": HEAD,
        },
    ),
    "gemma": Animal(
        "gemma2",
        "llama-spm",
        "sliding",
        4,
        _gemma2,
        {
            "attention.sliding_window": SWA,
            "attention.key_length": HEAD,
            "attention.value_length": HEAD,
        },
    ),
    "experts": Animal("qwen3moe", "qwen2", "attention", 2, _experts, _MOE),
    "mamba": Animal("mamba", "gpt-2", "recurrent", 2, _mamba, _SSM),
    "bert": Animal(
        "bert",
        "bert-bge",
        "attention",
        2,
        _bert,
        {
            "attention.causal": False,
            "attention.layer_norm_epsilon": 1e-12,
            "attention.head_count_kv": HEADS,
            "pooling_type": 1,
        },
        chats=False,
    ),
}
