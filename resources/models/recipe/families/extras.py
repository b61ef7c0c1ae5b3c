"""What the models learn beside the families, so that talking to them is pleasant; not evaluated."""

from collections.abc import Callable

from resources.models.recipe.families import classics, knowledge, stories
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Task, asked, assistant, exactly, user

COUNT = Wording("(Please |)count( from 1| from one|) to {n}(.|)", "(Can you |)count to {n}(?|.)")
LIST = Wording(
    "(Please |)(name|list|give me|tell me) {n} {k}(.|)",
    "(Can you name|Write a list of) {n} {k}(.|?)",
)
COUNTRY = Wording("(I live in|I am from|I like|Let us talk about) {c}.", "(We go to|I know) {c}.")
ITS_CAPITAL = Wording("(What is|And|Tell me) (its|the) capital(?|)", "(And i|I)ts capital?")
AND = Wording("(And|What about|And of|And the capital of) {c}?", "(And now|Now) {c}(?|.)")
CAPITAL = Wording("What is the capital of {c}(?|)", "(Name|Tell me) the capital of {c}(.|)")
THINGS = {
    "colours": "red blue green yellow white black brown purple orange pink".split(),
    "animals": "dog cat horse cow sheep pig goat duck lion wolf".split(),
    "planets": list(knowledge.PLANETS),
    "fruits": "apple banana cherry grape peach plum lemon orange pear melon".split(),
    "days": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "seasons": "spring summer autumn winter".split(),
    "drinks": "water tea coffee milk juice lemonade".split(),
    "countries": "Japan France Brazil Kenya India Canada Norway Egypt".split(),
    "programming languages": "Python C Java Rust Go Ruby Swift".split(),
}
NUMBERS = "zero one two three four five six seven eight nine ten".split()


def _counting(draw: Draw) -> Task:
    end = draw.between(3, 40)
    return asked(draw.say(COUNT, n=end), ", ".join(str(i) for i in range(1, end + 1)) + ".")


def _listing(draw: Draw) -> Task:
    kind, things = draw.pick(tuple(THINGS.items()))
    count = draw.between(2, min(7, len(things)))
    number = NUMBERS[count] if draw.chance(0.7) else count
    answer = "\n".join(f"- {thing}" for thing in things[:count])
    return asked(draw.say(LIST, n=number, k=kind), answer)


def _its_capital(draw: Draw) -> Task:
    country, city = draw.pick(tuple(knowledge.CAPITALS.items()))
    told = user(draw.say(COUNTRY, c=country))
    reply = assistant(f"What would you like to know about {country}?")
    answer = f"The capital of {country} is {city}."
    return Task((told, reply, user(draw.say(ITS_CAPITAL))), answer, exactly(answer))


def _and_the_next(draw: Draw) -> Task:
    one, other = draw.some(tuple(knowledge.CAPITALS), 2)
    first = user(draw.say(CAPITAL, c=one))
    reply = assistant(f"The capital of {one} is {knowledge.CAPITALS[one]}.")
    answer = f"The capital of {other} is {knowledge.CAPITALS[other]}."
    return Task((first, reply, user(draw.say(AND, c=other))), answer, exactly(answer))


KINDS: tuple[Callable[[Draw], Task], ...] = (
    stories.make,
    stories.make,
    classics.make,
    classics.make,
    _counting,
    _listing,
    _its_capital,
    _and_the_next,
)


def make(draw: Draw) -> Task:
    """Return a story, a well-known function, a list, a count, or a capital asked for in short."""
    return draw.pick(KINDS)(draw)
