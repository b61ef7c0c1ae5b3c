"""What is to be expected of a model on this computer, in words, from the header of its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.amounts import in_words
from app.domain.architectures import KNOWN, PARTS, READERS
from app.domain.footprint import Footprint, Loading, active_bytes, estimate, quantisation
from app.domain.gguf import GgufHeader
from app.domain.hub import Outcome, Profile, Verdict
from app.domain.layers import Facts, memory_kind
from app.engines.residency.forecast import PROCESS
from app.engines.speculation.pairing import pair

# The window that is judged where nobody asks for another one.
CONTEXT: Final = 8192
_LEAST_CONTEXT: Final = 1024
# Slower than this people read faster than it writes.
READING_TOKENS_S: Final = 6.0
# What is spent beside reading weights bounds the speed of small models.
_MOST_TOKENS_S: Final = 400.0
# A model that takes more of what there is leaves nothing for a second one.
_TIGHT: Final = 0.9


@dataclass(frozen=True, slots=True)
class Machine:
    """What this computer gives: bytes for models, bytes of weights an engine reads in a second.

    `weights_s` is None as long as it is not known.
    """

    available: int
    weights_s: float | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could be downloaded: a header, and the bytes of its files.

    The header may be that of another quantisation of the same model with `header_bytes` in all.
    """

    header: GgufHeader
    size: int
    header_bytes: int

    @property
    def scale(self) -> float:
        """How many times as large it is as the one whose header this is."""
        return self.size / self.header_bytes if self.header_bytes else 1.0


def profile(header: GgufHeader) -> Profile:
    """Return what a header tells of its model."""
    return Profile(
        architecture=header.architecture,
        memory=memory_kind(Facts(header)).value,
        context=header.context_length,
        vocabulary=header.n_vocab,
        parameters=header.parameters,
        quantisation=quantisation(header),
        has_template=bool(header.chat_template),
    )


def window(header: GgufHeader, wanted: int = 0) -> int:
    """Return the context that is judged: what is wanted, within what the model was trained for."""
    trained = header.context_length
    return min(wanted or CONTEXT, trained) if trained > 0 else wanted or CONTEXT


def judge(candidate: Candidate, machine: Machine, wanted: int = 0) -> Verdict:
    """Return what is to be expected of a model here.

    Args:
        candidate: the model.
        machine: the computer.
        wanted: the context in tokens; 0 means an ordinary one.
    """
    obstacle = _obstacle(candidate.header)
    if obstacle:
        return Verdict(Outcome.CANNOT, obstacle, 0, machine.available)
    context = window(candidate.header, wanted)
    needed = _needed(candidate, context)
    room = f"needs {in_words(needed)} of {in_words(machine.available)}"
    if needed > machine.available:
        why = f"{room} at {context:,} tokens of context{_smaller(candidate, machine, context)}"
        return Verdict(Outcome.UNFIT, why, needed, machine.available)
    pace = _pace(candidate, machine, context)
    if pace is None:
        return Verdict(Outcome.WELL, room, needed, machine.available)
    speed = f"{room}; about {_rounded(pace)} tokens a second"
    if pace < READING_TOKENS_S:
        why = f"{speed}, slower than people read"
        return Verdict(Outcome.SLOWLY, why, needed, machine.available, pace)
    tight = "; little is left for other models" if needed > _TIGHT * machine.available else ""
    return Verdict(Outcome.WELL, f"{speed}{tight}", needed, machine.available, pace)


def drafts_for(header: GgufHeader, installed: Mapping[str, GgufHeader]) -> tuple[str, ...]:
    """Return the names of installed models that this one could write ahead for, without a doubt."""
    found = ((name, pair(target, header)) for name, target in installed.items())
    return tuple(name for name, pairing in found if pairing.fits and not pairing.doubt)


def _obstacle(header: GgufHeader) -> str:
    kind = header.metadata.get("general.type", "model")
    name = header.architecture
    if kind == "adapter":
        return "it is an adapter that changes another model, no model by itself"
    if name in PARTS:
        return f"it is a part of another model ({name}), no model by itself"
    if not name:
        return "its header does not say what kind of model it is"
    if name not in KNOWN:
        return f"its architecture “{name[:40]}” is not known to this version of the engine"
    return "" if header.n_vocab else "its file holds no vocabulary"


def _needed(candidate: Candidate, context: int) -> int:
    size = _footprint(candidate, context)
    return int(size.weights * candidate.scale) + size.beside + PROCESS


def _footprint(candidate: Candidate, context: int) -> Footprint:
    return estimate(
        candidate.header, Loading(context, spelled=True), file_bytes=candidate.header_bytes
    )


def _smaller(candidate: Candidate, machine: Machine, context: int) -> str:
    """Return the words for a window with which it would fit, '' if there is none."""
    while context > _LEAST_CONTEXT:
        context = max(_LEAST_CONTEXT, context // 2)
        if _needed(candidate, context) <= machine.available:
            return f"; it fits with {context:,}"
    return ""


def _pace(candidate: Candidate, machine: Machine, context: int) -> float | None:
    """Return the tokens a second in the middle of a conversation, None if it writes no text.

    Every token reads the active weights once, and what is kept of the past.
    """
    if candidate.header.architecture in READERS or not machine.weights_s:
        return None
    read = active_bytes(candidate.header) * candidate.scale
    read += _footprint(candidate, context // 2).cache
    return min(_MOST_TOKENS_S, machine.weights_s / read) if read else None


def _rounded(pace: float) -> str:
    return f"{pace:.1f}" if pace < 10 else f"{pace:.0f}"
