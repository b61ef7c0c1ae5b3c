"""A set in words: every part with its reason, and what could stand in its place."""

from pathlib import Path

from app.models.sets.choosing import Chooser, Machine
from app.models.sets.desk import SetDesk
from app.models.sets.words import instead, lines, replaced

GIB = 1 << 30
RESOURCES = Path(__file__).parents[4] / "resources"


def desk(memory: int = 16, bandwidth: float | None = None) -> SetDesk:
    async def measured() -> float | None:
        return bandwidth

    return SetDesk(RESOURCES, lambda: memory * GIB, 8, measured)


async def test_what_models_read_here_counts_unless_it_is_told() -> None:
    request = {"op": "models sets"}
    assert (await desk(bandwidth=20e9).answer(request))["bandwidth"] == 20e9
    assert (await desk().answer(request))["bandwidth"] == 30e9
    told = await desk(bandwidth=20e9).answer({**request, "bandwidth": 50})
    assert told["bandwidth"] == 50e9


async def test_a_set_says_why_and_what_else() -> None:
    answer = await desk().answer({"op": "models sets"})
    parts = {part["role"]: part for part in answer["parts"]}
    assert list(parts) == ["front", "worker", "coder", "architect", "embed"]
    assert parts["architect"]["tier"] == "B"
    assert "loaded once" in parts["architect"]["why"]
    assert {each["model"] for each in parts["worker"]["instead"] if each["fits"]} == {
        "Qwen3.5 0.8B",
        "Gemma 4 12B",
    }
    reasons = {each["model"]: each["why"] for each in parts["architect"]["instead"]}
    assert "of memory are missing" in reasons["Qwen3.6 27B"]
    told = "\n".join(lines(answer))
    assert "For 16.0 GB of memory" in told
    assert "  unsloth/Qwen3.5-4B-GGUF/Qwen3.5-4B-Q4_K_M.gguf" in told


async def test_wishes_stand_in_for_this_computer() -> None:
    answer = await desk().answer({"op": "models sets", "memory": 64, "bandwidth": 120, "cores": 16})
    assert answer["memory"] == 64 * GIB
    assert answer["parts"][3]["model"] == "Qwen3.6 27B"
    assert answer["parts"][3]["draft"] == "Qwen3.5 0.8B"
    assert "writes ahead" in answer["parts"][3]["why"]


async def test_too_little_memory_is_said() -> None:
    answer = await desk(2).answer({"op": "models sets"})
    assert answer["parts"] == []
    assert "No set fits into 2.0 GB" in lines(answer)[0]


async def test_what_fits_instead_really_fits() -> None:
    from app.models.sets.catalogue import load_catalogue

    for memory in (8, 16, 32, 64):
        chooser = Chooser(load_catalogue(RESOURCES), Machine(memory * GIB))
        plan = chooser.best()
        assert plan is not None
        for role in ("front", "worker", "coder", "architect", "embed"):
            for entry, obstacle in instead(chooser, plan, role):
                other = replaced(plan, role, entry)
                assert other.model_of(role) == entry
                assert obstacle or chooser.needed(other) <= chooser.machine.budget
