"""What a user would have seen of each turn: to count what was shown and taken back."""

from app.domain.events import TextArrived, TurnFinished, VersionStarted
from app.orchestration.turn import Turn
from app.platform.bus import Bus


class Shown:
    """The visible text of every running turn, version by version."""

    def __init__(self, bus: Bus) -> None:
        self._texts: dict[str, str] = {}
        bus.on(TextArrived, self._arrived)
        bus.on(VersionStarted, self._begun)

    def withdrawn(self, turn: Turn, end: TurnFinished) -> int:
        """Return how many characters were seen that stand nowhere any more."""
        text = self._texts.pop(turn.id, "")
        stands = end.text.startswith(text) or turn.display.text == text
        return 0 if stands else len(text)

    def _arrived(self, event: TextArrived) -> None:
        self._texts[event.turn_id] = self._texts.get(event.turn_id, "") + event.text

    def _begun(self, event: VersionStarted) -> None:
        self._texts[event.turn_id] = ""
