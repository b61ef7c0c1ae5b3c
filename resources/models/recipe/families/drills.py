"""Exercises in carrying words over exactly, whatever they are; not evaluated.

Each answer is made of what stands in the question, piece by piece, and of nothing else. They teach
early what copying, looking up, sorting and changing all rest on: finding a place in the text again.
"""

from collections.abc import Callable

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Task, asked

AGAIN = Wording(
    "(Please |)(repeat|copy|write|say)( these words| this|)( again|): {w}", "(Again|The same): {w}"
)
BACKWARDS = Wording(
    "(Please |)(repeat|write|say)( these words| this|) in reverse order: {w}",
    "(From the last to the first|Turn the order around): {w}",
)
PARTNERS = Wording(
    "{p}\n(Which pairs have|Write the pairs with|Find): {w}", "(Find|Pairs with) {w} in: {p}"
)
LENGTHS = Wording(
    "(Write|Give me|Tell me) the length of each( word|): {w}",
    "How long is each (of these|word): {w}(?|)",
)
SPELLED = Wording("(Please |)spell (these|the|all these) words: {w}", "Letter by letter: {w}")
EXCHANGED = Wording("(Repeat|Write|Copy)( this|) with {c}: {w}", "(Exchange|Put in) {c}: {w}")
SET = Wording("(Set|Change|Put) {c}: {w}", "{w}\n(Repeat|Write|Copy)( this|) with {c}(.|)")
SEPARATORS = (" ", ", ", "\n", "; ", " | ")


def _words(draw: Draw, count: int) -> list[str]:
    """Return different words of one kind, so that only the place tells them apart."""
    kind = draw.between(0, 3)
    found: list[str] = []
    while len(found) < count:
        if kind == 0:
            word = str(draw.number(1, 999))
        elif kind == 1:
            word = draw.name()
        else:
            word = draw.thing() if kind == 2 else draw.made()
        found += [word] if word not in found else []
    return found


def _again(draw: Draw) -> Task:
    text = draw.pick(SEPARATORS).join(_words(draw, draw.between(2, 24)))
    return asked(draw.say(AGAIN, w=text), text)


def _backwards(draw: Draw) -> Task:
    words, between = _words(draw, draw.between(2, 12)), draw.pick(SEPARATORS)
    return asked(draw.say(BACKWARDS, w=between.join(words)), between.join(reversed(words)))


def _exchanged(draw: Draw) -> Task:
    """Return a row of few words that come again and again, some of which become others."""
    every = _words(draw, draw.between(3, 7))
    changes = draw.between(1, min(3, len(every) // 2))
    old, new = every[:changes], every[-changes:]
    row = [draw.pick(every[: len(every) - changes]) for _ in range(draw.between(3, 16))]
    becomes = dict(zip(old, new, strict=True))
    form = draw.pick(("{b} for {a}", "{b} instead of {a}", "{a} as {b}"))
    told = " and ".join(form.format(a=one, b=other) for one, other in becomes.items())
    between = draw.pick(SEPARATORS)
    question = draw.say(EXCHANGED, c=told, w=between.join(row))
    return asked(question, between.join(becomes.get(word, word) for word in row))


def _set(draw: Draw) -> Task:
    """Return pairs of which some get another value."""
    count = draw.between(2, 8)
    keys, values = _words(draw, count), _words(draw, 2 * count)
    joint, between = draw.pick((" ", ": ", "=", " is ")), draw.pick(SEPARATORS[1:])
    changed = draw.some(range(count), draw.between(1, min(3, count)))
    told = " and ".join(f"{keys[at]} to {values[count + at]}" for at in changed)

    def pairs(*, after: bool) -> str:
        places = [count + at if after and at in changed else at for at in range(count)]
        rows = zip(keys, places, strict=True)
        return between.join(f"{key}{joint}{values[place]}" for key, place in rows)

    return asked(draw.say(SET, c=told, w=pairs(after=False)), pairs(after=True))


def _partners(draw: Draw) -> Task:
    count = draw.between(2, 12)
    keys, values = _words(draw, count), _words(draw, count)
    joint = draw.pick((" ", ": ", "=", " has "))
    pairs = [f"{key}{joint}{value}" for key, value in zip(keys, values, strict=True)]
    chosen = draw.some(range(count), draw.between(1, min(count, 6)))
    question = draw.say(PARTNERS, p=", ".join(pairs), w=", ".join(keys[at] for at in chosen))
    return asked(question, ", ".join(pairs[at] for at in chosen))


def _lengths(draw: Draw) -> Task:
    words = draw.things(draw.between(1, 8))
    answer = ", ".join(f"{word} {len(word)}" for word in words)
    return asked(draw.say(LENGTHS, w=", ".join(words)), answer)


def _spelled(draw: Draw) -> Task:
    words = draw.things(draw.between(1, 5))
    answer = "\n".join("-".join(word) for word in words)
    return asked(draw.say(SPELLED, w=", ".join(words)), answer)


KINDS: tuple[Callable[[Draw], Task], ...] = (
    _again,
    _again,
    _exchanged,
    _exchanged,
    _set,
    _set,
    _partners,
    _partners,
    _backwards,
    _lengths,
    _spelled,
)


def make(draw: Draw) -> Task:
    """Return an exercise."""
    return draw.pick(KINDS)(draw)
