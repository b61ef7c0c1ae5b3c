"""The typed event bus: what happened below is told to whoever listens above."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.domain.events import Event, NoticeRaised

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)

# Notices wait for the first who listens: the core may have something to say before a window does.
_MOST_UNHEARD = 20


@dataclass(slots=True, eq=False)
class _Subscription:
    """One listener and whether it still listens."""

    kind: type[Event]
    handler: Callable[[Any], None]
    active: bool = True


class Bus:
    """Synchronous publish and subscribe in one thread; a failing listener harms nobody else.

    Every listener hears events in the order in which they were published, also when a listener
    publishes while it listens: such an event waits until everybody has heard the one before.
    """

    def __init__(self) -> None:
        self._subscriptions: tuple[_Subscription, ...] = ()
        self._waiting: deque[Event] = deque()
        self._telling = False
        self._unheard: deque[NoticeRaised] = deque(maxlen=_MOST_UNHEARD)

    def on(self, kind: type[E], handler: Callable[[E], None]) -> Callable[[], None]:
        """Call `handler` for every event of `kind` or a subclass; return the way out."""
        subscription = _Subscription(kind, handler)
        self._subscriptions += (subscription,)
        if issubclass(kind, NoticeRaised):
            waiting = [*self._unheard]
            self._unheard.clear()
            for notice in waiting:
                self.publish(notice)

        def unsubscribe() -> None:
            subscription.active = False
            self._subscriptions = tuple(
                each for each in self._subscriptions if each is not subscription
            )

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell every listener, in the order in which they subscribed."""
        self._waiting.append(event)
        if self._telling:
            return
        self._telling = True
        try:
            while self._waiting:
                self._tell(self._waiting.popleft())
        finally:
            self._telling = False

    def _tell(self, event: Event) -> None:
        heard = False
        for subscription in self._subscriptions:
            if not subscription.active or not isinstance(event, subscription.kind):
                continue
            heard = True
            try:
                subscription.handler(event)
            except Exception:  # a broken view must not stop the core
                log.exception("a listener of %s failed", type(event).__name__)
        if not heard and isinstance(event, NoticeRaised):
            self._unheard.append(event)
