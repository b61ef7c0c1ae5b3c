"""Changing words in a text, and writing texts again with small changes."""

from collections.abc import Callable

from resources.models.recipe.families import texts
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Family, Task, asked
from resources.models.recipe.families.words import COLOURS, PLACES

REPLACE = Wording(
    "(Please |Can you |)(replace|exchange|swap|change) {r} "
    "in( this sentence| this text| the text| the following text|): {t}",
    "(In this text|In the following|In this sentence), (replace|please replace|exchange|swap) {r}: "
    "{t}",
)
COPY = Wording(
    "(Please |Can you |)(copy|repeat|rewrite) (this|the) text( exactly| word for word|): {t}",
    "(Please |)write (this|the following)( text|) (again|once more): {t}",
)
COPY_CHANGED = Wording(
    "(Please |Can you |)(copy|repeat|rewrite) (this|the) text, but {c}: {t}",
    "(Please |)write (this|the following)( text|) (again|once more), but {c}: {t}",
)
LINES_CHANGED = Wording(
    "(Please |Can you |)(copy|repeat|rewrite) (this|the) list, but {c}:\n{t}",
    "(Please |)write (this|the) list (again|once more), but {c}:\n{t}",
)
# Sentences and changes in each grade.
REPLACED = {1: (1, 1), 2: (2, 1), 3: (4, 2), 4: (7, 3)}
COPIED = {1: (1, 2), 2: (3, 4), 3: (6, 9), 4: (11, 15)}


def make_replace(draw: Draw, grade: int) -> Task:
    """Return a text in which one, two or three words are to be replaced everywhere."""
    sentences, changes = REPLACED[grade]
    while True:
        text = texts.text(draw, sentences)
        words = [word for word in dict.fromkeys(_plain_words(text)) if text.count(word) <= 3]
        old = draw.some(words, min(changes, len(words)))
        new = [_same_kind(draw, word) for word in old]
        if _independent(old, new, text):
            break
    changed = text
    for one, other in zip(old, new, strict=True):
        changed = changed.replace(one, other)
    orders = [
        f"{one} {draw.pick(('by', 'with'))} {other}" for one, other in zip(old, new, strict=True)
    ]
    listed = " and ".join([", ".join(orders[:-1]), orders[-1]] if len(orders) > 1 else orders)
    return asked(draw.say(REPLACE, r=listed, t=text), changed)


def make_copy(draw: Draw, grade: int) -> Task:
    """Return a text to be written again: as it is, or with a change."""
    size = draw.between(*COPIED[grade])
    if grade == 1 and draw.chance(0.4):
        text = texts.text(draw, size)
        return asked(draw.say(COPY, t=text), text)
    if draw.chance(0.3):
        return _copied_list(draw, size)
    return draw.pick((_with_new_name, _with_new_number, _without_sentence, _moved))(draw, size)


def _with_new_name(draw: Draw, size: int) -> Task:
    parts = texts.sentences(draw, size)
    old, new = draw.names(2)
    at = draw.between(0, size - 1)
    parts[at] = f"{old} went to the {draw.pick(PLACES)}."
    if old in " ".join(parts[:at] + parts[at + 1 :]):
        return _with_new_name(draw, size)
    text = " ".join(parts)
    change = draw.say(CALL, a=old, b=new)
    return asked(draw.say(COPY_CHANGED, c=change, t=text), text.replace(old, new))


CALL = Wording(
    "(call|name) {a}( now|) {b}",
    "(with|use|write) {b} (instead of|for|in place of) {a}",
    "change {a} (to|into) {b}",
)
PRICE = Wording(
    "(let|make) the {w} cost {n} euros",
    "(with|use|write) {n} euros for the {w}",
    "(set|change) the price of the {w} to {n} euros",
)
DROP = Wording(
    "(leave out|omit|without|drop|skip|leave away|remove) the {n} sentence",
    "(with|keep) all but the {n} sentence",
)
MOVE = Wording(
    "(put|with|move|bring|set) the {n} sentence (first|at the front|to the front|at the begin)",
    "(begin|start) with the {n} sentence",
)
ITEM = Wording(
    "(make|let|paint)( now|) the {w} {c}",
    "(with|use|write|take) {c} for the {w}",
    "(set|change) the {w} to {c}",
    "the {w} (is|becomes) {c}",
)
PLACE_NAMES = ("first", "second", "third", "fourth", "fifth", "sixth")


def _with_new_number(draw: Draw, size: int) -> Task:
    parts = texts.sentences(draw, size)
    thing = draw.thing()
    at = draw.between(0, size - 1)
    one, other = draw.number(2, 99), draw.number(2, 99)
    parts[at] = f"The {thing} costs {one} euros."
    change = draw.say(PRICE, w=thing, n=other)
    text = " ".join(parts)
    parts[at] = f"The {thing} costs {other} euros."
    return asked(draw.say(COPY_CHANGED, c=change, t=text), " ".join(parts))


def _ordinal(draw: Draw, size: int) -> tuple[int, str]:
    if size > 1 and draw.chance(0.3):
        return size - 1, "last"
    at = draw.between(0, min(size, len(PLACE_NAMES)) - 1)
    return at, PLACE_NAMES[at]


def _without_sentence(draw: Draw, size: int) -> Task:
    parts = texts.sentences(draw, max(2, size))
    at, name = _ordinal(draw, len(parts))
    question = draw.say(COPY_CHANGED, c=draw.say(DROP, n=name), t=" ".join(parts))
    return asked(question, " ".join(parts[:at] + parts[at + 1 :]))


def _moved(draw: Draw, size: int) -> Task:
    parts = texts.sentences(draw, max(2, size))
    at, name = _ordinal(draw, len(parts))
    question = draw.say(COPY_CHANGED, c=draw.say(MOVE, n=name), t=" ".join(parts))
    return asked(question, " ".join([parts[at], *parts[:at], *parts[at + 1 :]]))


def _copied_list(draw: Draw, size: int) -> Task:
    things = draw.things(2 * size)
    colours = [draw.pick(COLOURS) for _ in things]
    at = draw.between(0, len(things) - 1)
    colour = draw.pick([each for each in COLOURS if each != colours[at]])

    def lines() -> str:
        pairs = zip(things, colours, strict=True)
        return "\n".join(f"- {thing}: {colour}" for thing, colour in pairs)

    before = lines()
    colours[at] = colour
    change = draw.say(ITEM, w=things[at], c=colour)
    return asked(draw.say(LINES_CHANGED, c=change, t=before), lines())


def _plain_words(text: str) -> list[str]:
    words = [word.strip(".") for word in text.split()]
    return [word for word in words if len(word) > 2 and word.lower() not in SMALL]


SMALL = frozenset("the are there than more likes works and was in on at a costs euros eats".split())


def _same_kind(draw: Draw, word: str) -> str:
    if word.isdigit():
        return str(draw.number(2, 99))
    kinds: tuple[Callable[[], str], ...] = (
        (draw.name,) if word[0].isupper() else (draw.thing, lambda: draw.pick(PLACES))
    )
    return draw.pick(kinds)()


def _independent(old: list[str], new: list[str], text: str) -> bool:
    """Say whether the changes are the same in whatever order they are made."""
    every = [*old, *new]
    apart = all(a == b or a not in b for a in every for b in every)
    whole = all(f" {word}" in f" {text}" and text.count(word) == _whole(word, text) for word in old)
    return len(set(every)) == len(every) and apart and whole and not any(n in text for n in new)


def _whole(word: str, text: str) -> int:
    return sum(part.strip(".") == word for part in text.split())


REPLACEMENT = Family("replace", make_replace)
COPYING = Family("copy", make_copy)
