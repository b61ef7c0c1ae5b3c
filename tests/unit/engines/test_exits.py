"""Every way an engine process can end has a cause and a remedy."""

import pytest

from app.domain.errors import (
    AppError,
    EngineDied,
    EngineStartFailed,
    EngineUnfit,
    ModelInvalid,
    ModelMissing,
)
from app.engines.exits import cause_code, decode, last_words

FAILED = '{"event": "failed", "code": "model_invalid", "message": "bad magic"}'

TABLE: list[tuple[int, str, type[AppError], bool]] = [
    (0, "stopped", EngineStartFailed, False),
    (3, "parent_gone", EngineStartFailed, False),
    (10, "model_missing", ModelMissing, True),
    (11, "model_invalid", ModelInvalid, True),
    (12, "engine_unfit", EngineUnfit, True),
    (13, "out_of_memory", EngineStartFailed, False),
    (14, "context_failed", EngineStartFailed, False),
    (15, "port_in_use", EngineStartFailed, False),
    (-4, "illegal_instruction", EngineUnfit, True),
    (132, "illegal_instruction", EngineUnfit, True),
    (-6, "aborted", EngineStartFailed, False),
    (134, "aborted", EngineStartFailed, False),
    (-7, "crashed", EngineStartFailed, False),
    (-9, "killed", EngineStartFailed, False),
    (137, "killed", EngineStartFailed, False),
    (-11, "crashed", EngineStartFailed, False),
    (139, "crashed", EngineStartFailed, False),
    (-15, "terminated", EngineStartFailed, False),
    (127, "library_missing", EngineUnfit, True),
    (0xC000001D, "illegal_instruction", EngineUnfit, True),
    (0xC000001D - 2**32, "illegal_instruction", EngineUnfit, True),
    (0xC0000005, "crashed", EngineStartFailed, False),
    (0xC0000135, "library_missing", EngineUnfit, True),
    (0xC0000409, "aborted", EngineStartFailed, False),
    (1, "unknown", EngineStartFailed, False),
    (-64, "unknown", EngineStartFailed, False),
]


@pytest.mark.parametrize(("returncode", "code", "kind", "final"), TABLE)
def test_exit_codes(returncode: int, code: str, kind: type[AppError], final: bool) -> None:
    assert cause_code(returncode) == code
    end = decode(returncode, loading=True)
    assert (end.code, type(end.error), end.final) == (code, kind, final)
    assert end.error.message
    assert end.error.remedy


def test_a_death_while_running_is_a_death() -> None:
    assert type(decode(-11, loading=False).error) is EngineDied
    assert type(decode(10, loading=False).error) is ModelMissing


def test_last_words_win_over_the_exit_code_and_are_quoted() -> None:
    end = decode(-6, ["noise", FAILED, "{half", '{"event": "other"}', "[1]"], loading=True)
    assert end.code == "model_invalid"
    assert "bad magic" in end.error.message


def test_words_of_an_unknown_code_still_add_their_message() -> None:
    words = '{"event": "failed", "code": "new_kind", "message": "the moon is full"}'
    end = decode(1, [words], loading=True)
    assert end.code == "unknown"
    assert "the moon is full" in end.error.message
    assert "exit status 1" in end.error.message


def test_an_unknown_exit_names_its_status() -> None:
    assert "exit status 42" in decode(42, loading=True).error.message


@pytest.mark.parametrize("lines", [[], ["text"], ["{"], ["{}"], ['{"event": 3}']])
def test_no_last_words(lines: list[str]) -> None:
    assert last_words(lines) == ("", "")
