"""One byte-level BPE tokenizer for all starter models; digits stand apart."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from recipe.data.mix import Chat

VOCABULARY = 1536
END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"

# The split pattern that llama.cpp knows by the name "qwen2".
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def build(texts: Iterable[str]) -> Tokenizer:
    """Learn the merges from `texts` and return the tokenizer."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    specials = [AddedToken(text, special=True) for text in (END_OF_TEXT, START, END)]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load(path: Path) -> Tokenizer:
    """Return the tokenizer in `path`."""
    return Tokenizer.from_file(str(path))


def encode_chat(tokenizer: Tokenizer, chat: Chat) -> tuple[list[int], list[bool]]:
    """Return the ids of a chat in ChatML, and for each whether the model has to write it."""
    ids: list[int] = []
    written: list[bool] = []
    for role, content in chat:
        head = tokenizer.encode(f"{START}{role}\n").ids
        body = tokenizer.encode(f"{content}{END}").ids
        tail = tokenizer.encode("\n").ids
        ids += head + body + tail
        written += [False] * len(head) + [role == "assistant"] * len(body) + [False] * len(tail)
    return ids, written
