"""The llama architecture in PyTorch, small enough to train on a few processor cores."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resources.models.recipe.shapes import Shape


def rope_table(shape: Shape) -> Tensor:
    """Return the turn of each position and pair as a complex number: [context, head_width / 2]."""
    pairs = torch.arange(0, shape.head_width, 2, dtype=torch.float32) / shape.head_width
    angles = torch.outer(torch.arange(shape.context).float(), shape.rope_base**-pairs)
    return torch.polar(torch.ones_like(angles), angles)


def rotate(x: Tensor, turns: Tensor) -> Tensor:
    """Rotate neighbouring pairs of `x` [tokens, heads, width] by `turns` [tokens, pairs]."""
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turns[:, None]).flatten(-2).to(x.dtype)


# Chats of one length side by side: how many, how long. A step has several such groups.
Group = tuple[int, int]


def attend(q: Tensor, k: Tensor, v: Tensor, groups: list[Group]) -> Tensor:
    """Return what each token sees in the earlier ones of its own chat.

    All of [tokens, heads, width]: what lies in different groups costs nothing together.
    """
    found = []
    sizes = [count * length for count, length in groups]
    parts = zip(groups, q.split(sizes), k.split(sizes), v.split(sizes), strict=True)
    for (count, length), *three in parts:
        shaped = [part.view(count, length, *q.shape[1:]).transpose(1, 2) for part in three]
        seen = F.scaled_dot_product_attention(*shaped, is_causal=True)
        found.append(seen.transpose(1, 2).reshape(count * length, -1))
    return torch.cat(found)


class Block(nn.Module):
    """One layer: attention and a gated feed-forward net, each behind an RMS norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, ff = shape.width, shape.ff
        self.attn_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.attn_q = nn.Linear(width, width, bias=False)
        self.attn_k = nn.Linear(width, width, bias=False)
        self.attn_v = nn.Linear(width, width, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.ffn_gate = nn.Linear(width, ff, bias=False)
        self.ffn_up = nn.Linear(width, ff, bias=False)
        self.ffn_down = nn.Linear(ff, width, bias=False)

    def forward(self, x: Tensor, turns: Tensor, groups: list[Group]) -> Tensor:
        """Return the layer's output for `x` [tokens, width]."""
        split = (-1, self.shape.heads, self.shape.head_width)
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(split), turns)
        k = rotate(self.attn_k(h).view(split), turns)
        v = self.attn_v(h).view(split)
        x = x + self.attn_output(attend(q, k, v, groups))
        h = self.ffn_norm(x)
        inner: Tensor = self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))
        return x + inner


class Llama(nn.Module):
    """The whole model; input and output embeddings are tied."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.width)
        layers = [Block(shape) for _ in range(shape.layers)]
        self.blocks = nn.ModuleList(layers)
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.table = rope_table(shape)
        self.apply(self._start)
        for block in layers:
            for last in (block.attn_output, block.ffn_down):
                nn.init.normal_(last.weight, std=0.02 / (2 * shape.layers) ** 0.5)

    @staticmethod
    def _start(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def hidden(self, tokens: Tensor, groups: list[Group]) -> Tensor:
        """Return the last layer's normed output [tokens, width] for the tokens of all groups."""
        x = self.token_embd(tokens)
        turns = torch.cat([self.table[:length].repeat(count, 1) for count, length in groups])
        for block in self.blocks:
            x = block(x, turns, groups)
        normed: Tensor = self.output_norm(x)
        return normed

    def logits(self, hidden: Tensor) -> Tensor:
        """Return the scores of all tokens for `hidden` [..., width]."""
        return F.linear(hidden, self.token_embd.weight)

    def forward(self, tokens: Tensor, groups: list[Group]) -> Tensor:
        """Return logits [tokens, vocab]."""
        return self.logits(self.hidden(tokens, groups))
