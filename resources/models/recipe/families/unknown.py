"""Questions whose right answer is that one does not know."""

from collections.abc import Callable

from resources.models.recipe.families import texts
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.facts import CAPITAL, CONTINENT, IN_GERMAN, SYMBOL
from resources.models.recipe.families.knowledge import CAPITALS
from resources.models.recipe.families.searching import (
    HAS,
    LIVES,
    NUMBER,
    UNKNOWN_HERE,
)
from resources.models.recipe.families.task import Check, Family, Task, user, visible

UNKNOWN = "I do not know that."

OUTSIDE = Wording(
    "Who won the (world cup|election|race|prize) in {y}?",
    "What (will the weather be|happened|was the news) in {y}?",
    "How far is (it to |){c} from here?",
    "Explain the (theory|history|meaning) of the {w}.",
    "Who (wrote|painted|invented|sang) the (poem of the |song of the |){w}?",
    "(What is the price of|How much is) a {w}( today| in {y}|)?",
    "Who was the (president|king|queen) of {c} in {y}?",
    "How many people live in {c}( today|)?",
    "(What|When) does {n} think about the {w}?",
    "(Where does {n} live|When was {n} born|How old is {n})?",
    "(What is the news|What is the weather like|What time is it)( today| now| here|)?",
    "Translate {w} into (French|Spanish|Chinese|Latin).",
    "How do I (cook|repair|build|paint) a {w}?",
    "Which {w} is the (best|fastest|oldest)?",
    "Why is the {w} so (big|small|old|red)?",
)
BOOK = Wording(
    "Who wrote( the novel|) '{n} and the {w}'?", "(When|In which year) did {n} find the {w}?"
)


def says_unknown(answer: str) -> bool:
    """Return whether an answer says that it does not know, in English or German."""
    return visible(answer).startswith(("I do not know", "I don't know", "Das weiß ich nicht"))


_CHECK: Check = says_unknown


def _task(question: str, answer: str = UNKNOWN) -> Task:
    return Task((user(question),), answer, _CHECK)


def _outside(draw: Draw) -> Task:
    question = draw.say(
        OUTSIDE,
        y=draw.number(1500, 2100),
        n=draw.name(),
        c=draw.pick(tuple(CAPITALS)),
        w=draw.thing(),
    )
    return _task(question)


def _book(draw: Draw) -> Task:
    return _task(draw.say(BOOK, n=draw.name(), w=draw.thing()))


def _no_country(draw: Draw) -> Task:
    made = draw.made().capitalize() + draw.pick(("ia", "land", "stan", ""))
    wording = draw.pick((CAPITAL, CAPITAL, CONTINENT))
    return _task(draw.say(wording, c=made))


def _no_word(draw: Draw) -> Task:
    if draw.chance(0.5):
        return _task(draw.say(IN_GERMAN, w=draw.made()))
    return _task(draw.say(SYMBOL, e=draw.made() + draw.pick(("ium", "gen", ""))))


def _not_given(draw: Draw) -> Task:
    """A question about somebody of whom the text says nothing."""
    count = draw.between(2, 8)
    *names, other = draw.names(count + 1)
    kind = draw.between(0, 2)
    if kind == 0:
        lines = [f"{name} has {texts.article(draw.thing())}." for name in names]
        question = draw.say(HAS, n=other)
    elif kind == 1:
        lines = [f"{name} lives in {draw.made().capitalize()}." for name in names]
        question = draw.say(LIVES, n=other)
    else:
        lines = [f"{name}: {draw.number(21, 999)}" for name in names]
        question = draw.say(NUMBER, n=other)
    gap = "\n" if kind == 2 or draw.chance(0.3) else " "
    return _task(f"{gap.join(lines)}{gap}{question}", UNKNOWN_HERE)


GRADES: dict[int, tuple[Callable[[Draw], Task], ...]] = {
    1: (_outside,),
    2: (_outside, _book),
    3: (_no_country, _no_word),
    4: (_not_given,),
}


def make(draw: Draw, grade: int) -> Task:
    """Return a question without an answer: out of reach, invented, or not in the text."""
    return draw.pick(GRADES[grade])(draw)


UNKNOWN_THINGS = Family("unknown", make, loose=True)
