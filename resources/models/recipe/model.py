"""The llama architecture in PyTorch, small enough to train on a few processor cores."""

from types import MethodType

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resources.models.recipe.shapes import Shape

# Cosines and sines of each token's turns, both [tokens, 1, head_width / 2].
Turns = tuple[Tensor, Tensor]


def rope_table(shape: Shape) -> Turns:
    """Return how far each position turns each pair."""
    pairs = torch.arange(0, shape.head_width, 2, dtype=torch.float32) / shape.head_width
    angles = torch.outer(torch.arange(shape.context).float(), shape.rope_base**-pairs)
    return angles.cos()[:, None], angles.sin()[:, None]


def rotate(x: Tensor, turns: Turns) -> Tensor:
    """Rotate neighbouring pairs of `x` [tokens, heads, width]."""
    cos, sin = turns
    even, odd = x.float()[..., 0::2], x.float()[..., 1::2]
    turned = torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1)
    return turned.flatten(-2).to(x.dtype)


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
        seen = _seen(*(part.reshape(-1, length, q.shape[2]) for part in shaped))
        seen = seen.view(count, q.shape[1], length, q.shape[2])
        found.append(seen.transpose(1, 2).reshape(count * length, -1))
    return torch.cat(found)


def _seen(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return what each token of [heads of chats, length, width] sees in those before it.

    Written out: for chats of these lengths, twice as fast on a processor as PyTorch's own.
    """
    later = torch.full((q.shape[1], q.shape[1]), float("-inf"), dtype=q.dtype).triu(1)
    likeness = torch.baddbmm(
        later.expand(q.shape[0], -1, -1), q, k.transpose(1, 2), alpha=q.shape[2] ** -0.5
    )
    return torch.bmm(likeness.softmax(-1), v)


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

    def forward(self, x: Tensor, turns: Turns, groups: list[Group]) -> Tensor:
        """Return the layer's output for `x` [tokens, width]."""
        return self.think(x, attend(*self.look(x, turns), groups))

    def look(self, x: Tensor, turns: Turns) -> tuple[Tensor, Tensor, Tensor]:
        """Return what attention compares and gives: three of [tokens, heads, width]."""
        split = (-1, self.shape.heads, self.shape.head_width)
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(split), turns)
        k = rotate(self.attn_k(h).view(split), turns)
        return q, k, self.attn_v(h).view(split)

    def think(self, x: Tensor, seen: Tensor) -> Tensor:
        """Return the layer's output from its input and what attention saw."""
        x = x + self.attn_output(seen)
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

    def grow_from(self, weights: dict[str, Tensor]) -> None:
        """Take over the weights of a model with as many layers or fewer.

        The layers it did not have change nothing at first: they add nothing to what they get.
        """
        self.load_state_dict(self.state_dict() | weights)
        for at, block in enumerate(self.blocks):
            if f"blocks.{at}.attn_norm.weight" not in weights:
                nn.init.zeros_(block.attn_output.weight)
                nn.init.zeros_(block.ffn_down.weight)

    def compile_layers(self) -> None:
        """Let PyTorch fuse what layers do to each token; needs a C++ compiler, costs 30 s once."""
        look = torch.compile(Block.look, dynamic=True)
        think = torch.compile(Block.think, dynamic=True)
        for block in self.blocks:
            block.look = MethodType(look, block)
            block.think = MethodType(think, block)

    @staticmethod
    def _start(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def hidden(self, tokens: Tensor, groups: list[Group]) -> Tensor:
        """Return the last layer's normed output [tokens, width] for the tokens of all groups."""
        x = self.token_embd(tokens)
        at = torch.cat([torch.arange(length).repeat(count) for count, length in groups])
        turns = (self.table[0][at], self.table[1][at])
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
