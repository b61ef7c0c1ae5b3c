"""What is known of embedding models: how much their lists count, and from where on they mean it.

The figures were chosen on one half of the conversations that `benchmarks/recall_set.py` makes; how
good they are on the other half, `benchmarks/recall_quality.py` says.
"""

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


WITHOUT: Final = Taste(weights=Weights(meaning=0.0, meaning_wide=0.0), opens=0.2, keeps=0.05)
# Cosines of some models are high between any two texts: then nothing says that none is related.
UNKNOWN: Final = Taste(share=0.5, cosine=1.0, opens=0.25, keeps=0.1)
_MINILM: Final = "bf1d74689ea4b1d2db7bc1ee52ed8f4618984437d05ba47d7513d24a8c5f18ed"
_KNOWN: Final = {
    _MINILM: Taste(
        weights=Weights(meaning=2.0, meaning_wide=1.0),
        share=0.5,
        cosine=1.0,
        opens=0.57,
        keeps=0.25,
    ),
}


def taste(embedder: str) -> Taste:
    """Return what is known of a model by the hash of its file; '' is none at all."""
    return _KNOWN.get(embedder, UNKNOWN) if embedder else WITHOUT
