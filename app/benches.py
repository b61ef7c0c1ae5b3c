"""The terminal's command that measures a model: progress on standard error, figures at the end."""

import json
import sys
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path

from app import terminal
from app.domain.errors import RequestInvalid
from app.models.benching.desk import PHASES, lines
from app.shelves import whole_path
from app.terminal import OK, Channel, Message

_CLEAR_LINE = "\r\x1b[K"


async def measure(channel: Channel, name: str, *, anyway: bool, as_json: bool) -> int:
    """Measure a model and print what was found; return the exit code. Ctrl+C ends it."""
    request = {"op": "models bench", "name": _meant(name), "anyway": anyway}
    shown = Progress()
    async with aclosing(channel(request)) as messages:
        async for message in messages:
            match message["kind"]:
                case "step":
                    shown.show(message)
                case "failed":
                    shown.end()
                    return terminal.report(
                        RequestInvalid(message["message"], remedy=message["remedy"])
                    )
                case "answered":
                    shown.end()
                    return _print(message["answer"], as_json=as_json)
    shown.end()
    return terminal.report(
        RequestInvalid("Echelon ended before all was measured.", remedy="Try again.")
    )


def _meant(name: str) -> str:
    """Return a name, or of a file its path as it is meant from here."""
    path = Path(whole_path(name))
    return str(path) if path.suffix.lower() == ".gguf" and path.is_file() else name


def _print(answer: Message, *, as_json: bool) -> int:
    told: Iterable[str] = [json.dumps(answer, ensure_ascii=False)] if as_json else lines(answer)
    sys.stdout.write("".join(f"{line}\n" for line in told))
    sys.stdout.flush()
    return OK


class Progress:
    """One line that changes; where nobody watches, one line for each phase."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._phase = ""

    def show(self, step: Message) -> None:
        """Show how far it is."""
        words = PHASES[step["phase"]]
        if self._watched:
            sys.stderr.write(f"{_CLEAR_LINE}{words}  {step['fraction']:.0%}")
            sys.stderr.flush()
        elif step["phase"] != self._phase:
            terminal.say(words)
        self._phase = step["phase"]

    def end(self) -> None:
        """Take the line away."""
        if self._watched and self._phase:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
