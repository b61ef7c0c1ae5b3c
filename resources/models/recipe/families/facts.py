"""Small facts, straight, the other way round, and in two steps."""

from collections.abc import Callable

from resources.models.recipe.families.draw import ASK, TELL, Draw, Wording
from resources.models.recipe.families.knowledge import (
    CAPITALS,
    COLOURS,
    CONTINENTS,
    COUNTS,
    ELEMENTS,
    GERMAN,
    LEGS,
    OPPOSITES,
    ORDINALS,
    PLANETS,
    SOUNDS,
    YOUNG,
)
from resources.models.recipe.families.sides import is_held_choice
from resources.models.recipe.families.task import Family, Task, asked
from resources.models.recipe.families.words import DAYS, MONTHS

BEST_KNOWN = 25

CAPITAL = Wording(
    f"{ASK} the capital( city|) of {{c}}(?|)",
    "(Which|What) city is the capital of {c}?",
    "(The c|C)apital( city|) of {c}(?|)",
)
COLOUR = Wording("(What|Which) colour (is|has) {t}?", "What is the colour of {t}?")
OPPOSITE = Wording(
    f"{ASK} the (opposite|contrary) of {{w}}(?|)",
    "(Which word is|What word is) the (opposite|contrary|reverse) of {w}?",
)
SYMBOL = Wording(
    f"{ASK} the (chemical |)symbol (of|for) {{e}}(?|)",
    "(Which|What) symbol (stands for|has) {e}?",
)
CHILD = Wording(
    "What (is|do you call|do people call) a (young|baby) {a}?",
    "(What is|Tell me) the (name|word) (of|for) a young {a}(?|)",
)
SOUND = Wording(
    "(What|Which) (sound|noise) does {a} make?",
    "How does {a} sound?",
    "What does {a} do when it is loud?",
)
LEG = Wording("How many legs (has|does) {a}( have|)?", f"{TELL} how many legs {{a}} has(.|)")
COUNT = Wording("How many {c}(?|)", f"{TELL} how many {{c}}(?|)")
NEXT = Wording(
    "(What|Which) {k} (comes|is) (after|next after) {d}?", f"{ASK} the {{k}} after {{d}}(.|?|)"
)
PLANET = Wording(
    "(What|Which) is the {n} planet( from the sun|)?",
    f"{ASK} the {{n}} planet( from the sun|)(.|)",
)
IN_GERMAN = Wording(
    f"{ASK} '{{w}}' in German(?|)",
    "(How do you say|How does one say|What is the word for) '{w}' in German?",
    f"{ASK} the German word for '{{w}}'(?|)",
)
COUNTRY = Wording(
    "{c} is the capital of (which|what) country?",
    "(Of w|W)hich country is {c} the capital( of|)?",
    "(In which|In what) country is( the city of|) {c}?",
    f"{TELL} (of which|of what|in which) country {{c}} is the capital(?|)",
)
CONTINENT = Wording(
    "(On|In) (which|what) continent is {c}?",
    "(Which|What) continent is {c} (on|in|part of)?",
    f"{TELL} (on|in) (which|what) continent {{c}} (is|lies)(.|)",
)
ELEMENT = Wording("(Which|What) element has the symbol {s}?", f"{ASK} the element {{s}}(?|)")
ENGLISH = Wording(
    f"{ASK} '{{w}}' in English(?|)",
    "(What does|What might|What can) '{w}' mean( in English|)?",
    f"{ASK} the English word for '{{w}}'(?|)",
)
CITY_CONTINENT = Wording(
    f"{TELL} (on|in) (which|what) continent {{c}} (is|lies)(.|)",
    "(On|In) (which|what) continent is the city( of|) {c}?",
    "(Which|What) continent is {c} a city of?",
)
CITY_LETTER = Wording(
    "(With which|With what) letter does the capital of {c} (begin|start)?",
    f"{ASK} the first letter of( the name of|) the capital of {{c}}(?|)",
    "The capital of {c} begins with (which|what)( letter|)?",
)
CITY_LENGTH = Wording(
    "How many letters (has|are in) the (capital of {c}|{c} capital)?",
    f"{TELL} how many letters the capital of {{c}} has(.|)",
    f"{ASK} the number of letters in the capital of {{c}}(?|)",
    "How long is the name of the capital of {c}, in letters?",
)


def _capital(draw: Draw, *, best: bool = False) -> Task:
    known = tuple(CAPITALS)[:BEST_KNOWN] if best else tuple(CAPITALS)
    country = draw.pick(known)
    return asked(draw.say(CAPITAL, c=country), f"The capital of {country} is {CAPITALS[country]}.")


def _colour(draw: Draw) -> Task:
    thing, colour = draw.pick(tuple(COLOURS.items()))
    return asked(draw.say(COLOUR, t=thing), f"{_capitalised(thing)} is {colour}.")


def _opposite(draw: Draw) -> Task:
    word, other = draw.pick(tuple(OPPOSITES.items()))
    if draw.chance(0.5):
        word, other = other, word
    return asked(draw.say(OPPOSITE, w=word), f"The opposite of {word} is {other}.")


def _symbol(draw: Draw) -> Task:
    element, symbol = draw.pick(tuple(ELEMENTS.items()))
    return asked(draw.say(SYMBOL, e=element), f"The symbol of {element} is {symbol}.")


def _child(draw: Draw) -> Task:
    animal, young = draw.pick(tuple(YOUNG.items()))
    return asked(draw.say(CHILD, a=animal), f"A young {animal} is called a {young}.")


def _sound(draw: Draw) -> Task:
    animal, sound = draw.pick(tuple(SOUNDS.items()))
    an = f"{'an' if animal[0] in 'aeiou' else 'a'} {animal}"
    return asked(draw.say(SOUND, a=an), f"{_capitalised(an)} {sound}.")


def _legs(draw: Draw) -> Task:
    animal, legs = draw.pick(tuple(LEGS.items()))
    an = f"{'an' if animal[0] in 'aeiou' else 'a'} {animal}"
    return asked(draw.say(LEG, a=an), f"{_capitalised(an)} has {legs} legs.")


def _count(draw: Draw) -> Task:
    what, count = draw.pick(tuple(COUNTS.items()))
    return asked(draw.say(COUNT, c=what), f"{_capitalised(count)}.")


def _next(draw: Draw) -> Task:
    kind, row = draw.pick((("day", DAYS), ("month", MONTHS)))
    at = draw.between(0, len(row) - 1)
    after = row[(at + 1) % len(row)]
    return asked(draw.say(NEXT, k=kind, d=row[at]), f"{after} comes after {row[at]}.")


def _planet(draw: Draw) -> Task:
    at = draw.between(0, len(PLANETS) - 1)
    answer = f"The {ORDINALS[at]} planet is {PLANETS[at]}."
    return asked(draw.say(PLANET, n=ORDINALS[at]), answer)


def _german(draw: Draw) -> Task:
    word, wort = draw.pick(tuple(GERMAN.items()))
    return asked(draw.say(IN_GERMAN, w=word), f"'{_capitalised(word)}' is '{wort}' in German.")


def _country(draw: Draw) -> Task:
    country, city = draw.pick(tuple(CAPITALS.items()))
    return asked(draw.say(COUNTRY, c=city), f"{city} is the capital of {country}.")


def _continent(draw: Draw) -> Task:
    country, continent = draw.pick(tuple(CONTINENTS.items()))
    return asked(draw.say(CONTINENT, c=country), f"{_capitalised(country)} is in {continent}.")


def _element(draw: Draw) -> Task:
    element, symbol = draw.pick(tuple(ELEMENTS.items()))
    return asked(draw.say(ELEMENT, s=symbol), f"{symbol} is the symbol of {element}.")


def _english(draw: Draw) -> Task:
    word, wort = draw.pick(tuple(GERMAN.items()))
    return asked(draw.say(ENGLISH, w=wort), f"'{wort}' is '{word}' in English.")


def _two_steps(draw: Draw) -> Task:
    """Return a question about the capital's own property; these countries are held out apart."""
    while True:
        country = draw.pick(tuple(CONTINENTS))
        if is_held_choice("two steps", country, every=3) == draw.held:
            break
    city = CAPITALS[country]
    kind = draw.between(0, 2)
    if kind == 0:
        return asked(draw.say(CITY_CONTINENT, c=city), f"{city} is in {CONTINENTS[country]}.")
    if kind == 1:
        answer = f"The capital of {country} is {city}. It begins with {city[0]}."
        return asked(draw.say(CITY_LETTER, c=country), answer)
    letters = sum(letter.isalpha() for letter in city)
    answer = f"The capital of {country} is {city}. It has {letters} letters."
    return asked(draw.say(CITY_LENGTH, c=country), answer)


def _best_known(draw: Draw) -> Task:
    return _capital(draw, best=True)


GRADES: dict[int, tuple[Callable[[Draw], Task], ...]] = {
    1: (_best_known, _best_known, _colour, _opposite, _next, _count, _legs),
    2: (_capital, _capital, _symbol, _child, _sound, _planet, _german),
    3: (_country, _country, _continent, _continent, _element, _english),
    4: (_two_steps,),
}


def make(draw: Draw, grade: int) -> Task:
    """Return a question: well known, less known, backwards, in two steps."""
    return draw.pick(GRADES[grade])(draw)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


FACTS = Family("facts", make, loose=True)
