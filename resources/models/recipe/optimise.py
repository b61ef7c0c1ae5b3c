"""The optimiser: Muon for the matrices inside the layers, AdamW for embeddings and norms."""

from typing import Any

import torch
from torch.nn import Parameter
from torch.optim import AdamW, Muon

from resources.models.recipe.model import Llama

MOMENTUM = 0.95
WEIGHT_DECAY = 0.05
BETAS = (0.9, 0.98)
LONGEST_GRADIENT = 1.0


class Optimiser:
    """Two optimisers that step together and are saved as one."""

    def __init__(self, model: Llama, matrix_rate: float, rate: float) -> None:
        self._parameters = list(model.parameters())
        inner = [p for p in model.blocks.parameters() if p.ndim == 2]
        known = {id(p) for p in inner}
        outer: list[Parameter] = [p for p in self._parameters if id(p) not in known]
        self._rates = (matrix_rate, rate)
        self._parts = (
            Muon(inner, lr=matrix_rate, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY),
            AdamW(outer, lr=rate, betas=BETAS, weight_decay=0.0),
        )

    def step(self, share: float) -> None:
        """Take one step at `share` of the full rates and forget the gradients."""
        torch.nn.utils.clip_grad_norm_(self._parameters, LONGEST_GRADIENT)
        for part, rate in zip(self._parts, self._rates, strict=True):
            for group in part.param_groups:
                group["lr"] = rate * share
            part.step()
            part.zero_grad(set_to_none=True)

    def state(self) -> list[dict[str, Any]]:
        """Return what a checkpoint has to keep."""
        return [part.state_dict() for part in self._parts]

    def restore(self, state: list[dict[str, Any]]) -> None:
        """Take over what a checkpoint kept."""
        for part, kept in zip(self._parts, state, strict=True):
            part.load_state_dict(kept)
