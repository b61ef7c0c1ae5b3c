"""How records are written as rows, and read again. No text of a chat gets into a row."""

import json
import logging
import math
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from app.domain.routing import ChangeRecord, LedgerRecord, OutcomeRecord, TurnRecord

log = logging.getLogger(__name__)

R = TypeVar("R", TurnRecord, OutcomeRecord, ChangeRecord)
Row = tuple[str, float, str, str]

KINDS: Final[dict[type[Any], str]] = {
    TurnRecord: "turn",
    OutcomeRecord: "outcome",
    ChangeRecord: "change",
}
# The newest form of turns that this program knows.
FORM: Final[int] = TurnRecord.model_fields["form"].default
# What people do not look at and policies for the start need not know.
BULK: Final = ("grams", "features", "embedding")


def to_row(record: LedgerRecord) -> Row:
    """Return kind, time, turn and body (JSON without what has its default value)."""
    record = _without_words(record)
    if not math.isfinite(record.at):
        record = record.model_copy(update={"at": 0.0})
    try:
        body = record.model_dump_json(exclude_defaults=True)
    except PydanticSerializationError:  # half a character
        body = ""
    # No value of a row is null by itself: numbers that are none become it.
    if not body or "null" in body:
        plain = _plain(record.model_dump(exclude_defaults=True))
        body = json.dumps(plain, ensure_ascii=False)
    return KINDS[type(record)], record.at, _clean(getattr(record, "turn_id", "")), body


def parsed(record: type[R], bodies: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, R]]:
    """Yield numbers and records; rows of a form this program does not know are left out."""
    for number, body in bodies:
        try:
            found = record.model_validate_json(body)
        except ValidationError:
            log.debug("row %d of the ledger has another form", number)
            continue
        if getattr(found, "form", FORM) <= FORM:
            yield number, found


def to_line(number: int, kind: str, body: bytes) -> str | None:
    """Return a row as one line of JSON, or None for what is no JSON."""
    try:
        words = body.decode("utf-8").lstrip()
        fields = json.loads(words)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not fields:
        return None
    return f'{{"row":{json.dumps(kind)},"number":{number},{words[1:]}'


def of_line(line: str) -> tuple[int, LedgerRecord] | None:
    """Return the number and the record of an exported line, or None for what is none."""
    try:
        fields = json.loads(line)
        number, kind = fields.pop("number"), fields.pop("row")
        record = next(each for each, name in KINDS.items() if name == kind)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError, StopIteration):
        return None
    found = next(parsed(record, [(0, json.dumps(fields).encode())]), None)
    return (int(number), found[1]) if found and isinstance(number, int) else None


def _without_words(record: LedgerRecord) -> LedgerRecord:
    """Drop what quotes an answer: what a check found wrong, in words."""
    if not isinstance(record, TurnRecord) or not any(each.detail for each in record.attempts):
        return record
    attempts = tuple(each.model_copy(update={"detail": ""}) for each in record.attempts)
    return record.model_copy(update={"attempts": attempts})


def _plain(value: object) -> object:
    """Return plain data that every reader of JSON takes: no half characters, no NaN."""
    if isinstance(value, dict):
        return {_clean(str(key)): _plain(each) for key, each in value.items() if _is_sound(each)}
    if isinstance(value, (list, tuple)):
        return [_plain(each) if _is_sound(each) else 0.0 for each in value]
    return _clean(value) if isinstance(value, str) else value


def _is_sound(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
