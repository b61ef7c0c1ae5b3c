"""Greedy answers of a checkpoint through PyTorch, for where llama.cpp is not at hand."""

from collections.abc import Callable
from pathlib import Path

import torch

from recipe import tokenizer as vocabulary
from recipe.train import PLANS, restore


def greedy(name: str, work: Path, limit: int) -> Callable[[str], str]:
    """Return a function that answers a question with at most `limit` tokens."""
    model, tokenizer = restore(PLANS[name], work), vocabulary.load(work / "tokenizer.json")
    end = tokenizer.token_to_id(vocabulary.END)

    @torch.inference_mode()
    def answer(question: str) -> str:
        ids, _ = vocabulary.encode_chat(tokenizer, (("user", question),))
        ids += tokenizer.encode(f"{vocabulary.START}assistant\n").ids
        asked = len(ids)
        for _ in range(limit):
            tokens = torch.tensor([ids])
            positions = torch.arange(len(ids))[None]
            ids.append(int(model(tokens, positions, torch.zeros_like(tokens))[0, -1].argmax()))
            if ids[-1] == end:
                return str(tokenizer.decode(ids[asked:-1]))
        return str(tokenizer.decode(ids[asked:]))

    return answer
