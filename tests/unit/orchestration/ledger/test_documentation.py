"""Every field of a row is explained, so that exported lines can be relied on."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from app.domain.routing import (
    AttemptRecord,
    ChangeRecord,
    OutcomeRecord,
    Split,
    TurnRecord,
    Witness,
)
from app.orchestration.replay.policies import NAMES

PAGE = (Path(__file__).parents[4] / "docs" / "ledger.md").read_text("utf-8")


@pytest.mark.parametrize("row", [TurnRecord, AttemptRecord, OutcomeRecord, ChangeRecord, Split])
def test_every_field_is_explained(row: type[BaseModel]) -> None:
    assert [name for name in row.model_fields if f"`{name}`" not in PAGE] == []


def test_every_witness_and_policy_is_explained() -> None:
    names = [*(each.value for each in Witness), *NAMES]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
