"""The words for a model that does not fit: how much it needs, how much there is, what to do."""

from collections.abc import Sequence

from app.domain.amounts import in_words
from app.domain.errors import MemoryShort
from app.engines.residency.room import Room


def memory_short(
    model: str, need: int, room: Room, freeable: int, kept: Sequence[str]
) -> MemoryShort:
    """Return the error for a model that does not fit even if others leave.

    Args:
        model: its name.
        need: the bytes it takes.
        room: what is left now.
        freeable: bytes of models that could leave.
        kept: names of models that stay, because they are always kept or are in use.
    """
    by_budget = room.budget <= room.memory - min(room.reserve, need)
    left = room.budget if by_budget else room.memory
    whose = "of the memory budget" if by_budget else "of this computer's memory"
    verb = "stays" if len(kept) == 1 else "stay"
    stays = f" {', '.join(kept)} {verb} in memory." if kept else ""
    also = ", raise ORCHESTRATOR_MEMORY_BUDGET_MB" if by_budget else ""
    return MemoryShort(
        f"The model {model} needs {in_words(need)} of memory, but only "
        f"{in_words(max(0, left + freeable))} {whose} can be made free.{stays}",
        remedy=f"Close other programs{also}, choose a smaller model or a smaller context, or load "
        "it anyway: `--load-anyway` in a terminal, `load_anyway: true` in model_registry.yaml, "
        "or ORCHESTRATOR_LOAD_ANYWAY=1.",
    )
