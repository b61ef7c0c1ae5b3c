"""Why an engine process ended: exit codes, signals and last words to cause and remedy."""

import json
import signal
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import (
    AppError,
    EngineDied,
    EngineStartFailed,
    EngineUnfit,
    ModelInvalid,
    ModelMissing,
)
from app.engines.llamalog import said_in_log

STOPPED = "stopped"
_FAILED = 1  # how a llama-server ends that could not start; its log says why
_NEWER = (
    "Get a newer build with `echelon engines get`, update llama.cpp, or let `make llama-server` "
    "build it, then start again."
)
_AGAIN = "Try again: the engine is started anew. If it happens again, look at its log."


@dataclass(frozen=True, slots=True)
class Cause:
    """One way to end. `final` means that another start of the same model cannot go better.

    `kind` None stands for EngineStartFailed while loading and EngineDied afterwards.
    """

    code: str
    message: str
    remedy: str
    kind: type[AppError] | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """The decoded end of one process."""

    code: str
    final: bool
    error: AppError


_CAUSES = {
    cause.code: cause
    for cause in (
        Cause(STOPPED, "The engine ended by itself.", _AGAIN),
        Cause("parent_gone", "The engine lost its connection to the program and ended.", _AGAIN),
        Cause(
            "model_missing",
            "The model file is not there or may not be read.",
            "Check the path in the model registry, or choose another model.",
            ModelMissing,
            final=True,
        ),
        Cause(
            "model_invalid",
            "The model file is damaged, cut short, or no GGUF.",
            "Download the model again, or choose another one.",
            ModelInvalid,
            final=True,
        ),
        Cause(
            "engine_unfit",
            "The engine's library does not suit this computer or this version of the program.",
            "Build or install llama-cpp-python again in the version this program names.",
            EngineUnfit,
            final=True,
        ),
        Cause(
            "out_of_memory",
            "There was not enough memory for the model.",
            "Close other programs, use a smaller context, or choose a smaller model.",
        ),
        Cause(
            "context_failed",
            "The model loaded, but its context could not be made.",
            "Use a smaller context or fewer sequences in the model registry.",
        ),
        Cause(
            "flag_unknown",
            "This llama-server does not know an option that is needed.",
            _NEWER,
            EngineUnfit,
            final=True,
        ),
        Cause(
            "rpc_missing",
            "This llama-server was built without RPC, so no other computer can carry layers.",
            "Build llama.cpp with -DGGML_RPC=ON, or take `rpc` out of the model registry.",
            EngineUnfit,
            final=True,
        ),
        Cause(
            "architecture_unknown",
            "This build of llama.cpp does not know models of this kind.",
            _NEWER,
            EngineUnfit,
            final=True,
        ),
        Cause(
            "eyes_invalid",
            "The file that lets the model see cannot be read.",
            "Check `llama_server.mmproj` in the model registry; the file has to fit the model.",
            ModelInvalid,
            final=True,
        ),
        Cause(
            "drafting_failed",
            "What should draft for the model could not be set up.",
            "Choose another `llama_server.profile` in the model registry.",
        ),
        Cause("port_in_use", "The engine found no free port.", _AGAIN),
        Cause(
            "illegal_instruction",
            "The engine's library uses instructions that this processor does not have.",
            "Build llama-cpp-python on this computer.",
            EngineUnfit,
            final=True,
        ),
        Cause(
            "library_missing",
            "A library that the engine needs is missing.",
            "Install the system's C++ runtime, then start again.",
            EngineUnfit,
            final=True,
        ),
        Cause("aborted", "The engine gave up on an inner check.", _AGAIN),
        Cause("crashed", "The engine crashed on a memory error.", _AGAIN),
        Cause(
            "killed",
            "The engine was killed from outside, most likely because memory ran out.",
            "Close other programs or use a smaller context, then try again.",
        ),
        Cause("terminated", "The engine was told to end by another program.", _AGAIN),
        Cause("unknown", "The engine ended unexpectedly.", _AGAIN),
    )
}

_SIGNALS = {
    int(signal.SIGILL): "illegal_instruction",
    int(signal.SIGABRT): "aborted",
    int(signal.SIGSEGV): "crashed",
    int(signal.SIGTERM): "terminated",
    7: "crashed",  # SIGBUS on Linux; Windows has no name for it
    9: "killed",  # SIGKILL
}

_CODES = {
    0: STOPPED,
    3: "parent_gone",
    10: "model_missing",
    11: "model_invalid",
    12: "engine_unfit",
    13: "out_of_memory",
    14: "context_failed",
    15: "port_in_use",
    127: "library_missing",
    0xC000001D: "illegal_instruction",
    0xC0000005: "crashed",
    0xC0000017: "out_of_memory",
    0xC0000135: "library_missing",
    0xC0000409: "aborted",
}


def cause_code(returncode: int) -> str:
    """Return the name of what an exit status means: negative and 128 + n are signals."""
    if returncode < 0:
        # Windows statuses may arrive as negative 32-bit numbers.
        return _SIGNALS.get(-returncode) or _CODES.get(returncode & 0xFFFFFFFF, "unknown")
    return _CODES.get(returncode) or _SIGNALS.get(returncode - 128, "unknown")


def last_words(lines: Iterable[str]) -> tuple[str, str]:
    """Return code and message of the last `{"event": "failed"}` line, or two empty strings."""
    for line in reversed(list(lines)):
        if not line.startswith("{"):
            continue
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if said.get("event") == "failed":
            return str(said.get("code", "")), str(said.get("message", ""))
    return "", ""


def decode(returncode: int, lines: Iterable[str] = (), *, loading: bool) -> Exit:
    """Return why a process ended; its own last words are better than our general ones.

    Args:
        returncode: the exit status, negative for a signal.
        lines: the end of its log.
        loading: whether it was still on its way to be ready.
    """
    lines = list(lines)
    named, said = last_words(lines)
    if not named and returncode == _FAILED:
        named, said = said_in_log(lines)
    cause = _CAUSES.get(named) or _CAUSES[cause_code(returncode)]
    message = said or cause.message
    if cause.code == "unknown":
        message = f"{message} (exit status {returncode})"
    return _ended(cause, message, loading=loading)


def failed(code: str, message: str) -> Exit:
    """Return the end of a start that is given up while its process still runs."""
    return _ended(_CAUSES[code], message, loading=True)


def _ended(cause: Cause, message: str, *, loading: bool) -> Exit:
    kind = cause.kind or (EngineStartFailed if loading else EngineDied)
    return Exit(cause.code, cause.final, kind(message, remedy=cause.remedy))
