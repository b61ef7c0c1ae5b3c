"""What is recalled of a real store: the right things, of the right scopes, and nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import EngineAnswerInvalid
from app.domain.memories import EVERYWHERE, MemoryKind, MemoryStatus, NewMemory, RecallReport, Trust
from app.memory.file import MemoryFile
from app.memory.recall.embedders import Taste
from app.memory.recall.saying import block
from app.memory.store import MemoryStore
from app.platform.bus import Bus
from app.platform.storage import Database
from tests.unit.memory.recall.remembering import DAY, NOW, Meaning, database, fact, filled, recall

T = TypeVar("T")
ALL = (EVERYWHERE,)


def _texts(report: RecallReport) -> list[str]:
    return [each.memory.text for each in report.found]


async def test_what_fits_is_found_with_why(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        await filled(opened, [fact("My dog is a beagle"), fact("I work at the archive")])
        report = await recall(opened).of("What kind of dog do I have?", ALL, 900, now=NOW)
    (found,) = report.found
    assert found.memory.text == "My dog is a beagle"
    assert (found.why.words, found.why.words_wide, found.why.meaning) == (1, 1, 0)
    assert found.said in block(report)
    assert report.tokens == len(block(report))


async def test_without_an_embedding_model_words_are_asked_and_why_is_told(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        await filled(opened, [fact("My dog is a beagle")])
        report = await recall(opened).of("dog", ALL, 900, now=NOW)
    assert report.lexical == "The embedding model is not loaded."
    assert len(report.found) == 1


async def test_an_embedding_model_that_fails_costs_meaning_only(tmp_path: Path) -> None:
    class Broken(Meaning):
        async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
            raise EngineAnswerInvalid("The model died.", remedy="Start it again.")

    async with database(tmp_path) as opened:
        await filled(opened, [fact("My dog is a beagle")])
        report = await recall(opened, Broken()).of("dog", ALL, 900, now=NOW)
    assert "The model died." in report.lexical
    assert _texts(report) == ["My dog is a beagle"]


async def test_meaning_finds_what_shares_no_word(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        beagle, _ = await filled(opened, [fact("A beagle lives here"), fact("Rain again")])
        meaning = Meaning([(beagle, 0.8)])
        report = await recall(opened, meaning).of("Which pet do I have?", ALL, 900, now=NOW)
    assert _texts(report) == ["A beagle lives here"]
    assert report.lexical == ""
    assert (report.found[0].why.words, report.found[0].why.meaning) == (0, 1)


async def test_every_part_of_a_question_is_asked(tmp_path: Path) -> None:
    meaning = Meaning()
    async with database(tmp_path) as opened:
        told = [fact(f"The archive has room {number}") for number in range(60)]
        await filled(opened, [fact("My dog is a beagle"), *told])
        asked = "How many rooms has the archive, and what is the breed of my dog?"
        report = await recall(opened, meaning).of(asked, ALL, 700, now=NOW)
    assert "My dog is a beagle" in _texts(report)[:2]
    assert meaning.asked == ["How many rooms has the archive", "what is the breed of my dog?"]


async def test_words_that_point_ask_of_the_thread(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        await filled(opened, [fact("Priya lives in Oslo"), fact("Emil lives in Bern")])
        asking = recall(opened)
        report = await asking.of("Where does she live?", ALL, 900, now=NOW, thread=["Priya called"])
    assert _texts(report)[0] == "Priya lives in Oslo"


async def test_where_nothing_is_related_nothing_is_recalled(tmp_path: Path) -> None:
    strict = Taste(opens=0.5, keeps=0.2, cosine=0.5)
    async with database(tmp_path) as opened:
        made = await filled(opened, [fact("Nora has a beagle"), fact("Nora works at the archive")])
        asking = recall(opened, Meaning([(each, 0.1) for each in made]), strict)
        nothing = await asking.of("Which perfume does Nora prefer?", ALL, 900, now=NOW)
        something = await asking.of("Which beagle has Nora?", ALL, 900, now=NOW)
    assert nothing.found == ()
    assert block(nothing) == ""
    assert _texts(something)[0] == "Nora has a beagle"


async def test_some_memories_never_reach_a_model(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        made = await filled(
            opened,
            [
                fact("dog of a stranger", trust=Trust.UNTRUSTED),
                fact("dog proposed", status=MemoryStatus.PROPOSED),
                fact("dog of last year", expires_at=NOW - 1),
                fact("dog pinned by a stranger", trust=Trust.UNTRUSTED, pinned=True),
                fact("dog that is mine", trust=Trust.MODEL),
            ],
        )
        asking = recall(opened, Meaning([(each, 0.9) for each in made]))
        report = await asking.of("dog", ALL, 9_000, now=NOW)
    assert _texts(report) == ["dog that is mine"]


async def test_what_was_superseded_stays_out(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        (old,) = await filled(opened, [fact("My dog is a beagle")])
        await filled(opened, [fact("By now my dog is a poodle", supersedes=old.id)], NOW + 5)
        report = await recall(opened).of("dog", ALL, 900, now=NOW)
    assert _texts(report) == ["By now my dog is a poodle"]


async def test_a_stranger_replaces_nothing(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        (old,) = await filled(opened, [fact("My dog is a beagle")])
        told = fact("The dog is mine now", supersedes=old.id, trust=Trust.UNTRUSTED)
        await filled(opened, [told], NOW + 5)
        report = await recall(opened).of("dog", ALL, 900, now=NOW)
    assert _texts(report) == ["My dog is a beagle"]


async def test_pinned_ones_come_always_and_first(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        told = [fact("Call me Captain", pinned=True), fact("My dog is a beagle")]
        await filled(opened, [*told, fact("Not here", "chat:other", pinned=True)])
        report = await recall(opened).of("dog", ALL, 900, now=NOW)
    assert _texts(report) == ["Call me Captain", "My dog is a beagle"]
    assert report.found[0].why.pinned


async def test_one_fact_told_hundreds_of_times_is_said_once(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        ends = "!?.;:-+*#/&%$=~^"
        told = [
            fact(f"My small dog is a good brown beagle {one}{two}") for one in ends for two in ends
        ]
        await filled(opened, [*told, fact("The dog eats at six")])
        report = await recall(opened).of("What about the dog?", ALL, 9_000, now=NOW + DAY)
    assert sorted(_texts(report)) == sorted([told[-1].text, "The dog eats at six"])


async def test_a_canary_never_leaves_its_scope(tmp_path: Path) -> None:
    async with database(tmp_path) as opened:
        (canary,) = await filled(opened, [fact("canary dog", "chat:a", pinned=True)])
        await filled(opened, [fact("canary dog, ours", "chat:b")])
        asking = recall(opened, Meaning([(canary, 1.0)]))
        for scopes in (("chat:b",), ("chat:b", EVERYWHERE), ("chat:aa",), ("CHAT:A",), ("",), ()):
            report = await asking.of("canary dog", scopes, 9_000, now=NOW)
            assert canary.id not in [each.memory.id for each in report.found]
        report = await asking.of("canary dog", ("chat:a",), 9_000, now=NOW)
        assert _texts(report) == ["canary dog"]


async def test_what_other_scopes_hold_changes_nothing(tmp_path: Path) -> None:
    ours = [fact("dog one", "chat:b"), fact("dog two cat", "chat:b"), fact("cat", "chat:b")]
    async with database(tmp_path) as opened:
        await filled(opened, ours)
        asking = recall(opened)
        before = await asking.of("dog or cat", ("chat:b",), 9_000, now=NOW)
        await filled(opened, [fact(f"dog {number}", "chat:a") for number in range(50)])
        after = await asking.of("dog or cat", ("chat:b",), 9_000, now=NOW)
    assert [(each.memory.id, each.why) for each in before.found] == [
        (each.memory.id, each.why) for each in after.found
    ]


async def test_the_order_of_scopes_does_not_matter(tmp_path: Path) -> None:
    scopes = (EVERYWHERE, "chat:a", "folder:f")
    async with database(tmp_path) as opened:
        made = await filled(
            opened, [fact(f"dog {at} {each}", each) for each in scopes for at in "xyz"]
        )
        asking = recall(opened, Meaning([(each, 0.5) for each in made]))
        reports = [await asking.of("dog x", each, 900, now=NOW) for each in permutations(scopes)]
    assert len({tuple(map(str, _texts(each))) for each in reports}) == 1


class Counting:
    """A database that counts readings and statements."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.readings = 0
        self.statements: list[str] = []

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self.readings += 1

        def traced(db: sqlite3.Connection) -> T:
            db.set_trace_callback(self.statements.append)
            try:
                return work(db)
            finally:
                db.set_trace_callback(None)

        return await self.database.read(traced)


@pytest.mark.parametrize("question", ["Which dog?", "dog " * 2_000_000, "Where is A? " * 3_000])
async def test_a_question_costs_few_looks_however_long(tmp_path: Path, question: str) -> None:
    async with database(tmp_path) as opened:
        await filled(opened, [fact("My dog is a beagle")])
        counting = Counting(opened)
        asking = recall(counting)
        await asking.of(question, ALL, 900, now=NOW)
    assert counting.readings == 2
    ours = [each for each in counting.statements if not each.startswith("--")]  # FTS5's own
    words = [each for each in ours if "MATCH" in each]
    assert len(words) <= 60
    assert len(ours) - len(words) <= 24


@settings(max_examples=60)
@given(question=st.text(), thread=st.lists(st.text(), max_size=2), budget=st.integers(-1, 400))
def test_any_text_is_a_question(question: str, thread: list[str], budget: int) -> None:
    async def ask() -> RecallReport:
        with TemporaryDirectory() as folder:
            async with database(Path(folder)) as opened:
                await filled(opened, [fact("dog OR cat"), fact("NEAR(a b)"), fact('"')])
                return await recall(opened).of(question, ALL, budget, now=NOW, thread=thread)

    report = asyncio.run(ask())
    assert report.tokens <= max(0, budget)


@pytest.mark.parametrize(
    "question",
    ['"', "'; DROP TABLE memories", "NEAR(dog cat)", "dog*", "text:dog", "-dog", "^dog", "dog AND",
     "(", "\x00dog", "\ud800 dog", "{tag}: s1t", "dog\u0301", "\u200bdog", "🐕", "犬"],
)  # fmt: skip
async def test_queries_of_fts_are_words_as_any(tmp_path: Path, question: str) -> None:
    async with database(tmp_path) as opened:
        await filled(opened, [fact("My dog is a beagle"), fact("Not here", "chat:other")])
        report = await recall(opened).of(question, ALL, 900, now=NOW)
        assert await MemoryStore(cast("MemoryFile", opened), lambda: NOW, Bus()).get(1) is not None
    assert set(_texts(report)) <= {"My dog is a beagle"}


async def test_a_turn_is_found_by_what_was_said_before(tmp_path: Path) -> None:
    turn = NewMemory(
        scope=EVERYWHERE,
        text="With a beagle.",
        kind=MemoryKind.TURN,
        speaker="Nora",
        before=("Emil: Which dog is it?",),
    )
    async with database(tmp_path) as opened:
        await filled(opened, [turn])
        report = await recall(opened).of("Which dog has Nora?", ALL, 900, now=NOW)
    assert report.found[0].said.endswith("Emil: Which dog is it? / Nora: With a beagle.")
