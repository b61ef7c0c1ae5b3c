"""Says once why a file cannot be used; whoever needs it goes on without."""

import logging
from collections.abc import Callable
from typing import Final

from app.domain.errors import StorageError
from app.domain.events import NoticeRaised
from app.platform.bus import Bus

log = logging.getLogger(__name__)

NOT_OPENED: Final = "it has not been opened"


class Outage:
    """Owns whether a file is out of use, and why; each reason is told once until it is over."""

    def __init__(self, bus: Bus, said: Callable[[str], str]) -> None:
        """Tell `bus`; `said` makes a sentence of a reason."""
        self._bus = bus
        self._said = said
        self._told = ""
        self.why = NOT_OPENED

    def begin(self, error: StorageError) -> None:
        """The file cannot be used now."""
        self.why = error.message
        if self._told != error.code:
            self._told = error.code
            self.tell(error.code, self._said(error.message), error.remedy)

    def end(self) -> None:
        """The file was used."""
        self.why = self._told = ""

    def tell(self, code: str, message: str, remedy: str) -> None:
        """Raise a notice, and write it to the log."""
        log.warning("%s", message)
        self._bus.publish(NoticeRaised(code, message, remedy))
