"""What the log-probabilities of an answer's tokens say about it, as numbers of fixed meaning."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import fsum, log

QUANTILES = (0.0, 0.05, 0.10, 0.25, 0.50)


@dataclass(frozen=True, slots=True)
class Confidence:
    """Natural log-probabilities at temperature 1 of the tokens that were chosen.

    `least` to `half`: quantiles, the unsure end. `first`: the first token. `margin` and
    `least_margin`: lead of the chosen token over the next best, mean and least; 0 if not known.
    """

    mean: float
    least: float
    low: float
    tenth: float
    quarter: float
    half: float
    first: float
    log_count: float
    margin: float = 0.0
    least_margin: float = 0.0

    def vector(self) -> tuple[float, ...]:
        """Return the numbers in the order of the fields."""
        return astuple(self)


def confidence(logprobs: Sequence[float], margins: Sequence[float] = ()) -> Confidence | None:
    """Return the statistics of an answer's tokens, without the one that ends it; None for none."""
    if not logprobs:
        return None
    ordered = sorted(logprobs)
    least, low, tenth, quarter, half = (_quantile(ordered, share) for share in QUANTILES)
    return Confidence(
        mean=fsum(logprobs) / len(logprobs),
        least=least,
        low=low,
        tenth=tenth,
        quarter=quarter,
        half=half,
        first=logprobs[0],
        log_count=log(len(logprobs)),
        margin=fsum(margins) / len(margins) if margins else 0.0,
        least_margin=min(margins, default=0.0),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile, on the line between the two numbers around it."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
