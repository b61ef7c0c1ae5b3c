"""How much memory a model will take, from the header of its file and how it is to be loaded."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from app.domain.gguf import TENSOR_TYPES, ArrayInfo, GgufHeader
from app.domain.layers import Facts, MemoryKind, Room, cache_bytes, memory_kind, state_bytes

_F32_BYTES: Final = 4
_F16_BYTES: Final = 2
# Windows up to here hold mostly texts after which flash attention writes as fast or faster.
_SHORT_WINDOW: Final = 4096
# What the scores of attention may take while they are spelled out.
_SCORES_BYTES: Final = 512 << 20
# What a model that keeps a state may take to have it for the last tokens too, and for how many of
# them that is worth it.
_ROLLBACK_BYTES: Final = 128 << 20
_LEAST_ROLLBACK: Final = 4
# Numbers that one row needs at once between the layers, in times of the feed-forward width.
_WIDTHS: Final = 15
_MARGIN: Final = 1.25
# What is kept of a vocabulary (`src/llama-vocab.cpp`): of each token its text in three tables and
# the way back; of each merge a pair of texts and its rank. Other kinds than BPE have no merges.
_PER_TOKEN: Final = 144
_PER_MERGE: Final = 112
_MERGES: Final = "tokenizer.ggml.merges"
_TOKENS: Final = "token_embd.weight"
_OUTPUT: Final = "output.weight"
_LOOKED_UP: Final = {_TOKENS, "per_layer_token_embd.weight"}
_EXPERTS: Final = "_exps."
_SIZES: Final = {name.lower(): size / values for name, values, size in TENSOR_TYPES.values()}


@dataclass(frozen=True, slots=True)
class Loading:
    """How a model is loaded: what decides its size beside its file.

    `rows` are evaluated at once, `outputs` of them are scored at once, and the scores of `kept` are
    held for whoever reads them. `spelled`: attention computes its scores in full where our runner
    would do so. `rollback` are the tokens a model that keeps a state shall be able to take back.
    """

    context: int
    sequences: int = 1
    rows: int = 256
    outputs: int = 1
    kept: int = 1
    keys: str = "f16"
    values: str = "f16"
    spelled: bool = False
    rollback: int = 0


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes: the weights, what is kept of the past, what an evaluation needs, the vocabulary."""

    weights: int
    cache: int
    compute: int
    vocabulary: int

    @property
    def beside(self) -> int:
        """All that is not weights."""
        return self.cache + self.compute + self.vocabulary

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.beside


def estimate(header: GgufHeader, loading: Loading, *, file_bytes: int = 0) -> Footprint:
    """Return what a model will take.

    Args:
        header: of its file, or of the first of its files.
        loading: how it is loaded.
        file_bytes: the size of all its files; believed where the header does not tell everything.
    """
    facts = Facts(header)
    room = Room(
        context=loading.context,
        sequences=loading.sequences,
        rows=loading.rows,
        key_bytes=_SIZES[loading.keys],
        value_bytes=_SIZES[loading.values],
    )
    return Footprint(
        weights=_weights(header, file_bytes),
        cache=cache_bytes(facts, room) + _rollback_bytes(facts, loading),
        compute=_compute(facts, header.n_vocab, loading),
        vocabulary=_PER_TOKEN * header.n_vocab + _PER_MERGE * _merges(header),
    )


def estimate_projector(header: GgufHeader) -> Footprint:
    """Return what the eyes of a model take: the file that goes with it and turns images to rows."""
    numbers = {
        key.removeprefix("clip.vision."): value
        for key, value in header.metadata.items()
        if key.startswith("clip.vision.") and isinstance(value, int)
    }
    side = numbers.get("image_size", 0) // max(1, numbers.get("patch_size", 1))
    rows, heads = side * side, numbers.get("attention.head_count", 0)
    values = rows * (_WIDTHS * numbers.get("feed_forward_length", 0) + heads * rows)
    return Footprint(_weights(header, 0), 0, int(_MARGIN * _F32_BYTES * values), 0)


def quantisation(header: GgufHeader) -> str:
    """Return the type most of the weights have, such as `Q4_K`, or an empty string."""
    sizes: Counter[int] = Counter()
    for tensor in header.tensors:
        sizes[tensor.kind] += tensor.values
    if not sizes:
        return ""
    kind = sizes.most_common(1)[0][0]
    return TENSOR_TYPES[kind][0] if kind in TENSOR_TYPES else f"type {kind}"


def active_bytes(header: GgufHeader) -> int:
    """Return the bytes of weights that are read for every token of an answer.

    Of many experts only some are asked. The table of tokens is looked up, unless it also serves
    as the last layer.
    """
    facts = Facts(header)
    experts = facts.number("expert_count")
    used = min(experts, facts.number("expert_used_count")) or experts
    tied = all(tensor.name != _OUTPUT for tensor in header.tensors)
    sizes = 0.0
    for tensor in header.tensors:
        if tensor.name in _LOOKED_UP and not (tied and tensor.name == _TOKENS):
            continue
        share = used / experts if experts and _EXPERTS in tensor.name else 1.0
        sizes += share * (tensor.size or 0)
    return int(sizes)


def _merges(header: GgufHeader) -> int:
    found = header.metadata.get(_MERGES)
    return found.items if isinstance(found, ArrayInfo) else 0


def _weights(header: GgufHeader, file_bytes: int) -> int:
    sizes = [tensor.size for tensor in header.tensors]
    split = header.metadata.get("split.count", 1)
    whole = None not in sizes and split in {0, 1}
    known = sum(size or 0 for size in sizes)
    return known if whole else max(known, file_bytes - header.data_offset)


def spells_scores(heads: int, context: int, rows: int) -> bool:
    """Whether our runner computes attention in full on a processor, by the size of the window.

    In full it writes faster after a long text, and needs memory for heads x tokens x rows scores.
    """
    fits = _F32_BYTES * heads * context * rows <= _SCORES_BYTES
    return context > _SHORT_WINDOW and fits


def rollback(state: int, sequences: int, most: int) -> int:
    """Return for how many tokens a state is kept too, so that drafts can be taken back.

    Args:
        state: bytes a sequence carries along.
        sequences: how many there are.
        most: tokens that are wanted.
    """
    tokens = _ROLLBACK_BYTES // (sequences * state) if state else 0
    return min(tokens, most) if tokens >= _LEAST_ROLLBACK else 0


def _rollback_bytes(facts: Facts, loading: Loading) -> int:
    """Return what the states for the last tokens take; only hybrid models can go back to them."""
    if memory_kind(facts) is not MemoryKind.HYBRID:
        return 0
    state = state_bytes(facts)
    return loading.sequences * state * rollback(state, loading.sequences, loading.rollback)


def _compute(facts: Facts, n_vocab: int, loading: Loading) -> int:
    """Return the buffers of one evaluation and of its scores, as llama.cpp says it reserves them.

    Attention has a mask of rows x tokens, in 16 bits; computed in full, mask and scores of every
    head are in 32.
    """
    width = facts.number("embedding_length")
    feed = max(
        facts.number("feed_forward_length", 4 * width),
        facts.number("expert_feed_forward_length") * facts.number("expert_used_count"),
    )
    heads = facts.number("attention.head_count", 1)
    cells = loading.rows * loading.context
    full = loading.spelled and spells_scores(heads, loading.context, loading.rows)
    attention = _F32_BYTES * cells * (1 + heads) if full else _F16_BYTES * cells
    scores = _F32_BYTES * n_vocab * (loading.outputs + loading.kept)
    return int(_MARGIN * loading.rows * _WIDTHS * feed) + attention + scores
