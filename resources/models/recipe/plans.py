"""Who is trained how: shapes, steps, rates and seeds of the five models."""

from dataclasses import dataclass
from typing import Final

from resources.models.recipe.shapes import Shape

VOCABULARY: Final = 2048
SHORT, LONG = 512, 768


@dataclass(frozen=True)
class Plan:
    """One model's training.

    The rate rises over `warm_up` steps, stays, and falls to nothing over the last `fall` steps:
    long falls, because steps as small as these are noisy at the full rate.
    What stands before the fall is kept, so that more steps can be added later.
    """

    name: str
    shape: Shape
    steps: int
    fall: int
    matrix_rate: float
    rate: float
    seed: int
    limit: int
    step_s: float
    tokens: int = 4608
    warm_up: int = 100
    # The model whose weights before the fall this one begins with, if not with chance; layers it
    # has more are added. The mixture of easy and hard goes on from there as well.
    begins_as: str | None = None
    begins_done: float = 0.0

    @property
    def hours(self) -> float:
        """Hours the whole training takes at the measured pace."""
        return self.steps * self.step_s / 3600

    @property
    def falls_at(self) -> int:
        """The step from which on the rate falls."""
        return self.steps - self.fall

    def done(self, step: int) -> float:
        """Return which part of the way from easy to hard chats is over at `step` (from 0)."""
        return self.begins_done + (1 - self.begins_done) * step / self.steps

    @property
    def mark(self) -> str:
        """Everything a checkpoint of this training depends on, except the vocabulary."""
        begin = f" begins as {self.begins_as}" if self.begins_as else ""
        return f"{self.name} {self.shape} seed {self.seed} tokens {self.tokens}{begin}"

    def share(self, step: int, first: int = 0) -> float:
        """Return which part of the full rate `step` (from 0) has in a run that began at `first`."""
        rise = (step - first + 1) / self.warm_up
        fall = (self.steps - step) / self.fall
        return max(0.0, min(1.0, rise, fall))


PLANS: Final = {
    plan.name: plan
    for plan in (
        Plan(
            name="draft",
            shape=Shape(layers=3, width=128, heads=2, ff=352, context=SHORT),
            steps=3600,
            fall=1000,
            matrix_rate=0.016,
            rate=3e-3,
            seed=11,
            limit=1_000_000,
            step_s=0.35,
        ),
        Plan(
            name="front",
            shape=Shape(layers=4, width=192, heads=3, ff=544, context=SHORT),
            steps=3300,
            fall=1200,
            matrix_rate=0.014,
            rate=3e-3,
            seed=12,
            limit=3_000_000,
            step_s=0.75,
        ),
        Plan(
            name="worker",
            shape=Shape(layers=6, width=192, heads=3, ff=544, context=LONG),
            steps=6700,
            fall=2500,
            matrix_rate=0.014,
            rate=3e-3,
            seed=13,
            limit=12_000_000,
            step_s=1.05,
        ),
        # The coder goes on from the worker as it was before its rate fell, with other chats.
        Plan(
            name="coder",
            shape=Shape(layers=6, width=192, heads=3, ff=544, context=LONG),
            steps=600,
            fall=450,
            matrix_rate=0.014,
            rate=3e-3,
            seed=14,
            limit=12_000_000,
            step_s=1.05,
            begins_as="worker",
            begins_done=0.6,
        ),
        # The architect too, with more layers and for longer.
        Plan(
            name="architect",
            shape=Shape(layers=9, width=192, heads=3, ff=544, context=LONG),
            steps=4900,
            fall=2400,
            matrix_rate=0.014,
            rate=3e-3,
            seed=15,
            limit=24_000_000,
            step_s=1.55,
            begins_as="worker",
            begins_done=0.3,
        ),
    )
}
