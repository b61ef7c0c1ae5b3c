"""Rows of answers that nobody had to write."""

from typing import Any

from app.domain.models import Tier
from app.domain.routing import AttemptRecord


def attempt(
    role: str, tier: Tier, action: str = "", cause: str = "passed", **more: Any
) -> AttemptRecord:
    """Return the row of one answer; `more` says what it was like."""
    fields = {"model": f"{role}-model", "model_id": role, "kind": "accept", **more}
    return AttemptRecord(role=role, tier=tier, cause=cause, action=action, **fields)
