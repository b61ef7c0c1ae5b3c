"""How well questions are routed between a weak and a strong model, on a trace of both.

    python -m benchmarks.router_trace TRACE.csv[.gz] [--train 1000] [--blind]

Takes any CSV with `subject,prompt,weak_correct,strong_correct[,weak_response,strong_response]`;
`subject` may be missing or left out of sight (`--blind`). Five folds by item; the product's own
predictor learns on four of them and routes the fifth.

APGR is the area under "performance gap recovered" over the share of strong calls (random: 0.5);
CPT50 the share of strong calls that recovers half of the gap. With responses, the gate judges the
weak answers by their text: APGR, AUROC, and the cost at 95 % and 99 % of the strong quality.
Published for comparison (RouteLLM, best router on MMLU): APGR 0.603, CPT50 35.4 %.
"""

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.chat import ChatMessage
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.acceptance import Acceptance, Judged
from app.orchestration.gate.checks import is_refusal
from app.orchestration.gate.signals import signals
from app.orchestration.gate.validators import validated
from app.orchestration.question import Question
from app.orchestration.router.hashing import SIZE
from app.orchestration.router.predictor import Features, Predictor

FOLDS: Final = 5
DRAWS: Final = 200
NEIGHBOURS: Final = 32
COST_RATIOS: Final = (0.05, 0.1, 0.3, 0.5)
SHARES: Final = (0.95, 0.99)

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Item:
    """One question of the trace, and how both models answered."""

    question: Question
    features: Features
    weak: float
    strong: float
    response: str = ""


@dataclass(frozen=True)
class Figures:
    """Area, and the shares of strong calls that recover 50 and 80 % of the gap."""

    apgr: float
    cpt50: float
    cpt80: float


def read(path: Path, *, blind: bool) -> list[Item]:
    """Return the items of a trace; `blind` leaves the subject out of sight."""
    csv.field_size_limit(1 << 24)
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    predictor = Predictor()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [_item(row, predictor, blind=blind) for row in rows]


def _item(row: dict[str, str], predictor: Predictor, *, blind: bool) -> Item:
    question = Question(row["prompt"], (ChatMessage(role="user", content=row["prompt"] or " "),))
    found = predictor.features(question)
    subject = "" if blind else row.get("subject", "")
    features = Features(subject or found.family, found.lexical, found.grams)
    weak, strong = (_truth(row[name]) for name in ("weak_correct", "strong_correct"))
    return Item(question, features, weak, strong, row.get("weak_response") or "")


def _truth(cell: str) -> float:
    return float(cell) if cell.replace(".", "", 1).isdigit() else float(cell.lower() == "true")


def folds(count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (training, test) places, always the same."""
    order = list(range(count))
    Random(0).shuffle(order)
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        yield [at for number in range(FOLDS) if number != fold for at in order[number::FOLDS]], test


def figures(gain: Vector, weak: Vector, strong: Vector) -> Figures:
    """Return the figures when questions go to the strong model in the order of `gain`."""
    order = np.argsort(-gain, kind="stable")
    right = weak.sum() + np.concatenate([[0.0], np.cumsum((strong - weak)[order])])
    recovered = (right - weak.sum()) / (strong.sum() - weak.sum())
    size = len(weak)

    def share(goal: float) -> float:
        return float(np.argmax(recovered >= goal)) / size

    return Figures(float(np.trapezoid(recovered, dx=1 / size)), share(0.5), share(0.8))


def _outcome(item: Item, model: str, right: float) -> OutcomeRecord:
    return OutcomeRecord(
        at=0.0,
        model_id=model,
        family=item.features.family,
        right=right,
        witness=Witness.VALIDATOR,
        source="probe",
        features=item.features.lexical,
        grams=item.features.grams,
    )


def two_heads(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """The product: a chance for each model; what the strong one would add."""
    predictor = Predictor(kept=len(train))
    for item in train:
        predictor.learn(_outcome(item, "weak", item.weak))
        predictor.learn(_outcome(item, "strong", item.strong))
    predictor.refit()
    return np.array(
        [
            predictor.chance(item.features, "strong").probability
            - predictor.chance(item.features, "weak").probability
            for item in test
        ]
    )


def one_head(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """One head for "only the strong one is right"."""
    predictor = Predictor(kept=len(train))
    for item in train:
        predictor.learn(_outcome(item, "gap", float(item.strong > item.weak)))
    predictor.refit()
    return np.array([predictor.chance(item.features, "gap").probability for item in test])


def neighbours(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """The gain among the most similar questions, by hashed words."""
    size = SIZE
    known = np.zeros((len(train), size), np.float32)
    for row, item in enumerate(train):
        for at, weight in item.features.grams:
            known[row, at] = weight
    gains = np.array([item.strong - item.weak for item in train])
    found = []
    for item in test:
        asked = np.zeros(size, np.float32)
        for at, weight in item.features.grams:
            asked[at] = weight
        near = known @ asked
        best = np.argpartition(-near, min(NEIGHBOURS, len(near) - 1))[:NEIGHBOURS]
        found.append(float(np.average(gains[best], weights=near[best] + 1e-6)))
    return np.array(found)


def by_chance(_train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """At random."""
    return np.random.default_rng(0).random(len(test))


ROUTERS: Final[dict[str, Callable[[Sequence[Item], Sequence[Item]], Vector]]] = {
    "two heads (product)": two_heads,
    "one head": one_head,
    "neighbours": neighbours,
    "random": by_chance,
}


def routed(
    items: Sequence[Item], router: Callable[[Sequence[Item], Sequence[Item]], Vector], most: int
) -> Vector:
    """Return what each question would gain from the strong model, unseen by whoever says so."""
    gain = np.zeros(len(items))
    for train, test in folds(len(items)):
        used = [items[at] for at in train[: most or None]]
        gain[test] = router(used, [items[at] for at in test])
    return gain


def interval(gain: Vector, weak: Vector, strong: Vector) -> tuple[float, float]:
    """Return the middle 90 % of APGR over bootstrap samples of items."""
    dice = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        drawn = dice.integers(0, len(gain), len(gain))
        found.append(figures(gain[drawn], weak[drawn], strong[drawn]).apgr)
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)


def judged(items: Sequence[Item]) -> Vector:
    """Return the probability that each weak answer is right, by its text alone."""
    rows = [_row(item) for item in items]
    found = np.zeros(len(items))
    for train, test in folds(len(items)):
        fit = Acceptance.fitted([rows[at] for at in train])
        found[test] = fit.probabilities([rows[at] for at in test])
    return found


def _row(item: Item) -> Judged:
    checked = validated(item.question, "math", item.response)
    values = signals((), (), checked.verdicts, prior=0.5, refused=is_refusal(item.response))
    values["log_count"] = float(np.log1p(len(item.response)))
    return Judged("weak", "other", values, item.weak)


def auroc(scores: Vector, right: Vector) -> float:
    """Return how often a right answer scores above a wrong one."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    good = right > 0.5
    wins = ranks[good].sum() - good.sum() * (good.sum() + 1) / 2
    return float(wins / (good.sum() * (~good).sum()))


def cost_at(items: Sequence[Item], scores: Vector, ratio: float, share: float) -> float:
    """Return the cost of a cascade at a share of the strong quality, in strong calls.

    The threshold for each fold is chosen on the other folds.
    """
    weak = np.array([item.weak for item in items])
    strong = np.array([item.strong for item in items])
    cost = 0.0
    for train, test in folds(len(items)):
        threshold = _cheapest(scores[train], weak[train], strong[train], share)
        cost += ratio * len(test) + float((scores[test] < threshold).sum())
    return cost / len(items)


def _cheapest(scores: Vector, weak: Vector, strong: Vector, share: float) -> float:
    """Return the lowest threshold that keeps the share of quality."""
    goal = share * strong.mean()
    for threshold in np.quantile(scores, np.linspace(0, 1, 101)):
        kept = scores >= threshold
        if np.where(kept, weak, strong).mean() >= goal:
            return float(threshold)
    return float("inf")


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table of a trace."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("trace", type=Path)
    parser.add_argument("--train", type=int, default=0, help="training labels; 0 takes all")
    parser.add_argument("--blind", action="store_true", help="without the subject")
    args = parser.parse_args(argv)
    items = read(args.trace, blind=args.blind)
    weak, strong = (
        np.array([getattr(item, name) for item in items]) for name in ("weak", "strong")
    )
    sys.stdout.write(
        f"{len(items)} questions: weak {weak.mean():.3f}, strong {strong.mean():.3f}\n"
    )
    for name, router in ROUTERS.items():
        gain = routed(items, router, args.train)
        found = figures(gain, weak, strong)
        low, high = interval(gain, weak, strong)
        sys.stdout.write(
            f"{name:<22} APGR {found.apgr:.3f} ({low:.3f} to {high:.3f})"
            f"  CPT50 {found.cpt50:.1%}  CPT80 {found.cpt80:.1%}\n"
        )
    if any(item.response for item in items):
        _print_gate(items, weak, strong)


def _print_gate(items: Sequence[Item], weak: Vector, strong: Vector) -> None:
    scores = judged(items)
    found = figures(-scores, weak, strong)
    area = auroc(scores, weak)
    sys.stdout.write(f"gate, text alone       APGR {found.apgr:.3f}  AUROC {area:.3f}\n")
    for share in SHARES:
        costs = (f"{ratio:g}: {cost_at(items, scores, ratio, share):.3f}" for ratio in COST_RATIOS)
        sys.stdout.write(
            f"  cost at {share:.0%} of strong, by weak/strong price  {'  '.join(costs)}\n"
        )


if __name__ == "__main__":
    main()
