"""What is left: of the budget, and of the memory that is really there."""

from app.engines.residency.room import Holder, Room, Scales
from app.engines.residency.shortage import memory_short
from app.platform.memory import Memory, Usage

GB = 1 << 30


def scales(budget: int = 0, available: int = 10 * GB, **own: int) -> Scales:
    taken = {int(pid.removeprefix("p")): Usage(size, size) for pid, size in own.items()}
    return Scales(budget, gauge=lambda: Memory(16 * GB, available), weigh=taken.get)


def test_without_a_budget_engines_may_have_most_of_the_memory() -> None:
    room = scales().room([])
    assert room.budget == int(0.85 * 16 * GB)
    assert room.memory == 10 * GB
    assert 0 < room.reserve < GB


def test_promises_count_against_the_budget_in_full() -> None:
    room = scales(8 * GB, p1=3 * GB).room([Holder(3 * GB, 1), Holder(2 * GB, None)])
    assert room.budget == 3 * GB


def test_what_was_promised_and_not_taken_is_not_free() -> None:
    assert scales(p1=1 * GB).room([Holder(4 * GB, 1)]).memory == 7 * GB
    assert scales().room([Holder(4 * GB, None)]).memory == 6 * GB
    assert scales().room([Holder(4 * GB, 7)]).memory == 6 * GB, "nobody knows this process"
    assert scales(p1=6 * GB).room([Holder(4 * GB, 1)]).memory == 10 * GB


def test_a_small_model_asks_for_a_small_margin() -> None:
    room = Room(budget=10 * GB, memory=GB, reserve=GB)
    assert room.missing(GB // 4) <= 0
    assert room.missing(GB) == GB
    assert Room(budget=GB, memory=10 * GB, reserve=GB).missing(2 * GB) == GB


def test_a_shortage_names_what_is_short_and_how_to_go_on() -> None:
    of_budget = memory_short("big", 6 * GB, Room(2 * GB, 20 * GB, GB), GB, [])
    assert of_budget.message == (
        "The model big needs 6.0 GB of memory, but only 3.0 GB of the memory budget can be made "
        "free."
    )
    assert "ORCHESTRATOR_MEMORY_BUDGET_MB" in of_budget.remedy
    of_memory = memory_short("big", 6 * GB, Room(20 * GB, 2 * GB, GB), 0, ["a", "b"])
    assert "only 2.0 GB of this computer's memory" in of_memory.message
    assert of_memory.message.endswith("a, b stay in memory.")
    assert "ORCHESTRATOR_MEMORY_BUDGET_MB" not in of_memory.remedy
    for way in ("--load-anyway", "load_anyway: true", "ORCHESTRATOR_LOAD_ANYWAY"):
        assert way in of_memory.remedy
