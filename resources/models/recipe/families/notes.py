"""Writing down what a user says about themselves, as JSON, and nothing else."""

import json

from resources.models.recipe.families import texts
from resources.models.recipe.families.context import ABOUT, known_value
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.json_tasks import same_json
from resources.models.recipe.families.task import Family, Task, system, user
from resources.models.recipe.families.words import ADJECTIVES

ORDER = (
    "Write down what the user says about themselves, as JSON: "
    '{"facts": ["The user ..."]}. Leave out everything else.'
)
TELLS = {
    "name": Wording(
        "(|Hello, |Hi, )(My name is|I am|I'm|Call me|You can call me|They call me) {v}.",
    ),
    "city": Wording(
        "I (now |)(live in|am from|come from|moved to|am at home in) {v}.",
        "(My home is|My city is|My house is in|My flat is in) {v}.",
    ),
    "job": Wording(
        "I (now |)(work|earn my money|make my living|am employed) as a {v}.",
        "(My job is|I have a job as a|My work is that of a|I am a) {v}.",
    ),
    "hobby": Wording(
        "(I like|I love|I enjoy|I am fond of) {v}( a lot|).",
        "(My hobby is|In the evening I like|I spend my time with|On Sundays I like) {v}.",
    ),
    "food": Wording(
        "(My favourite food is|The best food is|What I like to eat is) {v}.",
        "I (like to|love to|always|often) eat {v}.",
    ),
    "colour": Wording(
        "(My favourite colour is|I like the colour|The best colour is|I love the colour) {v}.",
        "The colour I like( most|) is {v}.",
    ),
    "friend": Wording(
        "My (best |old |good |)friend is (called |){v}.",
        "I have a( good|) friend (called|named) {v}.",
        "(The name of my friend is|My friend's name is) {v}.",
    ),
    "pet": Wording(
        "My pet is {v}.",
        "(I have|I keep|We have|We keep|I own) {v} as a pet.",
        "We own a pet: {v}.",
    ),
    "age": Wording(
        "I am( now|) {v}( years old|).", "(I turned|I have just become|I am already|My age is) {v}."
    ),
}
OTHER = Wording(
    "What (is|do you know about) the {a} {w}?",
    "(Please |)(sort|copy|spell|write) the word {w}.",
    "(How much is|What is|Calculate) {n} + {m}(?|)",
    "(Tell me|Write) a story about the {w}.",
    "(Thank you|Thanks)( a lot|)!",
    "{n} said that the {w} is {a}.",
)
# Facts told and other sentences in each grade.
SIZES = {1: ((1, 1), (0, 0)), 2: ((0, 2), (1, 1)), 3: ((2, 3), (1, 2)), 4: ((3, 5), (2, 4))}


def make(draw: Draw, grade: int) -> Task:
    """Return messages of a user from which lasting facts are to be written down."""
    facts, others = SIZES[grade]
    chosen = draw.some(ABOUT, draw.between(*facts))
    told: list[tuple[str, str]] = []
    for kind, form, _, _ in chosen:
        value = known_value(draw, kind)
        told.append((draw.say(TELLS[kind], v=value), form.replace("{v}", value)))
    told += [(_other(draw), "") for _ in range(draw.between(*others))]
    told = draw.some(told, len(told))
    wanted = {"facts": [fact for _, fact in told if fact]}
    lines = "\n".join(f"- {line}" for line, _ in told)
    answer = json.dumps(wanted, ensure_ascii=False)
    return Task((system(ORDER), user(lines)), answer, same_json(wanted))


def _other(draw: Draw) -> str:
    if draw.chance(0.3):
        return texts.sentence(draw)
    name, thing = draw.name(), draw.thing()
    return draw.say(OTHER, a=draw.pick(ADJECTIVES), w=thing, n=name, m=draw.between(2, 20))


NOTES = Family("notes", make)
