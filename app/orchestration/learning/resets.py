"""Tells when another model answers for a role: what was known of the old one does not count for it.

Evidence belongs to the bytes of a model, so it begins anew by itself; a row of the ledger says so.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from app.domain.models import RoleSpec
from app.domain.routing import ChangeRecord, LedgerRecord, TurnRecord

KIND = "reset"
# An id that only says that there is no file.
NO_FILE = "name:"


class Resets:
    """Owns which model answered for each role last, as the rows of the ledger tell."""

    def __init__(
        self,
        roles: Callable[[], Iterable[RoleSpec]],
        identify: Callable[[RoleSpec], str],
        new_id: Callable[[], str],
        canonical: Callable[[str], str],
    ) -> None:
        """Watch `roles`.

        Args:
            roles: tells who answers.
            identify: gives the id of a role's model.
            new_id: makes identifiers.
            canonical: the id a model goes by now, for one that rows were written under.
        """
        self._roles = roles
        self._identify = identify
        self._new_id = new_id
        self._canonical = canonical
        self._last: dict[str, tuple[float, str]] = {}
        self._rows: dict[str, ChangeRecord] = {}

    def note(self, record: LedgerRecord) -> None:
        """Take in one row."""
        if isinstance(record, TurnRecord):
            for role, model_id in record.model_ids.items():
                self._saw(role, record.at, model_id)
        elif isinstance(record, ChangeRecord) and record.kind == KIND:
            self._saw(record.subject, record.at, record.after)
            self._rows[record.subject] = record

    recall = note

    def _saw(self, role: str, at: float, model_id: str) -> None:
        """Keep the newest; a row that tells the same moment comes later."""
        if at >= self._last.get(role, (at, ""))[0]:
            self._last[role] = at, model_id

    def due(self, now: float) -> list[ChangeRecord]:
        """Return a row for each role whose model is another one than last."""
        found = ((role, self._last.get(role.name)) for role in self._roles())
        return [
            self._row(role.name, last[1], after, now)
            for role, last in found
            if last is not None and self._differs(last[1], after := self._identify(role))
        ]

    def _differs(self, before: str, after: str) -> bool:
        gone = after.startswith(NO_FILE) and not before.startswith(NO_FILE)
        return not gone and self._canonical(before) != self._canonical(after)

    def _row(self, role: str, before: str, after: str, now: float) -> ChangeRecord:
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        return ChangeRecord(
            at=now,
            id=self._new_id(),
            kind=KIND,
            subject=role,
            before=before,
            after=after,
            reason=f"another model since {day}; what is known of its answers begins anew",
        )

    def resets(self) -> list[ChangeRecord]:
        """Return the newest change of each role's model, the oldest first."""
        return sorted(self._rows.values(), key=lambda row: row.at)
