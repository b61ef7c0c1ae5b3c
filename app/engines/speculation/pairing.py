"""Which model can draft for which: told from the headers of their files alone.

Candidates are token ids, so both must number the same pieces of text alike. Vocabularies padded by
a few tokens still fit (llama.cpp allows 128); names of families prove nothing.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.gguf import COMPARED_ENDS, SPECIAL_ITEMS, ArrayInfo, GgufHeader

# A draft model as heavy as this share of the model it drafts for hardly ever pays.
HEAVY: Final = 1 / 4
# These do not write text, or cannot take back what they wrote.
NO_DRAFTERS: Final = frozenset(
    {
        "bert", "nomic-bert", "jina-bert-v2", "jina-bert-v3", "modern-bert", "t5encoder",
        "mamba", "mamba2", "rwkv6", "rwkv7",
    }
)  # fmt: skip
MARKS: Final = (
    ("add_bos_token", "one puts a mark at the beginning of texts, the other does not"),
    ("add_eos_token", "one puts a mark at the end of texts, the other does not"),
    ("bos_token_id", "their marks for the beginning of a text differ"),
    ("eos_token_id", "their marks for the end of a text differ"),
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whether a model can draft for another: `obstacle` says why not, `doubt` why it may cost."""

    obstacle: str = ""
    doubt: str = ""

    @property
    def fits(self) -> bool:
        """Whether it can draft."""
        return not self.obstacle


def pair(target: GgufHeader, draft: GgufHeader) -> Pairing:
    """Return whether the model of `draft` can draft for the model of `target`."""
    obstacle = _unfit(draft) or _vocabularies(target, draft) or _marks(target, draft)
    heavy = draft.parameters > HEAVY * target.parameters
    doubt = "it is hardly smaller than the model it would draft for" if heavy else ""
    return Pairing(obstacle, "" if obstacle else doubt)


def _unfit(draft: GgufHeader) -> str:
    if draft.architecture in NO_DRAFTERS:
        return f"a model of the kind {draft.architecture} cannot draft"
    return "" if draft.n_vocab else "its file holds no vocabulary"


def _vocabularies(target: GgufHeader, draft: GgufHeader) -> str:
    for key in ("model", "pre"):
        one, other = (_text(each, key) for each in (target, draft))
        if one != other:
            return f"their tokenizers differ ({one or 'none'} against {other or 'none'})"
    size, small = target.n_vocab, draft.n_vocab
    if abs(size - small) > COMPARED_ENDS:
        return f"vocabulary of {small:,} against {size:,} tokens"
    if not _same_tokens(target, draft):
        return "their vocabularies number different pieces of text"
    return ""


def _same_tokens(target: GgufHeader, draft: GgufHeader) -> bool:
    """Compare the tokens both have, the first few control tokens aside."""
    one, other = (each.metadata.get("tokenizer.ggml.tokens") for each in (target, draft))
    if isinstance(one, ArrayInfo) and isinstance(other, ArrayInfo):
        count = min(one.items, other.items)
        ends = [each.ends[each.items - count] for each in (one, other)]
        return ends[0] == ends[1]
    if isinstance(one, tuple) and isinstance(other, tuple):
        count = min(len(one), len(other))
        return one[SPECIAL_ITEMS:count] == other[SPECIAL_ITEMS:count]
    return False  # one is more than twice as long as the other


def _marks(target: GgufHeader, draft: GgufHeader) -> str:
    for key, words in MARKS:
        one, other = (each.metadata.get(f"tokenizer.ggml.{key}") for each in (target, draft))
        if one is not None and other is not None and one != other:
            return words
    return ""


def _text(header: GgufHeader, key: str) -> object:
    return header.metadata.get(f"tokenizer.ggml.{key}", "")
