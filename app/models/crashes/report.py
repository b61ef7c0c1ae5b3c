"""A report of an end that may be shown to strangers: no secrets, no names of users or computers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.models import ModelSpec
from app.models.crashes.diagnosis import Diagnosis

LINES: Final = 60
_HIDDEN: Final = "[hidden]"
_SHORTEST_NAME: Final = 3
# Each keeps its first group and hides the rest.
_SECRETS: Final = (
    re.compile(r"(?i)(\bbearer\s+)[^\s\"',]+"),
    re.compile(
        r"(?i)((?:api[-_ ]?key|secret|password|authorization)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;]+"
    ),
    re.compile(r"(?i)(token[\"']?\s*[=:]\s*[\"']?)[^\s\"',;]{6,}"),
    re.compile(r"(?i)(--[\w-]*(?:key|token|secret|password)[= ]+)\S+"),
    re.compile(r"(\w+://[^\s/:@]+:)[^\s/@]+(?=@)"),
    re.compile(r"()\b(?:hf|sk|ghp|gho|pat)[-_][A-Za-z0-9_-]{8,}"),
    re.compile(r"()\b[0-9a-fA-F]{32,}\b"),
    # Long names of functions have no digits and capitals in a mix.
    re.compile(r"()\b(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{40,}"),
    re.compile(r"()[\w.+-]+@[\w-]+\.[\w.]+"),
)
# Homes of whoever it is: a log may come from another computer.
_HOMES: Final = re.compile(r"(?i)((?:[a-z]:)?[\\/]+(?:users|home)[\\/]+)[^\\/\s\"':]+")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a report says of this computer, and names of it that it must not say."""

    version: str
    system: str
    home: str
    user: str
    host: str


def report(
    model: ModelSpec, status: int, lines: Sequence[str], found: Diagnosis, around: Surroundings
) -> str:
    """Return a report to copy."""
    drafts = "with a drafting model" if model.draft else f"speculation {model.speculation}"
    head = [
        f"Echelon {around.version} on {around.system}",
        f"model: {model.name} ({model.path.name}), engine {model.engine}",
        f"loaded with: context {model.context}, sequences {model.sequences}, "
        f"gpu_layers {model.gpu_layers}, threads {model.threads}, {drafts}",
        f"exit status: {status} (0x{status & 0xFFFFFFFF:08X})",
        f"cause: {found.code}: {found.cause}",
        f"evidence: {found.evidence or 'none'}",
        f"remedies: {'; '.join(each.action.value for each in found.remedies) or 'none'}",
        "log:",
    ]
    return scrubbed("\n".join([*head, *(f"  {line}" for line in lines[-LINES:])]), around) + "\n"


def scrubbed(text: str, around: Surroundings) -> str:
    """Return text without secrets and without names of people and computers."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{_HIDDEN}", text)
    if len(around.home) >= _SHORTEST_NAME:
        text = text.replace(around.home, "~")
    text = _HOMES.sub(r"\1user", text)
    for name, instead in ((around.user, "user"), (around.host, "computer")):
        if len(name) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text, flags=re.IGNORECASE)
    return text
