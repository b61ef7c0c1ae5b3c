"""Conversation sets in LoCoMo's JSON form, read liberally."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

BEFORE: Final = 2  # turns before one that are part of its wider view
_SESSION: Final = re.compile(r"session_(\d+)")
_EVIDENCE: Final = re.compile(r"D\d+:\d+")
_DATES: Final = ("%I:%M %p on %d %B, %Y", "%Y/%m/%d (%a) %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")


@dataclass(frozen=True)
class Turn:
    """What somebody said, and the turns before it in the same session."""

    dia_id: str
    speaker: str
    text: str
    at: float
    before: tuple[str, ...]

    @property
    def said(self) -> str:
        """Return it as it is searched by itself."""
        return f"{self.speaker}: {self.text}"

    @property
    def wide(self) -> str:
        """Return it as it is searched with what was said before."""
        return "\n".join((*self.before, self.said))


@dataclass(frozen=True)
class Question:
    """A question, and which turns answer it; none where nobody has told."""

    text: str
    evidence: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Sample:
    """One conversation with its questions."""

    name: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]


def read(path: Path) -> list[Sample]:
    """Return the conversations of a file."""
    return samples(json.loads(path.read_text("utf-8")))


def samples(found: object) -> list[Sample]:
    """Return conversations, each alone or as a list of them."""
    held = found if isinstance(found, list) else [found]
    return [_sample(number, each) for number, each in enumerate(held)]


def _sample(number: int, found: Mapping[str, Any]) -> Sample:
    turns = tuple(_turns(found["conversation"]))
    known = {each.dia_id for each in turns}
    asked = tuple(_question(each, known) for each in found.get("qa", ()) if each.get("question"))
    return Sample(str(found.get("sample_id", number)), turns, asked)


def _turns(conversation: Mapping[str, Any]) -> Iterator[Turn]:
    sessions = sorted(int(match[1]) for key in conversation if (match := _SESSION.fullmatch(key)))
    for session in sessions:
        at = _when(str(conversation.get(f"session_{session}_date_time", "")), session)
        said: list[str] = []
        for number, each in enumerate(conversation[f"session_{session}"] or (), 1):
            text = " ".join((str(each.get("text") or ""), _picture(each))).strip()
            turn = Turn(
                dia_id=str(each.get("dia_id") or f"D{session}:{number}"),
                speaker=str(each.get("speaker") or ""),
                text=text,
                at=at + number,
                before=tuple(said[-BEFORE:]),
            )
            said.append(turn.said)
            yield turn


def _picture(turn: Mapping[str, Any]) -> str:
    caption = turn.get("blip_caption")
    return f"[{caption}]" if caption else ""


def _question(found: Mapping[str, Any], known: set[str]) -> Question:
    ids = _EVIDENCE.findall(" ".join(map(str, found.get("evidence") or ())))
    evidence = tuple(each for each in dict.fromkeys(ids) if each in known)
    return Question(str(found["question"]), evidence, str(found.get("category", "")))


def _when(text: str, session: int) -> float:
    """Return when a session was, in seconds; in order at least, where no date can be read."""
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return session * 86_400.0
