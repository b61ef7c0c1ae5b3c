"""The typed event bus: what happened below is told to whoever listens above."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from app.domain.events import Event

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)


class Bus:
    """Synchronous publish and subscribe in one thread; a failing listener harms nobody else."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[Callable[[Any], None]]] = {}

    def on(self, kind: type[E], handler: Callable[[E], None]) -> Callable[[], None]:
        """Call `handler` for every event of `kind` or a subclass; return the way out."""
        handlers = self._handlers.setdefault(kind, [])
        handlers.append(handler)

        def unsubscribe() -> None:
            if handler in handlers:
                handlers.remove(handler)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell every listener, in the order in which they subscribed to each kind."""
        for kind in type(event).__mro__:
            for handler in tuple(self._handlers.get(kind, ())):
                try:
                    handler(event)
                except Exception:  # a broken view must not stop the core
                    log.exception("a listener of %s failed", type(event).__name__)
