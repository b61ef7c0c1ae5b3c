"""How long a decision takes: `python -m benchmarks.route [--embedder MODEL.gguf]`.

Every question is planned several times and the least time counts, of the processor: what another
program takes of it is no part of a decision. The router knows what it knows after months: judged
answers of four models with fitted heads, learned speeds, a gate that was fitted. What memory has to
say is taken as known. With an embedder, questions of 64 to 128 words are planned, embedded by the
runner on two threads, and planned again; there the least time on the clock counts, as two processes
take turns.
"""

import argparse
import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from app.domain.chat import ChatMessage
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
from benchmarks.rig import Engine, runner

# What a decision may take, of nearly all questions.
MOST_MS: Final = 2.0
MOST_EMBEDDED_MS: Final = 25.0
NEARLY_ALL: Final = 0.95
WIDTH: Final = 384  # of the embedding model that is shipped
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


def long_questions(count: int, seed: int = 3) -> list[Question]:
    """Return questions of 64 to 128 words."""
    dice = random.Random(seed)
    words = [word for each in asked(8) for word in each.question().text.split()]
    found = (" ".join(dice.sample(words, dice.randrange(64, 129))) for _ in range(count))
    return [Question(text, (ChatMessage(role="user", content=text),)) for text in found]


class Embedding:
    """A runner that embeds, as the router asks it."""

    there = True

    def __init__(self, engine: Engine) -> None:
        """Ask this one."""
        self.engine = engine

    def why_not(self) -> str:
        """It is always there."""
        return ""

    async def vector(self, text: str) -> Sequence[float]:
        """Return the vector of a text."""
        return self.engine.vector(text)


def seasoned(judged: int, folder: Path, seed: int = 2, meaning: Embedding | None = None) -> Router:
    """Return a router that has seen so many judged answers of every model.

    Args:
        judged: how many.
        folder: where files may be written that stand for the models.
        seed: which answers were right.
        meaning: embeds questions; those that were judged have made-up vectors then.
    """
    dice, identify = random.Random(seed), Identities()
    roles = [_role(name, tier, folder) for name, tier in TIERS.items()]
    predictor, gate, speeds = Predictor(meaning=meaning), Gate(), Speeds()
    for question in questions(judged, seed):
        features = predictor.features(question)
        vector = tuple(dice.gauss(0, 1) for _ in range(WIDTH)) if meaning else ()
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
                embedding=vector,
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


def measure_embedded(router: Router, given: Sequence[Question], repeats: int) -> Taken:
    """Return what decisions take with the meaning of the question, by the clock."""

    async def once(question: Question) -> float:
        began = perf_counter()
        await router.decide(question.thread, question=question)
        return perf_counter() - began

    async def least(question: Question) -> float:
        return min([await once(question) for _ in range(repeats)])

    async def all_of_them() -> list[float]:
        return [await least(each) for each in given]

    return Taken.of(asyncio.run(all_of_them()))


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
    parser.add_argument("--embedder", type=Path, help="the model that embeds; left out: without")
    args = parser.parse_args()
    given = questions(args.questions)
    print("| a decision, ms | median | 95 % | worst | at most |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for judged, told in ((0, "nothing learned"), (args.judged, f"{args.judged:,} answers a model")):
        with TemporaryDirectory() as folder:
            taken = measure(seasoned(judged, Path(folder)), given, args.repeats)
        print(_line(told, taken, MOST_MS))
    if args.embedder:
        print(_embedded(args.embedder, args.judged, min(args.questions, 60), args.repeats))


def _embedded(model: Path, judged: int, count: int, repeats: int) -> str:
    with (
        TemporaryDirectory() as folder,
        runner(model, "--embeddings", "--context", "512", "--threads", "2") as engine,
    ):
        router = seasoned(judged, Path(folder), meaning=Embedding(engine))
        taken = measure_embedded(router, long_questions(count), repeats)
    return _line("with embedding, 64 to 128 words", taken, MOST_EMBEDDED_MS)


def _line(told: str, taken: Taken, most: float) -> str:
    holds = "holds" if taken.nearly_all <= most else "NO"
    return (
        f"| {told} | {taken.middle:.2f} | {taken.nearly_all:.2f} | {taken.worst:.2f} "
        f"| {most:.0f} ({holds}) |"
    )


if __name__ == "__main__":
    main()
