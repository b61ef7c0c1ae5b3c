"""Small facts and Markdown lists."""

from random import Random

from recipe.data.words import (
    CAPITALS,
    COLOURS,
    COUNTS,
    DAYS,
    ELEMENTS,
    LEGS,
    MONTHS,
    NUMBERS,
    OPPOSITES,
    PLANETS,
    SEASONS,
    SOUNDS,
    THINGS,
    YOUNG,
)

Pair = tuple[str, str]

CAPITAL_ASKS = (
    "What is the capital of {c}?",
    "What is the capital of {c}?",
    "What is the capital of {c}?",
    "What's the capital of {c}?",
    "Capital of {c}?",
    "Name the capital of {c}.",
    "Which city is the capital of {c}?",
    "Tell me the capital of {c}.",
    "What is the capital city of {c}?",
    "Do you know the capital of {c}?",
    "{c} capital",
)
LIST_ASKS = (
    "Name {n} {k}.",
    "List {n} {k}.",
    "Give me {n} {k}.",
    "Tell me {n} {k}, please.",
    "Can you name {n} {k}?",
    "Write a list of {n} {k}.",
)


def fact(random: Random) -> Pair:
    """Return a question about a small fact and its answer; half of them are capitals."""
    others = (_colour, _opposite, _element, _young, _sound, _legs, _number_of, _next, _planet)
    return _capital(random) if random.random() < 0.5 else random.choice(others)(random)


def _capital(random: Random) -> Pair:
    country, city = random.choice(list(CAPITALS.items()))
    answer = f"The capital of {country} is {city}."
    return random.choice(CAPITAL_ASKS).format(c=country), answer


def _colour(random: Random) -> Pair:
    thing, colour = random.choice(list(COLOURS.items()))
    asks = ("What colour is {t}?", "What color is {t}?", "What is the colour of {t}?")
    return random.choice(asks).format(t=thing), f"{thing[0].upper()}{thing[1:]} is {colour}."


def _opposite(random: Random) -> Pair:
    word, other = random.choice(list(OPPOSITES.items()))
    if random.random() < 0.5:
        word, other = other, word
    asks = ("What is the opposite of {w}?", "Opposite of {w}?", "Name the opposite of {w}.")
    return random.choice(asks).format(w=word), f"The opposite of {word} is {other}."


def _element(random: Random) -> Pair:
    name, symbol = random.choice(list(ELEMENTS.items()))
    asks = ("What is the symbol of {n}?", "What is the chemical symbol for {n}?")
    return random.choice(asks).format(n=name), f"The symbol of {name} is {symbol}."


def _young(random: Random) -> Pair:
    animal, young = random.choice(list(YOUNG.items()))
    asks = (
        "What is a young {a} called?",
        "What is a baby {a} called?",
        "What do you call a baby {a}?",
    )
    return random.choice(asks).format(a=animal), f"A young {animal} is called a {young}."


def _sound(random: Random) -> Pair:
    animal, sound = random.choice(list(SOUNDS.items()))
    asks = ("What sound does a {a} make?", "What does a {a} say?")
    return random.choice(asks).format(a=animal), f"A {animal} {sound}."


def _legs(random: Random) -> Pair:
    animal, legs = random.choice(list(LEGS.items()))
    return f"How many legs does a {animal} have?", f"A {animal} has {legs} legs."


def _number_of(random: Random) -> Pair:
    what, number = random.choice(list(COUNTS.items()))
    return f"How many {what}?", f"{number[0].upper()}{number[1:]}."


def _next(random: Random) -> Pair:
    row, kind = random.choice(((DAYS, "day"), (MONTHS, "month"), (SEASONS, "season")))
    at, other = random.randrange(len(row)), random.choice(("after", "before"))
    found = row[(at + (1 if other == "after" else -1)) % len(row)]
    return f"Which {kind} comes {other} {row[at]}?", f"{found.capitalize()}."


def _planet(random: Random) -> Pair:
    at = random.randrange(len(PLANETS))
    asks = ("Which planet is number {n} from the sun?", "What is planet number {n}?")
    return random.choice(asks).format(n=at + 1), f"Planet number {at + 1} is {PLANETS[at]}."


def listing(random: Random) -> Pair:
    """Return a wish for a few things and a Markdown list."""
    kind, things = random.choice(list(THINGS.items()))
    count = random.randint(2, min(7, len(things)))
    asked = NUMBERS[count] if random.random() < 0.7 else str(count)
    answer = "\n".join(f"- {thing}" for thing in things[:count])
    return random.choice(LIST_ASKS).format(n=asked, k=kind), answer
