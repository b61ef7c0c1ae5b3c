"""Who has another model than last is told once, and only when it is another one."""

from app.domain.routing import ChangeRecord, TurnRecord
from app.orchestration.learning.resets import Resets
from tests.unit.orchestration.learning.company import ROSTER


class Bench:
    def __init__(self, **ids: str) -> None:
        self.ids = {role.name: "sha256:old" for role in ROSTER.answering} | ids
        settled = {"sampled:big": "sha256:big"}
        self.resets = Resets(
            lambda: ROSTER.answering,
            lambda role: self.ids[role.name],
            iter(f"r{at}" for at in range(9)).__next__,
            lambda model_id: settled.get(model_id, model_id),
        )

    def turn(self, at: float, **ids: str) -> None:
        self.resets.recall(TurnRecord(turn_id="t", at=at, model_ids=ids))

    def due(self, now: float = 100.0) -> list[ChangeRecord]:
        rows = self.resets.due(now)
        for row in rows:
            self.resets.note(row)
        return rows


def test_another_model_is_a_row_with_both_ids() -> None:
    bench = Bench(worker="sha256:new")
    bench.turn(1, worker="sha256:old", front="sha256:old")
    (row,) = bench.due()
    assert (row.kind, row.subject, row.at, row.id) == ("reset", "worker", 100.0, "r0")
    assert (row.before, row.after) == ("sha256:old", "sha256:new")
    assert "another model since 1970-01-01" in row.reason
    assert bench.resets.resets() == [row]
    assert bench.due() == []
    again = Bench(worker="sha256:new")  # the next start
    again.turn(1, worker="sha256:old")
    again.resets.recall(row)
    assert again.due() == []
    assert again.resets.resets() == [row]


def test_a_model_that_comes_back_is_a_change_too() -> None:
    bench = Bench(worker="sha256:new")
    bench.turn(1, worker="sha256:old")
    bench.due(2.0)
    bench.turn(3, worker="sha256:new")
    bench.ids["worker"] = "sha256:old"
    (row,) = bench.due(4.0)
    assert (row.before, row.after) == ("sha256:new", "sha256:old")
    assert bench.resets.resets() == [row]


def test_a_role_without_rows_a_missing_file_and_a_hash_for_a_sample_are_no_change() -> None:
    assert Bench().due() == []
    gone = Bench(worker="name:worker-model")
    gone.turn(1, worker="sha256:old")
    assert gone.due() == []
    read = Bench(worker="sha256:big")
    read.turn(1, worker="sampled:big")
    assert read.due() == []
    other = Bench(worker="sha256:other")
    other.turn(1, worker="sampled:big")
    assert len(other.due()) == 1
