"""Rows find those who learn from them, at the start and while turns go on."""

from collections.abc import Sequence
from pathlib import Path

from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import OutcomeRecord, TurnRecord, Witness
from app.orchestration.gate.gate import REFIT_EVERY, Gate
from app.orchestration.gate.signals import signals
from app.orchestration.learning.learner import Learner
from app.orchestration.learning.shipped import FILE, load_probes
from app.orchestration.ledger.ledger import Ledger
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router, Sources
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

FRONT = RoleSpec(
    name="front", tier=Tier.A, model=ModelSpec(name="tiny", path=Path("tiny.gguf"), context=512)
)
ROSTER = Roster(roles=(FRONT,), default_role="front", source="test")


def outcome(right: float, source: str = "gate") -> OutcomeRecord:
    return OutcomeRecord(
        at=0,
        model_id="1",
        family="math",
        right=right,
        witness=Witness.VALIDATOR,
        source=source,
        signals=signals([-0.1], [], {}, prior=0.5, refused=False),
    )


class Bench:
    """Learners around a ledger in a folder."""

    def __init__(self, folder: Path) -> None:
        self.tasks = TaskOwner()
        self.ledger = Ledger(folder / "ledger.db", folder / "backups", Bus(), self.tasks)
        self.gate, self.predictor = Gate(), Predictor()
        self.router = Router(ROSTER, Sources(predictor=self.predictor))
        self.learner = Learner(self.ledger, self.gate, self.predictor, self.router, self.tasks)

    async def start(self, probes: Sequence[OutcomeRecord] = ()) -> None:
        await self.ledger.open()
        self.learner.start(lambda: probes)
        await self.learner.ready()

    async def end(self) -> None:
        await self.ledger.close()
        await self.tasks.close(1)


async def test_what_was_learned_is_known_after_a_restart(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.start([outcome(1.0, "probe")] * 3)
    assert bench.gate.count("1") == 3
    for row in (outcome(0.0), TurnRecord(turn_id="t", at=0)):
        bench.ledger.note(row)
        bench.learner.note(row)
    await bench.end()
    again = Bench(tmp_path)
    await again.start()
    assert again.gate.count("1") == 1
    assert again.predictor.skills.posterior("math", "1").mean < 0.6
    found, *others = again.learner.mechanisms()
    assert found.reason.startswith("1 of your turns")
    assert [each.name for each in others] == ["witnesses", "a changed model begins anew"]
    await again.end()


async def test_enough_that_is_new_is_fitted_without_stopping_turns(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.start()
    for _ in range(REFIT_EVERY):
        bench.learner.note(outcome(1.0))
    await bench.learner.fitted()
    await bench.end()
    assert bench.gate.count("1") == REFIT_EVERY


async def test_what_cannot_be_read_at_the_start_stops_nobody(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.ledger.open()

    def broken() -> list[OutcomeRecord]:
        raise ValueError("no")

    bench.learner.start(broken)
    await bench.learner.ready()
    bench.learner.note(outcome(1.0))
    await bench.end()


def test_shipped_outcomes_are_of_the_models_in_use(tmp_path: Path) -> None:
    assert load_probes(ROSTER, tmp_path, lambda model: model.name) == []
    (tmp_path / FILE).write_bytes(b"no gzip")
    assert load_probes(ROSTER, tmp_path, lambda model: model.name) == []
