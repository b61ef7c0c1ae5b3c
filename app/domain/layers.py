"""What each layer of a model keeps of the past, from the header: windows, states, shared caches.

The rules follow how llama.cpp lays out its caches (`src/llama-kv-cache*.cpp`, `src/models`).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final, TypeGuard

from app.domain.gguf import GgufHeader

_PAD: Final = 256
_F32_BYTES: Final = 4
_MOST_LAYERS: Final = 10_000  # a header that claims more only wants our memory
_MOST: Final = 1 << 40  # no number of a model is larger; products of larger ones leave all floats
_SHIFTS: Final = 2  # of RWKV, where the file does not say

# Sliding windows: every so many layers one looks back on everything; True where that comes first.
_WINDOWS: Final[dict[str, tuple[int, bool]]] = {
    "gemma2": (2, False), "gemma3": (6, False), "gemma3n": (5, False), "gpt-oss": (2, False),
    "gemma-embedding": (6, False), "cohere2": (4, False), "cohere2moe": (4, True),
    "exaone4": (4, False), "exaone-moe": (4, False), "olmo2": (4, False), "afmoe": (4, False),
    "llama4": (4, False), "smallthinker": (4, True), "mellum": (4, False), "plamo3": (8, False),
    "laguna": (4, True), "muse-glimmer": (4, False), "modern-bert": (3, True),
}  # fmt: skip
_DEFAULT_WINDOW: Final = {"gemma2": 4096, "exaone4": 4096, "llama4": 8192}
_SLIDING_EXAONE4: Final = 64  # layers of the only size that has windows
# Every layer keeps a state and nothing else.
_STATES_ONLY: Final = {"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"}
# Every so many layers one keeps keys and values; the others keep a state.
_INTERVAL: Final = {"qwen3next", "qwen35", "qwen35moe", "qwen4exp", "minimax-01"}
_DEFAULT_INTERVAL: Final = 4
# Texts are read whole, so nothing is kept between evaluations.
_FORGETFUL: Final = {
    "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2",
    "jina-bert-v3", "eurobert", "gemma-embedding", "dream", "llada", "llada-moe", "rnd1",
}  # fmt: skip
_GEMMA3N_OWN: Final = 20  # layers with a cache of their own; the rest look into those


class MemoryKind(StrEnum):
    """How a model keeps what it has read; only plain attention can be cut back token by token."""

    ATTENTION = "attention"
    WINDOW = "sliding window"
    HYBRID = "hybrid"
    RECURRENT = "recurrent"
    NONE = "none"


class Facts:
    """The numbers of a header's architecture, whole or layer by layer."""

    def __init__(self, header: GgufHeader) -> None:
        self._metadata = header.metadata
        self.architecture = header.architecture
        self.layers = max(1, min(header.block_count, _MOST_LAYERS))

    def number(self, key: str, default: int = 0) -> int:
        """Return one number; of a list its largest."""
        return max(self._items(key), default=default)

    def each(self, key: str, default: int = 0) -> list[int]:
        """Return a number for every layer."""
        items = self._items(key)
        if len(items) >= self.layers:
            return items[: self.layers]
        return [items[0] if len(items) == 1 else default] * self.layers

    def has(self, key: str) -> bool:
        """Whether the header says anything of this."""
        return f"{self.architecture}.{key}" in self._metadata

    def lists(self, key: str) -> bool:
        """Whether the header has a list of this, one item for each layer."""
        return isinstance(self._metadata.get(f"{self.architecture}.{key}"), tuple)

    def _items(self, key: str) -> list[int]:
        found = self._metadata.get(f"{self.architecture}.{key}")
        values = found if isinstance(found, tuple) else (found,)
        return [int(max(-_MOST, min(_MOST, value))) for value in values if _is_number(value)]


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and isfinite(value)


@dataclass(frozen=True, slots=True)
class Room:
    """The sizes a context is made with: tokens in all, sequences, rows of one evaluation.

    `key_bytes` and `value_bytes` are what one number takes in the cache.
    """

    context: int
    sequences: int
    rows: int
    key_bytes: float
    value_bytes: float


def memory_kind(facts: Facts) -> MemoryKind:
    """Return how the model keeps the past."""
    if facts.architecture in _FORGETFUL:
        return MemoryKind.NONE
    states = _stateful(facts)
    if any(states):
        all_states = all(states) and not _keeps_both(facts)
        return MemoryKind.RECURRENT if all_states else MemoryKind.HYBRID
    return MemoryKind.WINDOW if any(_sliding(facts)) else MemoryKind.ATTENTION


def cache_bytes(facts: Facts, room: Room) -> int:
    """Return what keys, values and states of all layers take."""
    if facts.architecture in _FORGETFUL:
        return 0
    states = _stateful(facts)
    kept = [
        room_for * one
        for room_for, one in zip(_cells(facts, room), _pairs(facts, room), strict=True)
    ]
    attention = sum(
        each for each, state in zip(kept, states, strict=True) if not state or _keeps_both(facts)
    )
    return int(attention + state_bytes(facts) * room.sequences)


def state_bytes(facts: Facts) -> int:
    """Return what the states of one sequence take in all layers."""
    return sum(_stateful(facts)) * _state_bytes(facts)


def _pairs(facts: Facts, room: Room) -> list[float]:
    """Return the bytes one token takes in each layer that has keys and values."""
    heads = max(1, facts.number("attention.head_count", 1))
    kv_heads = facts.each("attention.head_count_kv", heads)
    width = facts.number("embedding_length") // heads
    key = facts.number("attention.key_length", width)
    value = facts.number("attention.value_length", width)
    slid = _sliding(facts)
    widths = [
        (
            facts.number("attention.key_length_swa", key) if slides else key,
            facts.number("attention.value_length_swa", value) if slides else value,
        )
        for slides in slid
    ]
    # Latent attention keeps one compressed vector and no values.
    value_bytes = 0.0 if facts.has("attention.key_length_mla") else room.value_bytes
    own = _own_layers(facts)
    return [
        count * (k * room.key_bytes + v * value_bytes) if layer < own else 0.0
        for layer, (count, (k, v)) in enumerate(zip(kv_heads, widths, strict=True))
    ]


def _own_layers(facts: Facts) -> int:
    """How many layers, from the first, have a cache of their own."""
    if facts.architecture == "gemma3n":
        return _GEMMA3N_OWN
    return facts.layers - facts.number("attention.shared_kv_layers")


def _cells(facts: Facts, room: Room) -> list[int]:
    """Return how many tokens each layer keeps."""
    whole = _padded(room.context)
    slid = min(whole, _padded(_window(facts) * room.sequences + room.rows))
    return [slid if slides else whole for slides in _sliding(facts)]


def _window(facts: Facts) -> int:
    if facts.architecture == "exaone4" and facts.layers != _SLIDING_EXAONE4:
        return 0
    default = _DEFAULT_WINDOW.get(facts.architecture, 0)
    return facts.number("attention.sliding_window", default)


def _sliding(facts: Facts) -> list[bool]:
    """Return for each layer whether it looks back on a window only."""
    if _window(facts) <= 0:
        return [False] * facts.layers
    if facts.lists("attention.sliding_window_pattern"):
        return [bool(each) for each in facts.each("attention.sliding_window_pattern")]
    if facts.architecture not in _WINDOWS:
        return [False] * facts.layers
    period, dense_first = _WINDOWS[facts.architecture]
    period = facts.number("attention.sliding_window_pattern", period) or 1
    dense = 0 if dense_first else period - 1
    return [layer % period != dense for layer in range(facts.layers)]


def _stateful(facts: Facts) -> list[bool]:
    """Return for each layer whether it keeps a state of fixed size."""
    if facts.architecture in _STATES_ONLY or _keeps_both(facts):
        return [True] * facts.layers
    if facts.has("attention.recurrent_layers"):
        return [bool(each) for each in facts.each("attention.recurrent_layers")]
    if facts.architecture in _INTERVAL:
        every = facts.number("full_attention_interval", _DEFAULT_INTERVAL) or 1
        return [(layer + 1) % every != 0 for layer in range(facts.layers)]
    if not _state_bytes(facts):
        return [False] * facts.layers
    feeds = facts.each("feed_forward_length")
    alone = facts.architecture.startswith("nemotron_h")  # there a layer does only one thing
    kv_heads = facts.each("attention.head_count_kv", 1)
    return [
        count == 0 and not (alone and feed) for count, feed in zip(kv_heads, feeds, strict=True)
    ]


def _keeps_both(facts: Facts) -> bool:
    return facts.architecture == "falcon-h1"


def _state_bytes(facts: Facts) -> int:
    """Return what the state of one sequence takes in one layer."""
    width = facts.number("embedding_length")
    if head := facts.number("wkv.head_size"):
        return _F32_BYTES * width * (facts.number("token_shift_count", _SHIFTS) + head)
    if kernel := facts.number("shortconv.l_cache"):
        return _F32_BYTES * width * (kernel - 1)
    steps = max(0, facts.number("ssm.conv_kernel") - 1)
    if head := facts.number("kda.head_dim"):
        heads = facts.number("attention.head_count", 1)
        return _F32_BYTES * heads * head * (3 * steps + head)
    inner, state = facts.number("ssm.inner_size"), facts.number("ssm.state_size")
    groups = facts.number("ssm.group_count")
    return _F32_BYTES * (steps * (inner + 2 * groups * state) + state * inner)


def _padded(cells: int) -> int:
    return -(-cells // _PAD) * _PAD
