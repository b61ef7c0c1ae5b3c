"""How often what answers a question is recalled: `python -m benchmarks.recall_quality [PATH]`.

PATH holds conversations in LoCoMo's form; without it, those of `benchmarks.recall_set` are asked.
Every conversation is kept in the real store under a scope of its own, its turns by themselves and
with the two turns before. `--half even` or `odd` takes every second conversation: weights and
floors were chosen on the even ones of the generated set, so only the odd ones say how good they
are. Vectors come from the shipped embedding model through the runner and are kept in
`build/recall`. `--lexical` asks without them.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from app.memory.file import MemoryFile
from app.memory.recall.parts import parts
from app.memory.store import MemoryStore
from app.platform.bus import Bus
from app.platform.storage import Database
from benchmarks.recall_set import conversations
from benchmarks.recollection.figures import CUTS, Outcome, difference, interval, mean, share
from benchmarks.recollection.methods import (
    Kept,
    Method,
    Nearest,
    by_meaning,
    by_words,
    equal,
    keep,
    ours,
)
from benchmarks.recollection.sets import Sample, read, samples
from benchmarks.recollection.shapes import migrations
from benchmarks.recollection.vectors import Vectors
from benchmarks.rig import table

OURS: Final = "ours"
OURS_LEXICAL: Final = "ours, without an embedding model"
Outcomes = dict[str, list[Outcome]]


def halved(given: Sequence[Sample], half: str) -> list[Sample]:
    """Return every second conversation, or all of them."""
    wanted = {"even": (0,), "odd": (1,)}.get(half, (0, 1))
    return [each for number, each in enumerate(given) if number % 2 in wanted]


def learned(given: Sequence[Sample]) -> Vectors:
    """Return the vectors of all that is said and asked."""
    vectors = Vectors()
    said = [text for each in given for turn in each.turns for text in (turn.said, turn.wide)]
    asked = [question.text for each in given for question in each.questions]
    apart = [part.whole for each in asked for part in parts(each)]
    vectors.learn([*said, *asked, *apart])
    return vectors


async def outcomes(given: Sequence[Sample], vectors: Vectors | None) -> Outcomes:
    """Ask every question of every method."""
    found: Outcomes = {}
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "memory.db", Path(folder) / "backups", migrations())
        await database.open()
        kept = {each.name: await keep(database, each, vectors) for each in given}
        for sample in given:
            asked = _methods(database, kept, kept[sample.name], vectors)
            for name, method in asked.items():
                found.setdefault(name, []).extend(await _asked(sample, kept[sample.name], method))
        await database.close()
    return found


async def _asked(sample: Sample, kept: Kept, method: Method) -> list[Outcome]:
    return [
        Outcome(
            conversation=sample.name,
            category=each.category,
            evidence=frozenset(kept.ids[turn] for turn in each.evidence),
            found=tuple(await method(each.text)),
        )
        for each in sample.questions
    ]


def _methods(
    database: Database, everything: Mapping[str, Kept], kept: Kept, vectors: Vectors | None
) -> dict[str, Method]:
    """Return all that is compared, on one conversation."""
    store = MemoryStore(cast("MemoryFile", database), lambda: 0.0, Bus())
    scopes = {each.scope: each for each in everything.values()}
    none, nearest = Nearest(scopes, None), Nearest(scopes, vectors)
    words, wide = by_words(store, kept, "t"), by_words(store, kept, "w")
    found = {"BM25, the turn alone": words, "BM25, with two turns before": wide}
    if vectors:
        meaning, broad = by_meaning(nearest, kept, "t"), by_meaning(nearest, kept, "w")
        found |= {
            "dense, the turn alone": meaning,
            "dense, with two turns before": broad,
            "BM25 and dense, both with two turns before, equal": equal(wide, broad),
            "all four lists, equal": equal(words, wide, meaning, broad),
        }
    found[OURS_LEXICAL] = ours(database, none, kept)
    if vectors:
        found[OURS] = ours(database, nearest, kept)
    return found


def told(found: Outcomes) -> str:
    """Return what was found in tables."""
    best = next(reversed(found))
    answered = {name: [each for each in all_ if each.evidence] for name, all_ in found.items()}
    count = len(answered[best])
    rows = [
        [name, *(str(interval([each.recall(cut) for each in some])) for cut in CUTS)]
        for name, some in answered.items()
    ]
    head = [f"evidence among the first, {count:,} questions", *map(str, CUTS)]
    lines = [table(head, rows), "", _by_category(answered), "", _against(answered, best)]
    return "\n".join([*lines, "", _silence(found)])


def _by_category(answered: Outcomes) -> str:
    categories = sorted({each.category for each in next(iter(answered.values()))})
    rows = [
        [name, *(f"{mean([e for e in some if e.category == each], 5):.3f}" for each in categories)]
        for name, some in answered.items()
    ]
    counts = [each.category for each in next(iter(answered.values()))]
    heads = [f"{each} ({counts.count(each)})" for each in categories]
    return table(["among the first 5, by category", *heads], rows)


def _against(answered: Outcomes, best: str) -> str:
    rows = [
        [name, *(str(difference(answered[best], some, cut)) for cut in CUTS)]
        for name, some in answered.items()
        if name != best
    ]
    return table([f"{best}, more than", *map(str, CUTS)], rows)


def _silence(found: Outcomes) -> str:
    """Return how often nothing was recalled, where it should be so and where it should not."""
    ours_only = {name: some for name, some in found.items() if name in (OURS, OURS_LEXICAL)}
    categories = sorted(
        {each.category for some in found.values() for each in some if not each.evidence}
    )
    rows = [
        [
            name,
            *(
                f"{share([e for e in some if e.category == each and not e.evidence], _silent):.3f}"
                for each in categories
            ),
            f"{share([e for e in some if e.evidence], _silent):.3f}",
        ]
        for name, some in ours_only.items()
    ]
    return table(["nothing recalled", *categories, "though it was told"], rows)


def _silent(outcome: Outcome) -> bool:
    return not outcome.found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.recall_quality")
    parser.add_argument("path", type=Path, nargs="?", help="left out: the generated set")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--lexical", action="store_true", help="without the embedding model")
    args = parser.parse_args()
    given = halved(read(args.path) if args.path else samples(conversations()), args.half)
    vectors = None if args.lexical else learned(given)
    print(told(asyncio.run(outcomes(given, vectors))))


if __name__ == "__main__":
    main()
