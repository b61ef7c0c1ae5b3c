"""From exit status and log to cause, evidence and what helps."""

from pathlib import Path

import pytest

from app.domain.models import LlamaServerOptions, ModelSpec
from app.domain.registry import ModelEntry
from app.models.crashes.diagnosis import diagnose
from app.models.crashes.remedies import Action, remedy
from tests.unit.models.crashes import tails

MODEL = ModelSpec(
    name="m",
    path=Path("m.gguf"),
    engine="llama-server",
    context=8192,
    kv_keys="q8_0",
    kv_values="q8_0",
    draft=Path("d.gguf"),
    llama_server=LlamaServerOptions(mmproj=Path("e.gguf")),
)

TABLE = [
    (1, tails.DEVICE_MEMORY, "device_memory", "cudaMalloc failed", Action.FEWER_LAYERS),
    (1, tails.VULKAN_MEMORY, "device_memory", "size 1073741824", Action.FEWER_LAYERS),
    (1, tails.CACHE_MEMORY, "cache_memory", "buffer for kv cache", Action.SMALLER_CONTEXT),
    (14, tails.CACHE_MEMORY, "cache_memory", "buffer for kv cache", Action.SMALLER_CONTEXT),
    (1, tails.FLASH, "kv_unfit", "requires flash_attn", Action.PLAIN_KV),
    (1, tails.ARCHITECTURE, "architecture_unknown", "'qwen9'", Action.OTHER_BUILD),
    (1, tails.CUT, "model_invalid", "blk.27", Action.OTHER_FILE),
    (1, tails.DRIVER, "device_unfit", "insufficient", Action.OTHER_BUILD),
    (-6, tails.KERNEL, "device_unfit", "no kernel image", Action.OTHER_BUILD),
    (-6, tails.ASSERTION, "aborted", "GGML_ASSERT", Action.NO_DRAFT),
    (127, tails.LOADER, "library_missing", "libcudart", Action.OTHER_BUILD),
    (1, tails.DRAFT, "drafting_failed", "vocab type", Action.NO_DRAFT),
    (13, tails.RUNNER_MEMORY, "out_of_memory", "9.1 GB", Action.SMALLER_CONTEXT),
    (-9, [], "killed", "", Action.SMALLER_CONTEXT),
    (137, ["slot 0: processing"], "killed", "", Action.SMALLER_CONTEXT),
    (-4, [], "illegal_instruction", "", Action.OTHER_BUILD),
    (0xC000001D, [], "illegal_instruction", "", Action.OTHER_BUILD),
    (0xC0000135, [], "library_missing", "", Action.OTHER_BUILD),
    (-11, [], "crashed", "", Action.NO_DRAFT),
    (
        -6,
        ["terminate called: std::bad_alloc"],
        "out_of_memory",
        "bad_alloc",
        Action.SMALLER_CONTEXT,
    ),
    (10, [], "model_missing", "", Action.OTHER_FILE),
    (1, ["failed to load multimodal model, 'e'"], "eyes_invalid", "multimodal", Action.NO_EYES),
    (1, ["-- nothing failed here"], "unknown", "", Action.NO_DRAFT),
    (-15, [], "terminated", "", Action.AGAIN),
]


@pytest.mark.parametrize(("status", "lines", "code", "evidence", "first"), TABLE)
def test_every_end_has_cause_evidence_and_remedy(
    status: int, lines: list[str], code: str, evidence: str, first: Action
) -> None:
    found = diagnose(MODEL, status, lines, 32)
    assert found.code == code
    assert found.cause
    assert evidence in found.evidence
    assert bool(found.evidence) == bool(evidence)
    assert found.remedies[0].action is first


def test_what_was_asked_for_needs_no_remedy() -> None:
    found = diagnose(MODEL, 0, ["error: something earlier"])
    assert (found.code, found.remedies, found.evidence) == ("stopped", (), "")
    assert "nothing went wrong" in found.cause


def test_remedies_change_what_the_registry_knows() -> None:
    for action in Action:
        found = remedy(action, MODEL, 32)
        assert found is not None
        assert found.words.endswith(".")
        assert set(found.change) <= set(ModelEntry.model_fields)
        ModelEntry.model_validate(found.change)


def test_changes_are_made_from_what_was_loaded() -> None:
    found = {each.action: each for each in diagnose(MODEL, 1, tails.DEVICE_MEMORY, 32).remedies}
    assert found[Action.FEWER_LAYERS].change == {"gpu_layers": 24}
    assert found[Action.CPU_ONLY].change == {"gpu_layers": 0}
    assert found[Action.SMALLER_CONTEXT].change == {"context": 4096}
    assert found[Action.OTHER_KV].change["kv_values"] == "q4_0"
    assert found[Action.OTHER_QUANTISATION].choose == "quantisation"
    fewer = remedy(Action.FEWER_LAYERS, MODEL.model_copy(update={"gpu_layers": 10}), 32)
    assert fewer is not None
    assert fewer.change == {"gpu_layers": 7}


def test_what_would_change_nothing_is_no_remedy() -> None:
    bare = ModelSpec(name="m", context=512, gpu_layers=0, speculation=False)
    for action in (
        Action.SMALLER_CONTEXT,
        Action.FEWER_LAYERS,
        Action.CPU_ONLY,
        Action.NO_DRAFT,
        Action.NO_EYES,
    ):
        assert remedy(action, bare, 0) is None
    lone = remedy(Action.NO_DRAFT, ModelSpec(name="m"))
    assert lone is not None
    assert lone.change == {"acceleration": {"speculation": False}}
