"""The page of tiers over a real core: figures while answers grow, reasons, and moves taken back."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QToolButton

from app.domain.events import Pace, ServerState
from app.domain.models import Tier
from app.domain.routing import ChangeRecord, Split, TurnRecord
from app.ui.chat.causes import cause_words
from app.ui.theme import DARK, LIGHT
from app.ui.tiers.charts import EndedChart, MemoryChart, PaceChart
from app.ui.tiers.page import TiersPage
from app.ui.tiers.words import memory_words, speed_words
from tests.fakes.attempts import attempt
from tests.ui.core import FINAL, NOON, Core
from tests.ui.pages import shown, until


def tiers(qapp: QApplication, folder: Path) -> AbstractAsyncContextManager[tuple[Core, TiersPage]]:
    return shown(qapp, folder, TiersPage, 1000)


FIGURES: dict[str, Any] = {"split": Split(read=100, written=1000), "answer_tokens": 40}
CLIMBED = TurnRecord(
    turn_id="t",
    at=NOON,
    attempts=(
        attempt("front", Tier.A, "escalate", "doubtful", **FIGURES),
        attempt("coder", Tier.B, "accept", **FIGURES),
    ),
    decision="accept",
)


def drawn(page: TiersPage) -> None:
    """Draw everything: a mistake in a drawing shows as an exception."""
    assert not page.grab().isNull()


async def test_before_anything_every_part_says_a_sentence(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (_, page):
        drawn(page)
        assert all(chart.is_empty for chart in (page.pace, page.ended))
        assert "Ask something" in page.pace.describe()
        assert "No question" in page.ended.describe()
        assert "handed on" in page.climbs.texts[0]
        assert "Nothing was moved" in page.moves.texts[0]
        assert list(page.cards) == [Tier.A, Tier.C, Tier.B, Tier.D]
        assert page.cards[Tier.C].words == [
            "\N{EN DASH}",
            "nothing seen yet",
            "worker asleep",
        ]


async def test_figures_grow_with_answers(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, page):
        core.will_answer("Tokyo.", FINAL)
        turn = await core.app.chats.send(None, "What is the capital of Japan?")
        await core.ended(turn.turn_id)
        await until(lambda: not page.ended.is_empty)
        assert page.ended.describe() == "A front door 100 %"
        for speed in (40.0, 80.0):
            core.app.bus.publish(Pace("t", "front", Tier.A, speed))
        core.supervisor.say("front-model", ServerState.READY)
        await until(lambda: "front ready" in page.cards[Tier.A].words)
        speed_now, below, _ = page.cards[Tier.A].words
        assert speed_now == "80 tokens/s"
        assert "writing now" in below
        assert "300 MB" in below
        assert "80 tokens/s" in page.pace.describe()
        assert page.memory.describe() == "front-model 300 MB"
        drawn(page)


async def test_what_was_handed_on_says_why(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, page):
        core.app.telemetry.note(CLIMBED)
        page.refresh()
        assert "front to coder: it was not sure enough" in page.climbs.texts
        assert page.ended.describe() == "B experts 100 %"
        drawn(page)


async def test_a_move_is_taken_back_with_one_click(qapp: QApplication, tmp_path: Path) -> None:
    move = ChangeRecord(
        at=NOON,
        id="m1",
        kind="move",
        subject="math",
        before="front",
        after="worker",
        reason="since noon",
    )
    async with tiers(qapp, tmp_path) as (core, page):
        core.journal.write(move)
        page.refresh()
        await until(lambda: "math: front → worker, since noon" in page.moves.texts)
        page.moves.findChildren(QToolButton)[0].click()
        await until(lambda: "Nothing was moved" in page.moves.texts[0])
        (_, undone) = core.rows
        assert isinstance(undone, ChangeRecord)
        assert (undone.kind, undone.after) == ("undo", "front")
        page.moves.undo_wanted.emit("m1")  # a second click comes too late, and is told
        await asyncio.sleep(0)


async def test_a_role_with_another_model_is_told(qapp: QApplication, tmp_path: Path) -> None:
    other = ChangeRecord(at=NOON, id="r1", kind="reset", subject="worker", reason="another model")
    async with tiers(qapp, tmp_path) as (core, page):
        core.journal.write(other)
        page.refresh()
        await until(lambda: page.moves.texts == ["worker: another model"])
        assert page.moves.findChildren(QToolButton) == []


async def test_nothing_is_drawn_while_nobody_looks(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, page):
        page.hide()
        core.app.bus.publish(Pace("t", "front", Tier.A, 40.0))
        assert not page._timer.isActive()


def test_drawings_take_other_colours_and_extreme_figures(qapp: QApplication) -> None:
    pace, ended, memory = (kind("nothing", LIGHT) for kind in (PaceChart, EndedChart, MemoryChart))
    for chart in (pace, ended, memory):
        chart.resize(300, 150)
        chart.restyle(DARK)
        assert not chart.grab().isNull()
    assert memory_words(0) == "0 MB"
    assert memory_words(3 << 30) == "3.0 GB"
    assert speed_words(3.14159) == "3.1 tokens/s"
    assert cause_words("something new") == "something new"
