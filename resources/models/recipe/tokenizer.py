"""One byte-level BPE tokenizer for the whole family; digits stand apart."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from resources.models.recipe.chatml import CONTROL, MARKS, Chat, pieces

VOCABULARY = 2048

# The split pattern that llama.cpp knows by the name "qwen2".
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def build(texts: Iterable[str], size: int = VOCABULARY) -> Tokenizer:
    """Learn the merges from `texts` and return the tokenizer."""
    tokenizer = _around(models.BPE())
    control, marks = _added()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=control + marks,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def known(tokens: Sequence[str], merges: Sequence[str]) -> Tokenizer:
    """Return the tokenizer with these tokens, in the order of their ids, and these merges."""
    pairs = [(one, other) for one, _, other in (merge.partition(" ") for merge in merges)]
    vocabulary = {token: at for at, token in enumerate(tokens)}
    tokenizer = _around(models.BPE(vocab=vocabulary, merges=pairs))
    control, marks = _added()
    tokenizer.add_special_tokens(control)
    tokenizer.add_tokens(marks)
    return tokenizer


def _around(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _added() -> tuple[list[AddedToken], list[AddedToken]]:
    control = [AddedToken(text, special=True) for text in CONTROL]
    marks = [AddedToken(text, special=False, normalized=False) for text in MARKS]
    return control, marks


def load(path: Path) -> Tokenizer:
    """Return the tokenizer in `path`."""
    return Tokenizer.from_file(str(path))


def encode_chat(tokenizer: Tokenizer, chat: Chat) -> tuple[list[int], list[bool]]:
    """Return the ids of a chat, and for each whether the model has to write it.

    No token reaches across the edge of a piece: pieces begin or end with a control token.
    """
    parts = list(pieces(chat))
    ids: list[int] = []
    written: list[bool] = []
    for part, found in zip(parts, tokenizer.encode_batch([p.text for p in parts]), strict=True):
        ids += found.ids
        written += [part.written] * len(found.ids)
    return ids, written
