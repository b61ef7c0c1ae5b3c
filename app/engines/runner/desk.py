"""Where requests wait for the one thread that owns the context, and where they are withdrawn."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar


class Cancellable(Protocol):
    """Anything that can be asked for and withdrawn."""

    cancelled: bool


class Stopper(Protocol):
    """Stops an evaluation from another thread."""

    def set(self) -> None:
        """Stop it."""
        ...

    def clear(self) -> None:
        """Let evaluations run."""
        ...


Item = TypeVar("Item", bound=Cancellable)
Result = TypeVar("Result")
Errand = Callable[[], None]


class Desk(Generic[Item]):
    """A queue, first come first served; a withdrawal also reaches into a running evaluation."""

    def __init__(self, stopper: Stopper) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Item] = deque()
        self._errands: list[Errand] = []
        self._running: tuple[Item, ...] = ()
        self._stopper = stopper
        self.closed = False

    @property
    def queued(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def submit(self, item: Item) -> None:
        """Ask for something."""
        with self._changed:
            self._waiting.append(item)
            self._changed.notify()

    def call(self, errand: Callable[[], Result]) -> Future[Result]:
        """Have something done by the owner's thread between two evaluations."""
        future: Future[Result] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                future.set_result(errand())

        with self._changed:
            self._errands.append(run)
            self._changed.notify()
        return future

    def errands(self) -> list[Errand]:
        """Take what is to be done between two evaluations."""
        with self._changed:
            errands, self._errands = self._errands, []
        return errands

    def withdraw(self, item: Item) -> None:
        """Take a request back, wherever it is by now."""
        with self._changed:
            item.cancelled = True
            if item in self._waiting:
                self._waiting.remove(item)
            if item in self._running:
                self._stopper.set()

    def peek(self) -> Item | None:
        """Return the request whose turn it is, leaving it here."""
        with self._changed:
            return self._waiting[0] if self._waiting else None

    def take(self) -> Item | None:
        """Take the request whose turn it is."""
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def put_back(self, item: Item) -> None:
        """Let a request that had begun wait in front of all others."""
        with self._changed:
            if not item.cancelled:
                self._waiting.appendleft(item)

    def starting(self, items: Iterable[Item]) -> None:
        """An evaluation is about to run; withdrawing one of these stops it from now on."""
        with self._changed:
            self._running = tuple(items)
            self._stopper.clear()
            if self.closed or any(item.cancelled for item in self._running):
                self._stopper.set()

    def finished(self) -> None:
        """The evaluation is over; what stopped it stops nothing that comes after."""
        with self._changed:
            self._running = ()
            if not self.closed:
                self._stopper.clear()

    def wait(self) -> None:
        """Sleep until somebody asks for something or the desk is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._errands or self.closed)

    def close(self) -> None:
        """Take no more, and stop what runs."""
        with self._changed:
            self.closed = True
            self._stopper.set()
            self._changed.notify_all()
