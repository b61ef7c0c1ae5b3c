"""Recommended sets: they fit, they are quick enough, and more memory never makes them weaker."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.sets.catalogue import Catalogue, Entry, load_catalogue
from app.models.sets.choosing import (
    CONTEXTS,
    SLOWEST,
    USUAL_BANDWIDTH,
    Chooser,
    Machine,
    Plan,
    drafter_for,
    worth,
)

GIB = 1 << 30
CATALOGUE = load_catalogue(Path(__file__).parents[4] / "resources")


def best(
    memory: float,
    *,
    cores: int = 4,
    bandwidth: float = USUAL_BANDWIDTH,
    gpu: int = 0,
    kv_types: tuple[str, ...] = ("f16",),
) -> tuple[Chooser, Plan | None]:
    machine = Machine(int(memory * GIB), cores, bandwidth, gpu_memory=gpu * GIB, kv_types=kv_types)
    chooser = Chooser(CATALOGUE, machine)
    return chooser, chooser.best()


def cast(plan: Plan, role: str) -> Entry:
    """Return the model of a role that is not left out."""
    entry = plan.model_of(role)
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("memory", "roles"),
    [
        (8, ("Qwen3.5 0.8B", "Qwen3.5 4B", "Qwen3.5 4B", "Qwen3.5 4B")),
        (16, ("Qwen3.5 0.8B", "Qwen3.5 4B", "Gemma 4 12B", "Gemma 4 12B")),
        (32, ("Qwen3.5 4B", "Qwen3.5 9B", "Gemma 4 12B", "Gemma 4 12B")),
        (64, ("Qwen3.5 4B", "Gemma 4 12B", "Qwen3.6 35B A3B", "Qwen3.6 35B A3B")),
        (128, ("Qwen3.5 4B", "Qwen3.6 35B A3B", "gpt-oss 120b", "gpt-oss 120b")),
    ],
)
def test_a_set_for_every_size_of_memory(memory: int, roles: tuple[str, ...]) -> None:
    chooser, plan = best(memory)
    assert plan is not None
    assert tuple(entry.name for _, entry in plan.roles) == roles
    assert chooser.needed(plan) <= chooser.machine.budget
    assert plan.context >= 8192
    assert plan.embed is not None
    assert plan.embed.embeddings


def test_a_quick_memory_allows_a_large_dense_model() -> None:
    _, plan = best(64, bandwidth=120e9, cores=16)
    assert plan is not None
    assert cast(plan, "architect").name == "Qwen3.6 27B"


def test_few_cores_cannot_use_a_quick_memory() -> None:
    _, plan = best(64, bandwidth=120e9, cores=2)
    assert plan is not None
    assert cast(plan, "architect").name == "Qwen3.6 35B A3B"


def test_a_gpu_adds_room_and_speed() -> None:
    _, without = best(16)
    _, plan = best(16, gpu=24)
    assert plan is not None
    assert without is not None
    assert worth(plan) > worth(without)
    assert cast(plan, "architect").name == "Qwen3.6 27B"


def test_nothing_fits_into_a_very_small_computer() -> None:
    assert best(2)[1] is None
    assert best(3.5)[1] is None


def test_the_smallest_that_holds_a_set_has_short_contexts() -> None:
    sizes = [size / 8 for size in range(24, 64)]
    plan = next(found for size in sizes if (found := best(size)[1]) is not None)
    assert plan.context == CONTEXTS[0]
    assert {entry.name for _, entry in plan.roles} == {"Qwen3.5 0.8B"}


def test_smaller_keys_are_used_only_where_the_engine_can_and_it_helps() -> None:
    for memory in (8, 16, 32, 64):
        plan = best(memory)[1]
        small = best(memory, kv_types=("f16", "q8_0"))[1]
        assert plan is not None
        assert small is not None
        assert plan.kv == "f16"
        assert worth(small) >= worth(plan)


@settings(max_examples=60)
@given(
    memory=st.integers(1, 512),
    more=st.integers(0, 256),
    cores=st.integers(1, 64),
    bandwidth=st.integers(5, 800),
    gpu=st.sampled_from((0, 0, 4, 8, 24, 80)),
)
def test_sets_fit_and_more_memory_is_never_worse(
    memory: int, more: int, cores: int, bandwidth: int, gpu: int
) -> None:
    chooser, plan = best(memory, cores=cores, bandwidth=bandwidth * 1e9, gpu=gpu)
    _, larger = best(memory + more, cores=cores, bandwidth=bandwidth * 1e9, gpu=gpu)
    if plan is None:
        return
    assert chooser.needed(plan) <= chooser.machine.budget
    assert larger is not None
    assert worth(larger) >= worth(plan)
    assert cast(larger, "architect").strength >= cast(plan, "architect").strength
    speeds = chooser.speeds(plan)
    for role, entry in plan.roles:
        assert entry == CATALOGUE.answering[0] or speeds[entry.name] >= SLOWEST[role]
    strengths = [cast(plan, role).strength for role in ("front", "worker", "architect")]
    assert strengths == sorted(strengths)
    for name, drafter in plan.drafted:
        target = next(entry for entry in plan.models if entry.name == name)
        assert drafter.vocabulary == target.vocabulary
        assert drafter.parameters * 4 <= target.parameters


def test_the_smallest_of_a_family_drafts_for_it() -> None:
    entries = {entry.name: entry for entry in CATALOGUE.models}
    drafters = {
        name: found.name if (found := drafter_for(entry, CATALOGUE.answering)) else ""
        for name, entry in entries.items()
        if not entry.embeddings
    }
    assert drafters == {
        "Qwen3.5 0.8B": "",
        "Qwen3.5 4B": "Qwen3.5 0.8B",
        "Qwen3.5 9B": "Qwen3.5 0.8B",
        "Qwen3.6 27B": "Qwen3.5 0.8B",
        "Qwen3.6 35B A3B": "Qwen3.5 0.8B",
        "Qwen2.5 Coder 7B": "",
        "Gemma 4 12B": "",
        "gpt-oss 120b": "",
    }


def test_a_catalogue_of_one_is_enough() -> None:
    small = CATALOGUE.answering[0]
    lone = Catalogue(models=(small, CATALOGUE.embedding[0]))
    plan = Chooser(lone, Machine(8 * GIB)).best()
    assert plan is not None
    assert plan.models == (small,)


def test_entries_differ_from_one_another() -> None:
    names = [entry.name for entry in CATALOGUE.models]
    assert len(set(names)) == len(names)
    assert all(isinstance(entry, Entry) for entry in CATALOGUE.models)
