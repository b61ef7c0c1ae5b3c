"""Sentences and short texts to be changed, copied, searched and quoted."""

from collections.abc import Callable

from resources.models.recipe.families.draw import Draw
from resources.models.recipe.families.words import (
    ADJECTIVES,
    CITIES,
    COLOURS,
    DAYS,
    FOODS,
    HOBBIES,
    JOBS,
    PLACES,
)

VERBS = ("found", "sold", "painted", "carried", "lost", "washed", "hid", "took", "saw", "moved")
BESIDE = ("beside", "behind", "under", "near", "on", "above", "below")


def _stands(draw: Draw) -> str:
    one, other = draw.things(2)
    return f"The {draw.pick(ADJECTIVES)} {one} stands {draw.pick(BESIDE)} the {other}."


def _did(draw: Draw) -> str:
    place = draw.pick(PLACES)
    return f"{draw.name()} {draw.pick(VERBS)} the {draw.thing()} in the {place}."


def _when(draw: Draw) -> str:
    hour = draw.between(1, 12)
    return f"On {draw.pick(DAYS)} at {hour} {draw.name()} {draw.pick(VERBS)} the {draw.thing()}."


def _price(draw: Draw) -> str:
    return f"The {draw.pick(ADJECTIVES)} {draw.thing()} costs {draw.number(2, 99)} euros."


def _owner(draw: Draw) -> str:
    return f"The {draw.thing()} of {draw.name()} is {draw.one_of(COLOURS)}."


def _job(draw: Draw) -> str:
    return f"{draw.name()} works as a {draw.one_of(JOBS)} in {draw.one_of(CITIES)}."


def _likes(draw: Draw) -> str:
    one, other = draw.one_of(HOBBIES), draw.one_of(HOBBIES)
    return f"{draw.name()} likes {one} more than {other}."


def _gave(draw: Draw) -> str:
    one, other = draw.names(2)
    return f"{one} gave {other} {article(draw.pick(ADJECTIVES))} {draw.thing()}."


def _eats(draw: Draw) -> str:
    return f"In the {draw.pick(PLACES)} {draw.name()} eats {draw.one_of(FOODS)}."


def _count(draw: Draw) -> str:
    return f"There are {draw.number(2, 60)} boxes in the {draw.pick(PLACES)} of {draw.name()}."


KINDS: tuple[Callable[[Draw], str], ...] = (
    _stands,
    _did,
    _when,
    _price,
    _owner,
    _job,
    _likes,
    _gave,
    _eats,
    _count,
)


def sentence(draw: Draw) -> str:
    """Return one sentence."""
    return draw.pick(KINDS)(draw)


def sentences(draw: Draw, count: int) -> list[str]:
    """Return `count` sentences."""
    return [sentence(draw) for _ in range(count)]


def text(draw: Draw, count: int) -> str:
    """Return a text of `count` sentences."""
    return " ".join(sentences(draw, count))


def article(word: str) -> str:
    """Return the word with `a` or `an` before it."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
