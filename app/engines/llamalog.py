"""What llama.cpp's own log says about why a process of it ended."""

import re
from collections.abc import Iterable

# The first pattern that is found anywhere wins: the precise ones stand before the general ones,
# because a failure is followed by lines about everything that failed because of it.
_SIGNS = (
    ("port_in_use", r"couldn't bind", ""),
    (
        "flag_unknown",
        r"(?:invalid argument|unknown argument): (\S+)",
        "This llama-server does not know the option {}.",
    ),
    (
        "rpc_missing",
        r"failed to find RPC",
        "",
    ),
    (
        "drafting_failed",
        r"context type MTP requested but model doesn't contain MTP layers",
        "The model has no layers for multi-token prediction.",
    ),
    (
        "drafting_failed",
        r"failed to load draft model, '(.+)'",
        "The draft model cannot be read: {}.",
    ),
    (
        "eyes_invalid",
        r"failed to load multimodal model, '(.+)'",
        "The file that lets the model see cannot be read: {}.",
    ),
    ("out_of_memory", r"failed to allocate|unable to allocate|out of memory|bad_alloc", ""),
    ("context_failed", r"failed to create[_ ]context|failed to initialize the context", ""),
    (
        "architecture_unknown",
        r"unknown model architecture: '(.+)'",
        "This build of llama.cpp does not know models of the kind {}.",
    ),
    (
        "model_missing",
        r"failed to open GGUF file .*\((.+)\)",
        "The model file cannot be opened: {}.",
    ),
    ("model_invalid", r"error loading model: ", ""),
)


def said_in_log(lines: Iterable[str]) -> tuple[str, str]:
    """Return code and message of what the log says, or two empty strings."""
    text = "\n".join(lines)
    for code, sign, words in _SIGNS:
        found = re.search(sign, text)
        if found is not None:
            return code, words.format(*found.groups())
    return "", ""
