"""How long a decision takes: `python -m benchmarks.route`.

Every question is planned several times and the least time counts: what another program takes of
the processor is no part of a decision. The router knows what it knows after months: judged answers
of four models with fitted heads, learned speeds, a gate that was fitted. What memory has to say is
taken as known.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import AttemptRecord, OutcomeRecord, Split, TurnRecord, Witness
from app.engines.residency.outlook import Outlook
from app.models.identity import Identities
from app.orchestration.breaker import Breaker
from app.orchestration.gate.gate import Gate
from app.orchestration.question import Question
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router, Sources
from app.orchestration.router.speeds import Speeds
from benchmarks.cascades.questions import asked

# What a decision may take, of nearly all questions.
MOST_MS: Final = 2.0
NEARLY_ALL: Final = 0.95
TIERS: Final = {"front": Tier.A, "worker": Tier.C, "coder": Tier.B, "architect": Tier.B}


@dataclass(frozen=True)
class Taken:
    """Milliseconds of all decisions: the middle, nearly all, the worst."""

    middle: float
    nearly_all: float
    worst: float

    @staticmethod
    def of(seconds: Sequence[float]) -> "Taken":
        """Return what these decisions took."""
        ordered = sorted(1000 * each for each in seconds)
        most = ordered[int(NEARLY_ALL * len(ordered))]
        return Taken(ordered[len(ordered) // 2], most, ordered[-1])


def questions(count: int, seed: int = 1) -> list[Question]:
    """Return questions of all families of the starter models, with a chat of the past before."""
    dice = random.Random(seed)
    found = [each.question() for each in asked(count // 60 + 1)]
    dice.shuffle(found)
    earlier = [message for each in found[:40] for message in each.thread]
    return [
        replace(
            each,
            thread=(*dice.sample(earlier, 2 * dice.randrange(5)), *each.thread),
            conversation_id=f"c{number % 40}",
        )
        for number, each in enumerate(found[:count])
    ]


def seasoned(judged: int, folder: Path, seed: int = 2) -> Router:
    """Return a router that has seen so many judged answers of every model.

    Args:
        judged: how many.
        folder: where files may be written that stand for the models.
        seed: which answers were right.
    """
    dice, identify = random.Random(seed), Identities()
    roles = [_role(name, tier, folder) for name, tier in TIERS.items()]
    predictor, gate, speeds = Predictor(), Gate(), Speeds()
    for question in questions(judged, seed):
        features = predictor.features(question)
        for at, role in enumerate(roles):
            outcome = OutcomeRecord(
                at=0,
                model_id=identify(role.model),
                family=features.family,
                right=float(dice.random() < 0.5 + at / 10),
                witness=Witness.VALIDATOR,
                source="gate",
                question=question.key,
                probability=dice.random(),
                signals={"logprob_mean": -dice.random()},
                features=features.lexical,
                grams=features.grams,
            )
            predictor.learn(outcome)
            gate.learn(outcome)
            speeds.note(_turn(role.name, features.family))
    predictor.refit()
    gate.refit()
    sources = Sources(
        predictor=predictor,
        speeds=speeds,
        breaker=Breaker(lambda: 0.0),
        identify=identify,
        passing=gate.passing,
        outlook=lambda _: Outlook(resident=False, load_s=2.0, debt_s=1.0),
    )
    return Router(Roster(roles=tuple(roles), default_role="front", source="benchmark"), sources)


def measure(router: Router, given: Sequence[Question], repeats: int) -> Taken:
    """Return what decisions take, the least of several for each question."""
    return Taken.of([min(_once(router, each) for _ in range(repeats)) for each in given])


def _once(router: Router, question: Question) -> float:
    began = process_time()
    router.plan(question.thread, question=question)
    return process_time() - began


def _role(name: str, tier: Tier, folder: Path) -> RoleSpec:
    path = folder / f"{name}.gguf"
    path.write_text(name)
    return RoleSpec(name=name, tier=tier, model=ModelSpec(name=name, path=path, context=8192))


def _turn(name: str, family: str) -> TurnRecord:
    attempt = AttemptRecord(
        role=name,
        tier=TIERS[name],
        model=name,
        model_id=name,
        kind="accept",
        split=Split(read=100, written=1000),
        prompt_tokens=100,
        answer_tokens=100,
    )
    return TurnRecord(turn_id="t", at=0, family=family, attempts=(attempt,))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.route")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--judged", type=int, default=1000, help="judged answers of every model")
    parser.add_argument("--repeats", type=int, default=20)
    args = parser.parse_args()
    given = questions(args.questions)
    print("| a decision, ms | median | 95 % | worst | at most |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for judged, told in ((0, "nothing learned"), (args.judged, f"{args.judged:,} answers a model")):
        with TemporaryDirectory() as folder:
            taken = measure(seasoned(judged, Path(folder)), given, args.repeats)
        holds = "holds" if taken.nearly_all <= MOST_MS else "NO"
        print(
            f"| {told} | {taken.middle:.2f} | {taken.nearly_all:.2f} | {taken.worst:.2f} "
            f"| {MOST_MS:.0f} ({holds}) |"
        )


if __name__ == "__main__":
    main()
