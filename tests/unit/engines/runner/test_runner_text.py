"""Visible text: whole characters, no stop strings, scores beside their text."""

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.constraint import FREE, Constraint
from app.engines.runner.splitter import PLAIN, Splitter
from app.engines.runner.text import AnswerText, Emission, StopScanner, TokenScore

texts = st.text(alphabet="abcü\u6f22\U0001f600 ", max_size=40)
stop_lists = st.lists(st.text(alphabet="abc ü", min_size=1, max_size=4), max_size=3)


def plain(stops: Sequence[str] = ()) -> AnswerText:
    return AnswerText(Splitter(PLAIN, Constraint(FREE, thinking=False)), stops)


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(raw) + 1) for place in places), len(raw)]
    return [raw[start:end] for start, end in itertools.pairwise(edges)]


def run(answer: AnswerText, pieces: list[bytes]) -> list[Emission]:
    emissions: list[Emission] = []
    for number, piece in enumerate(pieces):
        if answer.stopped:
            break
        emissions += answer.push(piece, TokenScore(piece, -float(number)))
    return [*emissions, *answer.close()]


@given(texts, stop_lists, st.lists(st.integers(0, 200), max_size=12))
def test_what_is_shown_ends_before_the_first_stop(
    text: str, stops: list[str], places: list[int]
) -> None:
    answer = plain(stops)
    shown = "".join(each.text for each in run(answer, cut(text.encode(), places)))
    assert text.startswith(shown)
    assert not any(stop in shown for stop in stops)
    assert answer.stopped == any(stop in text for stop in stops)
    rest = text[len(shown) :]
    assert any(rest.startswith(stop) for stop in stops) if answer.stopped else not rest


@given(texts, st.lists(st.integers(0, 200), max_size=12))
def test_without_stops_all_tokens_keep_their_scores(text: str, places: list[int]) -> None:
    pieces = cut(text.encode(), places)
    emissions = run(plain(), pieces)
    assert "".join(each.text for each in emissions) == text
    assert [score.piece for each in emissions for score in each.scores] == pieces


@given(texts, st.lists(st.integers(0, 200), max_size=12))
def test_nothing_is_held_back_without_a_reason(text: str, places: list[int]) -> None:
    scanner = StopScanner(["\x00\x01"])
    pieces = [piece.decode("utf-8", "ignore") for piece in cut(text.encode(), places)]
    assert [scanner.push(piece) for piece in pieces] == pieces


def test_half_a_character_is_held_back_and_dropped_at_the_end() -> None:
    answer = plain()
    smile = "\U0001f600".encode()
    assert answer.push(smile[:2]) == []
    assert answer.push(smile[2:]) == [Emission("\U0001f600")]
    assert answer.push(smile[:3]) == []
    assert answer.close() == []


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert plain().push(b"a\xffb") == [Emission("a\ufffdb")]


def test_a_stop_across_tokens_is_held_back_until_it_is_clear() -> None:
    scanner = StopScanner(["END"])
    assert [scanner.push(text) for text in ("a", "E", "N", "x", "EN")] == ["a", "", "", "ENx", ""]
    assert scanner.push("D more") == ""
    assert scanner.stopped
    assert scanner.close() == ""


def test_tokens_behind_a_stop_have_no_scores() -> None:
    answer = plain(["ST"])
    emissions = run(answer, [b"a", b"bS", b"T", b"c"])
    assert [score.piece for each in emissions for score in each.scores] == [b"a", b"bS"]
    assert "".join(each.text for each in emissions) == "ab"
