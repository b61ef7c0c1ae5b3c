"""Reads a trace: `subject,prompt,weak_correct,strong_correct[,weak_response,strong_response]`."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.chat import ChatMessage
from app.orchestration.question import Question
from app.orchestration.router.predictor import Features, Predictor

NEEDED: Final = ("prompt", "weak_correct", "strong_correct")
TRUTHS: Final = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
# Below this nothing can be learned on four folds and told of the fifth.
LEAST: Final = 50

Vector = NDArray[np.float64]


class Unusable(Exception):
    """The trace cannot be used; the words say why."""


@dataclass(frozen=True)
class Item:
    """One question of the trace, and how both models answered."""

    question: Question
    features: Features
    weak: float
    strong: float
    response: str = ""


@dataclass(frozen=True)
class Trace:
    """All items, and how many rows were left out because they said nothing."""

    items: tuple[Item, ...]
    left_out: int

    @property
    def weak(self) -> Vector:
        """Which answers of the weak model were right."""
        return np.array([item.weak for item in self.items])

    @property
    def strong(self) -> Vector:
        """Which answers of the strong model were right."""
        return np.array([item.strong for item in self.items])

    @property
    def has_responses(self) -> bool:
        """Whether there are answers of the weak model to be judged."""
        return any(item.response for item in self.items)


def read(path: Path, *, blind: bool = False) -> Trace:
    """Return a trace; `blind` leaves the subject out of sight.

    Raises:
        Unusable: it is no trace, or nothing can be told from it.
    """
    csv.field_size_limit(1 << 24)
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise Unusable(f"{path} has no column {', '.join(missing)}.")
    try:
        found = list(_items(rows, blind=blind))
    except csv.Error as error:
        raise Unusable(f"{path}, line {rows.line_num}: {error}.") from error
    trace = Trace(tuple(each for each in found if each), sum(each is None for each in found))
    _require_use(trace, path)
    return trace


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise Unusable(f"{path} cannot be read: {error}.") from error
    return raw.decode("utf-8-sig", "replace").replace("\0", "")


def _items(rows: "csv.DictReader[str]", *, blind: bool) -> Iterator[Item | None]:
    predictor = Predictor()
    for row in rows:
        prompt = row["prompt"] or ""
        weak, strong = (_truth(row[name]) for name in ("weak_correct", "strong_correct"))
        if not prompt.strip() or weak is None or strong is None:
            yield None
            continue
        question = Question(prompt, (ChatMessage(role="user", content=prompt),))
        seen = predictor.features(question)
        subject = "" if blind else (row.get("subject") or "").strip()
        features = Features(subject or seen.family, seen.lexical, seen.grams)
        yield Item(question, features, weak, strong, row.get("weak_response") or "")


def _truth(cell: str | None) -> float | None:
    """Return how right an answer was, None where the cell does not say."""
    word = (cell or "").strip().lower()
    if word in TRUTHS:
        return TRUTHS[word]
    try:
        return float(word) if 0 <= float(word) <= 1 else None
    except ValueError:
        return None


def _require_use(trace: Trace, path: Path) -> None:
    """Refuse a trace that tells nothing of routing."""
    if len(trace.items) < LEAST:
        raise Unusable(
            f"{path} has {len(trace.items)} usable rows ({trace.left_out} say nothing); "
            f"at least {LEAST} are needed."
        )
    weak, strong = float(trace.weak.mean()), float(trace.strong.mean())
    if strong <= weak:
        raise Unusable(
            f"The strong model is right in {strong:.1%}, the weak one in {weak:.1%}: "
            "there is no gap that routing could recover."
        )
