"""The composition root's part about chats and memory: where they are, and who listens."""

import time
from collections.abc import Callable
from pathlib import Path

from app.conversations.store import Conversations
from app.domain.models import ModelSpec
from app.engines.fleet import Fleet
from app.engines.residency.outlook import Outlook
from app.ground import Ground
from app.memory.desk import Home, Memories, Thinkers
from app.orchestration.keeping import Keeping
from app.orchestration.learning.idle import Chore
from app.orchestration.learning.reading import Reading
from app.orchestration.mind import Mind
from app.orchestration.recollection import Recollection
from app.orchestration.router.meaning import embedding_role
from app.orchestration.vectors import Vectors
from app.platform.storage import Database


async def open_chats(ground: Ground, new_id: Callable[[], str]) -> Conversations:
    """Return all chats; temporary ones are in memory and nowhere else."""
    passing = Database(Path(":memory:"), ground.paths.backups)
    ground.late.push_async_callback(passing.close)
    await passing.open()
    chats = Conversations(
        ground.database, ground.bus, clock=time.time, new_id=new_id, passing=passing
    )
    await chats.mark_interrupted()
    return chats


async def open_memories(
    ground: Ground, engines: Fleet, outlook: Callable[[ModelSpec], Outlook], mind: Mind
) -> Memories:
    """Return what is remembered; it is closed after all tasks, which may still have words."""
    paths, role = ground.paths, embedding_role(ground.roster)
    thinkers = Thinkers(
        Vectors(role, engines, outlook, ground.identities),
        mind.embedder,
        Reading(mind.asking, ground.roster),
    )
    home = Home(paths.memories, paths.backups / "memory", paths.data / "memory-index")
    memories = Memories(home, thinkers, ground.bus, ground.settings)
    ground.late.push_async_callback(memories.close)
    await memories.open()
    return memories


def recollection(ground: Ground, memories: Memories, mind: Mind) -> Recollection:
    """Return what turns ask; it is sparing with the smallest window of all who may answer."""
    windows = [role.model.context for role in ground.roster.answering]
    return Recollection(
        memories,
        window=min(windows, default=0),
        budget=ground.settings.memory_tokens,
        wish=mind.embedder.wish if mind.embedder else lambda: None,
    )


def keep(ground: Ground, memories: Memories, conversations: Conversations) -> None:
    """Have what is said in stored chats given to memory."""
    Keeping(memories, conversations, ground.bus, ground.tasks)


def chores_of(memories: Memories) -> tuple[Chore, ...]:
    """Return what memory does at quiet times, in this order."""
    return (
        Chore("look at collections", memories.collections.refresh),
        Chore("learn from what was said", memories.study),
        Chore("make memories findable by meaning", memories.catch_up),
    )
