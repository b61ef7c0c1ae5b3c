"""From exit status and log to cause, evidence and remedies.

The engine's own verdict (`engines/exits.py`) comes first; signs that only matter for what helps,
such as on which device memory ran out, make it more precise.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.models import Frozen, ModelSpec
from app.engines.exits import STOPPED, decode
from app.engines.llamalog import said_in_log
from app.models.crashes.remedies import Action, Remedy, remedy

_MEMORY: Final = (
    Action.SMALLER_CONTEXT,
    Action.OTHER_KV,
    Action.OTHER_QUANTISATION,
    Action.FREE_MEMORY,
)
_DEVICE: Final = (Action.FEWER_LAYERS, Action.CPU_ONLY, *_MEMORY[:3])
_BUILD: Final = (Action.OTHER_BUILD,)
_FILE: Final = (Action.OTHER_FILE, Action.OTHER_QUANTISATION)
_CRASH: Final = (Action.NO_DRAFT, Action.CPU_ONLY, Action.OTHER_BUILD, Action.AGAIN)
_IN_ORDER: Final = "The engine was told to end, or ended in order; nothing went wrong inside it."
# What a library says when it complains, in any of its words.
_COMPLAINT: Final = re.compile(
    r"\b(error|failed|fail|fatal|abort|assert|exception|invalid|cannot|unable|terminate)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A line that shows a cause; its words may hold what stands in the line."""

    code: str
    pattern: str
    cause: str
    actions: tuple[Action, ...]


# The first sign that is found anywhere wins; one failure makes others, which stand further down.
_SIGNS: Final = (
    _Sign(
        "device_memory",
        r"cudaMalloc failed: out of memory|CUDA error: out of memory|hipMalloc failed"
        r"|OutOfDeviceMemory|failed to allocate (?:CUDA|ROCm|HIP|Vulkan|Metal|MTL|SYCL)\w* buffer"
        r"|CallbackErrorOutOfMemory|device memory allocation of size \d+ failed",
        "The graphics device does not have enough memory for the model.",
        _DEVICE,
    ),
    _Sign(
        "device_unfit",
        r"no kernel image is available|driver version is insufficient|unsupported toolchain"
        r"|no CUDA-capable device|ErrorIncompatibleDriver",
        "This build of the engine does not suit the graphics device or its driver.",
        (Action.OTHER_BUILD, Action.CPU_ONLY),
    ),
    _Sign(
        "device_failed",
        r"CUDA error|ROCm error|ErrorDeviceLost|command buffer \d+ failed",
        "The graphics device failed while it was computing.",
        (Action.CPU_ONLY, Action.OTHER_BUILD, Action.AGAIN),
    ),
    _Sign(
        "kv_unfit",
        r"quantized V cache requires flash_attn",
        "Values can only be kept in a smaller type together with flash attention.",
        (Action.PLAIN_KV, Action.AGAIN),
    ),
    _Sign(
        "cache_memory",
        r"failed to allocate buffer for kv cache",
        "There was not enough memory for the context.",
        _MEMORY,
    ),
    _Sign(
        "architecture_unknown",
        r"unknown (?:model architecture|pre-tokenizer type): '(.+)'",
        "This build of the engine does not know models of the kind {}.",
        _BUILD,
    ),
    _Sign(
        "model_invalid",
        r"not within the file bounds|wrong number of tensors|invalid magic|failed to read magic",
        "The model file is damaged or was not downloaded to its end.",
        _FILE,
    ),
    _Sign(
        "drafting_failed",
        r"draft model vocab|failed to load draft model|doesn't contain MTP layers",
        "What should draft for the model does not go with it.",
        (Action.NO_DRAFT,),
    ),
    _Sign(
        "library_missing",
        r"error while loading shared libraries: ([^:\s]+)|Library not loaded: (\S+)",
        "A library that the engine needs is missing: {}.",
        _BUILD,
    ),
    _Sign(
        "aborted",
        r"GGML_ASSERT\((.+)\) failed",
        "The engine gave up on an inner check: {}.",
        _CRASH,
    ),
)

_BY_CODE: Final = {
    "out_of_memory": _MEMORY,
    "context_failed": _MEMORY,
    "killed": _MEMORY,
    "model_missing": (Action.OTHER_FILE,),
    "model_invalid": _FILE,
    "engine_unfit": _BUILD,
    "flag_unknown": _BUILD,
    "rpc_missing": _BUILD,
    "architecture_unknown": _BUILD,
    "illegal_instruction": _BUILD,
    "library_missing": _BUILD,
    "drafting_failed": (Action.NO_DRAFT,),
    "eyes_invalid": (Action.NO_EYES, Action.OTHER_FILE),
    "aborted": _CRASH,
    "crashed": _CRASH,
    "unknown": _CRASH,
}


class Diagnosis(Frozen):
    """Why an engine ended: a stable code, the cause in words, and the line that shows it.

    `final` means that another start of the same model cannot go better.
    """

    code: str
    cause: str
    evidence: str = ""
    final: bool = False
    remedies: tuple[Remedy, ...] = ()


def diagnose(model: ModelSpec, status: int, lines: Sequence[str], layers: int = 0) -> Diagnosis:
    """Return why an engine ended and what helps.

    Args:
        model: how it was loaded.
        status: the exit status, negative for a signal.
        lines: the end of its log.
        layers: how many the model has, if that is known.
    """
    end = decode(status, lines, loading=True)
    if end.code == STOPPED:
        return Diagnosis(code=end.code, cause=_IN_ORDER)
    sign, evidence, cause = _signed(lines)
    if sign is not None:
        code, actions = sign.code, sign.actions
    else:
        said, words = said_in_log(lines)
        # A log says more than a status that only tells how a process went away.
        code = said if said and end.code in {"unknown", "aborted"} else end.code
        cause = (words if code == said else "") or end.error.message
        actions = _BY_CODE.get(code, (Action.AGAIN,))
        evidence = _complaint(lines)
    return Diagnosis(
        code=code,
        cause=cause,
        evidence=evidence,
        final=end.final,
        remedies=tuple(_remedies(actions, model, layers)),
    )


def _signed(lines: Iterable[str]) -> tuple[_Sign | None, str, str]:
    """Return the first sign of the table that a line shows, that line, and the cause in words."""
    kept = [line.strip() for line in lines]
    for sign in _SIGNS:
        for line in kept:
            if found := re.search(sign.pattern, line, re.IGNORECASE):
                told = next((each for each in found.groups() if each), "")
                return sign, line, sign.cause.format(told)
    return None, "", ""


def _complaint(lines: Iterable[str]) -> str:
    """Return the last line in which something complains: a line of ours is no evidence."""
    told = (line.strip() for line in reversed(list(lines)))
    return next((each for each in told if _COMPLAINT.search(each) and each[:2] != "--"), "")


def _remedies(actions: Iterable[Action], model: ModelSpec, layers: int) -> list[Remedy]:
    found = (remedy(action, model, layers) for action in actions)
    return [each for each in found if each is not None]
