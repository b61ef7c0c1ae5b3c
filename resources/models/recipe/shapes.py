"""Sizes of a model; apart from PyTorch, so that plans can be read without it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Sizes of one model; head width is `width // heads`."""

    layers: int
    width: int
    heads: int
    ff: int
    context: int
    vocab: int = 2048
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads

    @property
    def parameters(self) -> int:
        """All weights, the tied embedding counted once."""
        layer = 4 * self.width**2 + 3 * self.width * self.ff + 2 * self.width
        return self.layers * layer + (self.vocab + 1) * self.width
