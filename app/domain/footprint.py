"""How much memory a model will take, from the header of its file and how it is to be loaded."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from app.domain.gguf import TENSOR_TYPES, GgufHeader
from app.domain.layers import Facts, Room, cache_bytes

_F32_BYTES: Final = 4
# Numbers that one row needs at once between the layers, in times of the feed-forward width.
_WIDTHS: Final = 15
_MARGIN: Final = 1.25
# What is kept beside the bytes of a token's text: its tables, there and back.
_PER_TOKEN: Final = 256
_TOKENS: Final = "token_embd.weight"
_OUTPUT: Final = "output.weight"
_LOOKED_UP: Final = {_TOKENS, "per_layer_token_embd.weight"}
_EXPERTS: Final = "_exps."
_SIZES: Final = {name.lower(): size / values for name, values, size in TENSOR_TYPES.values()}


@dataclass(frozen=True, slots=True)
class Loading:
    """How a model is loaded: what decides its size beside its file.

    `rows` are evaluated at once, `outputs` of them are scored at once.
    """

    context: int
    sequences: int = 1
    rows: int = 256
    outputs: int = 1
    keys: str = "f16"
    values: str = "f16"


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
        cache=cache_bytes(facts, room),
        compute=_compute(facts, header.n_vocab, loading),
        vocabulary=_PER_TOKEN * header.n_vocab,
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


def _weights(header: GgufHeader, file_bytes: int) -> int:
    sizes = [tensor.size for tensor in header.tensors]
    split = header.metadata.get("split.count", 1)
    whole = None not in sizes and split in {0, 1}
    known = sum(size or 0 for size in sizes)
    return known if whole else max(known, file_bytes - header.data_offset)


def _compute(facts: Facts, n_vocab: int, loading: Loading) -> int:
    """Return the buffers of one evaluation and of its scores."""
    width = facts.number("embedding_length")
    feed = max(
        facts.number("feed_forward_length", 4 * width),
        facts.number("expert_feed_forward_length") * facts.number("expert_used_count"),
    )
    rows = loading.rows * (2 * loading.context + _WIDTHS * feed)
    scores = 2 * _F32_BYTES * n_vocab * loading.outputs
    return int(_MARGIN * rows) + scores
