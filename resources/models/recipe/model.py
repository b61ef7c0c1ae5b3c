"""The llama architecture in PyTorch, small enough to train on one CPU core."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of one model; head width is `width // heads`."""

    layers: int
    width: int
    heads: int
    ff: int
    vocab: int = 1536
    context: int = 512
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


def rope_table(shape: Shape) -> Tensor:
    """Return cos and sin per position and pair: float32 [context, head_width / 2, 2]."""
    pairs = torch.arange(0, shape.head_width, 2, dtype=torch.float32) / shape.head_width
    angles = torch.outer(torch.arange(shape.context).float(), shape.rope_base**-pairs)
    return torch.stack((angles.cos(), angles.sin()), dim=-1)


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """Rotate interleaved pairs of `x` [batch, heads, time, width] by `table` [batch, time, ...]."""
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = table[:, None, :, :, 0], table[:, None, :, :, 1]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Block(nn.Module):
    """One layer: attention and a gated feed-forward net, each behind an RMS norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, ff = shape.width, shape.ff
        self.attn_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.attn_qkv = nn.Linear(width, 3 * width, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = nn.RMSNorm(width, eps=shape.epsilon)
        self.ffn_gate = nn.Linear(width, ff, bias=False)
        self.ffn_up = nn.Linear(width, ff, bias=False)
        self.ffn_down = nn.Linear(ff, width, bias=False)

    def forward(self, x: Tensor, table: Tensor, mask: Tensor) -> Tensor:
        """Return the layer's output for `x` [batch, time, width]; `mask` says who sees whom."""
        batch, time, width = x.shape
        split = (batch, time, 3, self.shape.heads, self.shape.head_width)
        q, k, v = self.attn_qkv(self.attn_norm(x)).view(split).permute(2, 0, 3, 1, 4)
        q, k = rotate(q.float(), table).to(v.dtype), rotate(k.float(), table).to(v.dtype)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.attn_output(seen.transpose(1, 2).reshape(batch, time, width))
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

    def forward(self, tokens: Tensor, positions: Tensor, chats: Tensor) -> Tensor:
        """Return logits [batch, time, vocab]; a token sees earlier ones of its own chat only."""
        time = tokens.shape[1]
        causal = torch.ones(time, time, dtype=torch.bool).tril()
        mask = (causal & (chats[:, :, None] == chats[:, None, :]))[:, None]
        x = self.token_embd(tokens)
        table = self.table[positions]
        for block in self.blocks:
            x = block(x, table, mask)
        return F.linear(self.output_norm(x), self.token_embd.weight)
