"""Listening and telling."""

import logging
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Event, NoticeRaised, TextArrived, TurnEvent, WindowRequested
from app.platform.bus import Bus


@dataclass(frozen=True)
class Numbered(Event):
    """An event that can be told from the others."""

    number: int


@dataclass(frozen=True)
class Special(Numbered):
    """A kind below another kind."""


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


def test_leaving_twice_ends_no_other_subscription() -> None:
    bus = Bus()
    heard: list[Event] = []
    leave = bus.on(Event, heard.append)
    bus.on(Event, heard.append)
    leave()
    leave()
    bus.publish(WindowRequested())
    assert len(heard) == 1


def test_who_is_taken_off_while_an_event_is_told_does_not_hear_it() -> None:
    bus = Bus()
    heard: list[Event] = []
    bus.on(Event, lambda _: leave())
    leave = bus.on(Event, heard.append)
    bus.publish(WindowRequested())
    assert heard == []


def test_who_comes_while_an_event_is_told_hears_the_next() -> None:
    bus = Bus()
    heard: list[Numbered] = []

    def late(event: Numbered) -> None:
        if event.number == 1:
            bus.on(Numbered, heard.append)

    bus.on(Numbered, late)
    for number in (1, 2):
        bus.publish(Numbered(number))
    assert heard == [Numbered(2)]


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


def test_a_notice_waits_for_the_first_who_listens() -> None:
    bus = Bus()
    heard: list[Event] = []
    for number in range(30):
        bus.publish(NoticeRaised("c", str(number)))
    bus.publish(Numbered(1))
    bus.on(NoticeRaised, heard.append)
    assert [event.message for event in heard if isinstance(event, NoticeRaised)] == [
        str(number) for number in range(10, 30)
    ]
    bus.on(NoticeRaised, lambda _: None)
    assert len(heard) == 20
    late: list[Event] = []
    bus.on(Numbered, late.append)
    assert late == []


def test_an_interrupted_telling_does_not_silence_the_bus() -> None:
    bus = Bus()
    heard: list[Event] = []

    def interrupt(event: Numbered) -> None:
        if event.number == 1:
            raise KeyboardInterrupt

    bus.on(Numbered, interrupt)
    bus.on(Numbered, heard.append)
    with pytest.raises(KeyboardInterrupt):
        bus.publish(Numbered(1))
    bus.publish(Numbered(2))
    assert heard == [Numbered(2)]


@given(
    listeners=st.lists(st.sampled_from([Event, Numbered, Special]), max_size=5),
    published=st.lists(st.booleans(), max_size=8),
    echoed=st.sets(st.integers(0, 7)),
    echo_place=st.integers(0, 5),
)
def test_everybody_hears_everything_in_the_order_of_publishing(
    listeners: list[type[Event]], published: list[bool], echoed: set[int], echo_place: int
) -> None:
    bus, order, told = Bus(), list[Event](), list[tuple[int, Event]]()

    def publish(event: Event) -> None:
        order.append(event)
        bus.publish(event)

    def echo(event: Numbered) -> None:
        if event.number in echoed:
            publish(Special(event.number + 100))
            publish(Numbered(event.number + 200))

    for place, kind in enumerate(listeners):
        if place == echo_place:
            bus.on(Numbered, echo)
        bus.on(kind, lambda event, place=place: told.append((place, event)))  # type: ignore[misc]
    if echo_place >= len(listeners):
        bus.on(Numbered, echo)
    for number, special in enumerate(published):
        publish(Special(number) if special else Numbered(number))

    expected = [
        (place, event)
        for event in order
        for place, kind in enumerate(listeners)
        if isinstance(event, kind)
    ]
    assert told == expected
