"""What advises a turn may fail; the turn may not. Mistakes of advisers go to the log."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


def advised(advice: Callable[[], T], otherwise: T, what: str) -> T:
    """Return the advice, or `otherwise` when whoever gives it breaks.

    Args:
        advice: asks a part that a turn can do without: the gate, a learner, a policy.
        otherwise: what holds without it.
        what: the part, for the log.
    """
    try:
        return advice()
    except Exception:  # whatever it is, the user waits for an answer
        log.exception("%s failed; going on without it", what)
        return otherwise


async def awaited(advice: Awaitable[T], otherwise: T, what: str) -> T:
    """Return the advice once it is there, or `otherwise` when whoever gives it breaks."""
    try:
        return await advice
    except Exception:  # whatever it is, the user waits for an answer
        log.exception("%s failed; going on without it", what)
        return otherwise
