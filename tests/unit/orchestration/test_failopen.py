"""An adviser that breaks is logged and done without."""

import logging

import pytest

from app.orchestration.failopen import advised


def test_advice_is_taken() -> None:
    assert advised(lambda: 3, 0, "the gate") == 3


def test_a_broken_adviser_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert advised(lambda: 1 // 0, 7, "the gate") == 7
    assert "the gate failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
