"""What the gate may promise of each model and group, as rows for people."""

from collections.abc import Iterable

from app.domain.models import Frozen
from app.domain.routing import Group
from app.orchestration.gate.promises import Standing


class GateRow(Frozen):
    """What holds for the answers of one model to one group of questions.

    `kept`: of all questions at most `alpha` end as a wrong answer that passed, sure to 1 - `delta`.
    `needed`: answers that are missing until that can be said at all. `threshold`: the least
    probability that passes. `wrong`: the share of wrong ones among those that passed, between
    `wrong_least` and `wrong_most`; None where none has passed yet.
    """

    model_id: str
    group: Group
    kept: bool
    alpha: float
    delta: float
    count: int
    needed: int
    threshold: float
    passed: float
    wrong: float | None = None
    wrong_least: float = 0.0
    wrong_most: float = 1.0

    @property
    def state(self) -> str:
        """What may be said, in words."""
        if self.kept:
            return (
                f"at most {self.alpha:.0%} of all questions end as a wrong answer that passed "
                f"(sure to {1 - self.delta:.0%}, from {self.count} answers)"
            )
        if self.needed:
            return f"no promise yet: {self.needed} more judged answers are needed"
        return f"no promise: of {self.count} answers the surest are wrong too often"

    @property
    def passing(self) -> str:
        """What passes and how much of that is wrong, in words."""
        told = f"passes from {self.threshold:.2f} on"
        if self.wrong is None:
            return told
        between = f"{self.wrong_least:.0%} to {self.wrong_most:.0%}"
        return f"{told}: {self.passed:.0%} of answers, {self.wrong:.1%} of them wrong ({between})"


def gate_rows(standings: Iterable[Standing]) -> list[GateRow]:
    """Return a row for each model and group that was judged."""
    return [_row(each) for each in sorted(standings, key=lambda one: (one.model_id, one.group))]


def _row(standing: Standing) -> GateRow:
    least, most = standing.wrong_interval
    threshold = standing.threshold
    return GateRow(
        model_id=standing.model_id,
        group=standing.group,
        kept=standing.promises,
        alpha=threshold.alpha,
        delta=threshold.delta,
        count=threshold.count,
        needed=standing.needed,
        threshold=standing.value,
        passed=standing.passed_share,
        wrong=standing.wrong_share,
        wrong_least=least,
        wrong_most=most,
    )
