"""What is known of embedding models: how much their lists count, and from where on they mean it."""

from dataclasses import dataclass, field
from typing import Final

from app.memory.recall.fusion import Weights


@dataclass(frozen=True, slots=True)
class Taste:
    """How lists are weighed, and how related the best memory must be for anything to be recalled.

    A memory is as related as `share` times the part of the question's words it holds, and `cosine`
    times how near it is in meaning. The best one has to reach `opens`, all others `keeps`.
    """

    weights: Weights = field(default_factory=Weights)
    share: float = 1.0
    cosine: float = 0.0
    opens: float = 0.3
    keeps: float = 0.1

    def related(self, share: float, cosine: float) -> float:
        """Return how related a memory is to what is asked."""
        return self.share * share + self.cosine * max(0.0, cosine)


WITHOUT: Final = Taste(weights=Weights(meaning=0.0, meaning_wide=0.0))
UNKNOWN: Final = Taste(cosine=1.0)
_KNOWN: Final[dict[str, Taste]] = {}


def taste(embedder: str) -> Taste:
    """Return what is known of a model by the hash of its file; '' is none at all."""
    return _KNOWN.get(embedder, UNKNOWN) if embedder else WITHOUT
