"""Lets everybody go by another registry from the moment it is in force."""

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from app.domain.events import RosterChanged, TurnStarted
from app.domain.models import Roster
from app.domain.routing import OutcomeRecord
from app.ground import Ground
from app.orchestration.journal import Journal
from app.orchestration.learning.shipped import load_probes
from app.orchestration.measurements import recall
from app.orchestration.mind import Mind
from app.platform.bus import Bus


def probes_of(ground: Ground) -> Callable[[], Sequence[OutcomeRecord]]:
    """Return who reads what the models in use answered before they were shipped."""
    models = ground.paths.resources / "models"
    return lambda: load_probes(ground.roster, models, ground.identities)


def measured_before(ground: Ground, mind: Mind) -> Coroutine[Any, Any, None]:
    """Return the work of letting the router go by measurements of earlier runs."""
    return recall(mind.speeds, ground.roster, ground.benchmarks.of, mind.learner.ready)


def follow(
    ground: Ground, engines: Callable[[Roster], Coroutine[Any, Any, None]], mind: Mind
) -> None:
    """Let everybody who keeps something of roles or models go by every change.

    Args:
        ground: whose roles change.
        engines: lets the engines go by other roles, and returns what they have to find out.
        mind: decides and learns.
    """

    def changed(change: RosterChanged) -> None:
        ground.tasks.spawn(engines(change.after), name="survey models")
        mind.follow(change, probes_of(ground))
        ground.tasks.spawn(measured_before(ground, mind), name="earlier measurements")

    ground.bus.on(RosterChanged, changed)


async def tell_changed_models(mind: Mind, journal: Journal, bus: Bus) -> None:
    """Write down for which roles another model answers than last, now and before every turn."""

    def tell() -> None:
        for row in mind.resets.due(time.time()):
            journal.write(row)

    await mind.learner.ready()
    tell()
    bus.on(TurnStarted, lambda _: tell())
    bus.on(RosterChanged, lambda _: tell())
