"""The states of a download: every cell of the table, and wishes for single files."""

from pathlib import Path

import pytest

from app.domain.downloads import ENDED, UNDERWAY, State, Step, Wanted, next_state
from app.domain.errors import NameRefused

# One row per state, one column per step, "-" where the step cannot happen.
STEPS = [
    *("start", "hitch", "flow", "whole", "verified", "fail"),
    *("pause", "resume", "cancel", "retry", "stop"),
]
TABLE = """
waiting    running -        -       -         -    failed paused -       cancelled -       -
running    -       retrying running verifying -    failed paused -       cancelled -       waiting
retrying   -       retrying running verifying -    failed paused -       cancelled -       waiting
verifying  -       retrying running verifying done failed paused -       cancelled -       waiting
paused     -       -        -       -         -    -      -      waiting cancelled -       -
done       -       -        -       -         -    -      -      -       -         -       -
failed     -       -        -       -         -    -      -      -       cancelled waiting -
cancelled  -       -        -       -         -    -      -      -       -         waiting -
"""
CELLS = [
    (row.split()[0], step, cell)
    for row in TABLE.strip().splitlines()
    for step, cell in zip(STEPS, row.split()[1:], strict=True)
]


@pytest.mark.parametrize(("state", "step", "after"), CELLS)
def test_every_cell(state: str, step: str, after: str) -> None:
    found = next_state(State(state), Step(step))
    assert found == (None if after == "-" else State(after))


def test_the_table_is_complete() -> None:
    assert {(state, step) for state, step, _ in CELLS} == {
        (state.value, step.value) for state in State for step in Step
    }
    assert not UNDERWAY & ENDED


def test_a_wish_for_one_file_is_named_as_its_address_ends() -> None:
    wanted = Wanted.of("https://hub.example/a/resolve/main/Mo%20del.gguf?x=/b", Path("/m"), "ab")
    assert (wanted.label, wanted.parts[0].name, wanted.parts[0].sha256) == (
        "Mo del.gguf",
        "Mo del.gguf",
        "ab",
    )
    escaped = Wanted.of("https://hub.example/..%2F..%2Fevil", Path("/m"))
    assert escaped.parts[0].name == "evil"
    with pytest.raises(NameRefused):
        Wanted.of("https://hub.example/", Path("/m"))
