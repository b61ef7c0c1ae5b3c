"""Listening and telling."""

import logging

import pytest

from app.domain.events import Event, NoticeRaised, TextArrived, TurnEvent, WindowRequested
from app.platform.bus import Bus


def test_a_listener_hears_its_kind_and_what_is_below_it() -> None:
    bus = Bus()
    texts: list[TextArrived] = []
    turns: list[TurnEvent] = []
    everything: list[Event] = []
    bus.on(TextArrived, texts.append)
    bus.on(TurnEvent, turns.append)
    bus.on(Event, everything.append)
    bus.publish(TextArrived("t", "x"))
    bus.publish(WindowRequested())
    assert (len(texts), len(turns), len(everything)) == (1, 1, 2)


def test_nobody_hears_after_leaving_and_leaving_twice_is_fine() -> None:
    bus = Bus()
    heard: list[Event] = []
    leave = bus.on(Event, heard.append)
    leave()
    leave()
    bus.publish(WindowRequested())
    assert heard == []


def test_a_broken_listener_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus()
    heard: list[Event] = []

    def broken(_: Event) -> None:
        raise RuntimeError

    bus.on(NoticeRaised, broken)
    bus.on(NoticeRaised, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(NoticeRaised("c", "m"))
    assert len(heard) == 1
    assert "NoticeRaised" in caplog.text
