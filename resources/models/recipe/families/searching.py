"""Finding things in what was given: pairs, and sentences of a document."""

from collections.abc import Callable

from resources.models.recipe.families import texts
from resources.models.recipe.families.draw import ASK, TELL, Draw, Wording
from resources.models.recipe.families.task import Family, Task, asked
from resources.models.recipe.families.words import CITIES, COLOURS, PLACES

UNKNOWN_HERE = "I do not know that. The text does not say it."
PAIRS = {1: (2, 3), 2: (4, 6), 3: (8, 12), 4: (16, 20)}
SENTENCES = {1: (2, 3), 2: (4, 6), 3: (8, 10), 4: (13, 16)}

HAS = Wording(
    "(What|Which thing) (does {n} have|has {n} got|does {n} own)?",
    f"{TELL} what {{n}} (has|owns)(.|)",
)
HAS_BACK = Wording("Who (has|owns|got|has got) the {t}?", f"{TELL} who (has|owns) the {{t}}(.|)")
LIVES = Wording(
    "(Where|In which city|In what city) does {n} live?",
    f"{TELL} where {{n}} lives(.|)",
    f"{ASK} the (city|home) of {{n}}(?|)",
    "{n} lives where?",
)
LIVES_BACK = Wording(
    "Who (lives|is at home) in {t}?", f"{TELL} who lives in {{t}}(.|)", "Name who lives in {t}(.|)"
)
NUMBER = Wording(
    "(What|Which) number (has|belongs to|goes with) {n}?",
    f"{ASK} the number of {{n}}(.|)",
    f"{TELL} (what|which) number {{n}} has(.|)",
)
NUMBER_BACK = Wording(
    "(Who|Who of them) has (the |)number {t}?",
    f"{TELL} who has (the |)number {{t}}(.|)",
    "To whom does (the |)number {t} belong?",
)

QUOTE = Wording(
    "(Quote|Copy|Give me|Repeat|Find|Show me) the sentence (about|that mentions|with) {k}(.|)",
    "(Which|What) sentence (mentions|speaks of|is about) {k}?( Quote it.| Copy it.|)",
)


def _things(draw: Draw, names: list[str]) -> tuple[list[str], list[str], Wording, Wording, str]:
    values = draw.things(len(names))
    lines = [f"{n} has {texts.article(v)}." for n, v in zip(names, values, strict=True)]
    return values, lines, HAS, HAS_BACK, "{n} has {v}."


def _cities(draw: Draw, names: list[str]) -> tuple[list[str], list[str], Wording, Wording, str]:
    made = [draw.made().capitalize() for _ in names]
    cities = list(dict.fromkeys([*draw.some(CITIES, min(len(CITIES), len(names) // 2)), *made]))
    values = draw.some(cities[: len(names)], len(names))
    lines = [f"{n} lives in {v}." for n, v in zip(names, values, strict=True)]
    return values, lines, LIVES, LIVES_BACK, "{n} lives in {v}."


def _numbers(draw: Draw, names: list[str]) -> tuple[list[str], list[str], Wording, Wording, str]:
    values: list[str] = []
    while len(values) < len(names):
        number = str(draw.number(21, 999))
        values += [number] if number not in values else []
    lines = [f"{n}: {v}" for n, v in zip(names, values, strict=True)]
    return values, lines, NUMBER, NUMBER_BACK, "{n} has the number {v}."


KINDS: tuple[
    Callable[[Draw, list[str]], tuple[list[str], list[str], Wording, Wording, str]], ...
] = (_things, _cities, _numbers)


def make_pairs(draw: Draw, grade: int) -> Task:
    """Return pairs and a question about one of them; in the higher grades also backwards."""
    names = draw.names(draw.between(*PAIRS[grade]))
    kind = draw.pick(KINDS)
    values, lines, forward, backward, form = kind(draw, names)
    at = draw.between(0, len(names) - 1)
    back = draw.chance(0.1 * grade)
    wording = backward if back else forward
    question = draw.say(wording, n=names[at], t=values[at])
    gap = "\n" if kind is _numbers or draw.chance(0.3) else " "
    value = texts.article(values[at]) if kind is _things else values[at]
    answer = form.replace("{n}", names[at]).replace("{v}", value)
    given = gap.join(lines)
    between = draw.pick(("\n", "\n\n")) if gap == "\n" else draw.pick((" ", "\n"))
    if draw.chance(0.2):
        return asked(f"{question}{between}{given}", answer)
    return asked(f"{given}{between}{question}", answer)


def make_quote(draw: Draw, grade: int) -> Task:
    """Return a document and a question that is answered by one of its sentences, in quotes."""
    parts = texts.sentences(draw, draw.between(*SENTENCES[grade]))
    at = draw.between(0, len(parts) - 1)
    parts[at], key = draw.pick((_told_colour, _told_place, _told_price))(draw)
    if key in " ".join(parts[:at] + parts[at + 1 :]):
        return make_quote(draw, grade)
    question = draw.say(QUOTE, k=key)
    document = f"<document>\n{' '.join(parts)}\n</document>"
    text = f"{question}\n{document}" if draw.chance(0.3) else f"{document}\n{question}"
    return asked(text, f'"{parts[at]}"')


def _told_colour(draw: Draw) -> tuple[str, str]:
    thing, name = draw.thing(), draw.name()
    sentence = f"The {thing} of {name} is {draw.one_of(COLOURS)}."
    return sentence, draw.pick((f"the {thing}", name))


def _told_place(draw: Draw) -> tuple[str, str]:
    name, place = draw.name(), draw.pick(PLACES)
    return f"{name} {draw.pick(texts.VERBS)} the {draw.thing()} in the {place}.", name


def _told_price(draw: Draw) -> tuple[str, str]:
    thing, price = draw.thing(), draw.number(21, 99)
    return f"The {thing} costs {price} euros.", draw.pick((f"the {thing}", f"{price} euros"))


LOOKUP = Family("look-up", make_pairs)
QUOTING = Family("quote", make_quote)
