"""Answers that stand in what was said before: earlier turns, and what is known about the user."""

from collections.abc import Callable

from resources.models.recipe.families import texts
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import (
    Family,
    Message,
    Task,
    asked,
    assistant,
    exactly,
    system,
    user,
)
from resources.models.recipe.families.words import (
    CITIES,
    COLOURS,
    FOODS,
    HOBBIES,
    JOBS,
)

NOT_TOLD = "I do not know that. You have not told me."

# --- earlier turns ---
TELL_NAME = Wording("(My name is|I am|I'm|You can call me) {v}.", "(Hello|Hi), (I am|I'm) {v}.")
ASK_NAME = Wording("(What is|What's|Do you remember|Tell me) my name(?|)", "Who am I?")
TELL_NUMBER = Wording(
    "(Remember|Keep in mind|Note) the number {v}(.|, please.)", "My (lucky |)number is {v}."
)
ASK_NUMBER = Wording(
    "(What|Which) number (did I tell you|should you remember|did I name)?",
    "(What is|Tell me) (my|the) number(?|)",
)
TELL_WORD = Wording("(Remember|Keep in mind|Note) the word {v}(.|, please.)", "My word is {v}.")
ASK_WORD = Wording(
    "(What|Which) word (did I tell you|should you remember|did I name)?",
    "(What is|Tell me) (my|the) word(?|)",
)
TELL_CITY = Wording("I (live in|am from|come from) {v}.", "(My home is|My city is) {v}.")
ASK_CITY = Wording("(Where|In which city) do I live?", "(What is|Tell me|Name) my city(?|)")
TOLD: tuple[tuple[str, Wording, str, Wording, str], ...] = (
    ("name", TELL_NAME, "Hello, {v}. How can I help you?", ASK_NAME, "Your name is {v}."),
    ("number", TELL_NUMBER, "All right, {v}.", ASK_NUMBER, "Your number is {v}."),
    ("word", TELL_WORD, "All right, {v}.", ASK_WORD, "Your word is {v}."),
    ("city", TELL_CITY, "{v}, I see.", ASK_CITY, "You live in {v}."),
)
ASK_FIRST = Wording(
    "(What|Which) was (my first question|the first thing I said)?",
    "(Repeat|Quote) (my first message|the first thing I said)(.|)",
)
ASK_LAST = Wording(
    "(What|Which) was my (last|previous) (question|message)?",
    "(Repeat|Quote) my (last|previous) message(.|)",
)
ASK_ANSWER = Wording(
    "(What|Which) was your (last|previous) answer?",
    "(Repeat|Quote) your (last|previous) answer(.|)",
)
ADD_TO = Wording(
    "(Add|Now add) {n} to (my|the) number(.|)", "(What is|How much is) my number plus {n}?"
)
# Turns between what is told and what is asked, and how much else was told.
EARLIER = {1: (0, 1), 2: (1, 2), 3: (2, 4), 4: (3, 6)}

Filler = Callable[[Draw], Task]


def make_earlier(draw: Draw, grade: int, filler: Filler | None = None) -> Task:
    """Return a chat whose last question is about an earlier turn."""
    between, told = draw.between(*EARLIER[grade]), min(grade, 3)
    messages: list[Message] = []
    facts = draw.some(TOLD, told)
    values = [_value(draw, kind) for kind, *_ in facts]
    for (_, tell, reply, _, _), value in zip(facts, values, strict=True):
        messages += [user(draw.say(tell, v=value)), assistant(reply.replace("{v}", value))]
    for _ in range(between):
        task = (filler or _small)(draw)
        messages += [*task.messages, assistant(task.answer)]
    if grade >= 2 and draw.chance(0.3):
        question, answer = _about_turns(draw, messages)
    elif grade == 4 and draw.chance(0.5) and "number" in [kind for kind, *_ in facts]:
        at = [kind for kind, *_ in facts].index("number")
        plus = draw.between(1, 9)
        question = draw.say(ADD_TO, n=plus)
        answer = f"{values[at]} + {plus} = {int(values[at]) + plus}"
    else:
        at = draw.between(0, told - 1)
        question, answer = draw.say(facts[at][3]), facts[at][4].replace("{v}", values[at])
    return Task((*messages, user(question)), answer, exactly(answer))


def _value(draw: Draw, kind: str) -> str:
    if kind == "name":
        return draw.name()
    if kind == "number":
        return str(draw.number(21, 999))
    return draw.thing() if kind == "word" else draw.pick(CITIES)


def _about_turns(draw: Draw, messages: list[Message]) -> tuple[str, str]:
    mine = [message["content"] for message in messages if message["role"] == "user"]
    yours = [message["content"] for message in messages if message["role"] == "assistant"]
    wording, text = draw.pick(((ASK_FIRST, mine[0]), (ASK_LAST, mine[-1]), (ASK_ANSWER, yours[-1])))
    return draw.say(wording), f'"{text}"'


SMALL_SUM = Wording("(What is|How much is|Calculate) {a} (+|plus) {b}(?|)", "{a} + {b}( =|)")
SMALL_COPY = Wording("(Copy|Repeat|Say): {t}", "(Please |)(copy|repeat) this: {t}")


def _small(draw: Draw) -> Task:
    """A short turn about something else."""
    if draw.chance(0.5):
        a, b = draw.between(1, 9), draw.between(1, 9)
        return asked(draw.say(SMALL_SUM, a=a, b=b), f"{a} + {b} = {a + b}")
    text = texts.sentence(draw)
    return asked(draw.say(SMALL_COPY, t=text), text)


# --- known about the user ---
HEAD = "Known about the user:"
ABOUT: tuple[tuple[str, str, Wording, str], ...] = (
    ("name", "The user's name is {v}.", ASK_NAME, "Your name is {v}."),
    ("city", "The user lives in {v}.", ASK_CITY, "You live in {v}."),
    (
        "job",
        "The user works as a {v}.",
        Wording(
            "(What is|What's|Tell me) my job(?|)", "(What do I work as|What do I do for a living)?"
        ),
        "You work as a {v}.",
    ),
    (
        "hobby",
        "The user likes {v}.",
        Wording("(What is|What's|Tell me|Name) my hobby(?|)", "What do I like( to do|)?"),
        "You like {v}.",
    ),
    (
        "food",
        "The user's favourite food is {v}.",
        Wording(
            "(What is|What's|Tell me|Name) my favourite food(?|)", "What do I like to eat( most|)?"
        ),
        "Your favourite food is {v}.",
    ),
    (
        "colour",
        "The user's favourite colour is {v}.",
        Wording(
            "(What is|What's|Tell me|Name) my favourite colour(?|)",
            "Which colour do I like( most|)?",
        ),
        "Your favourite colour is {v}.",
    ),
    (
        "friend",
        "The user's friend is called {v}.",
        Wording("(What is|What's|Tell me) my friend('s name| called)(?|)", "Who is my friend?"),
        "Your friend is called {v}.",
    ),
    (
        "pet",
        "The user's pet is {v}.",
        Wording("(What|Which) pet do I have?", "(Tell me|Say) what my pet is(.|)"),
        "Your pet is {v}.",
    ),
    (
        "age",
        "The user is {v} years old.",
        Wording("How old am I?", "(What is|What's|Tell me) my age(?|)"),
        "You are {v} years old.",
    ),
)
LINES = {1: (1, 2), 2: (3, 4), 3: (6, 8), 4: (6, 9)}
BOTH = Wording("{a} And {b}", "(Two questions: |Tell me both: ){a} {b}")


def make_known(draw: Draw, grade: int) -> Task:
    """Return a question about the user that lines in the system message answer, or do not."""
    count = draw.between(*LINES[grade])
    chosen = draw.some(ABOUT, min(count, len(ABOUT)))
    values = [known_value(draw, kind) for kind, *_ in chosen]
    lines = [
        form.replace("{v}", value) for (_, form, _, _), value in zip(chosen, values, strict=True)
    ]
    lead = draw.pick(("", "You are a helpful assistant.\n\n", "Be brief.\n\n"))
    head = system(f"{lead}{HEAD}\n" + "\n".join(f"- {line}" for line in lines))
    asks = [(draw.say(wording), answer) for _, _, wording, answer in chosen]
    absent = [entry for entry in ABOUT if entry not in chosen]
    if absent and draw.chance(0.15):
        return _chat(head, draw.say(draw.pick(absent)[2]), NOT_TOLD)
    at = draw.between(0, len(chosen) - 1)
    question, answer = asks[at][0], asks[at][1].replace("{v}", values[at])
    if grade == 4:
        other = draw.pick([i for i in range(len(chosen)) if i != at])
        more = asks[other][1].replace("{v}", values[other])
        question = draw.say(BOTH, a=question, b=asks[other][0])
        answer = f"{answer} {more}"
    return _chat(head, question, answer)


def known_value(draw: Draw, kind: str) -> str:
    """Return something that may be known about a user."""
    if kind in ("name", "friend"):
        return draw.name()
    if kind == "age":
        return str(draw.number(18, 89))
    if kind == "pet":
        return texts.article(draw.thing())
    return draw.pick(
        {"city": CITIES, "job": JOBS, "hobby": HOBBIES, "food": FOODS, "colour": COLOURS}[kind]
    )


def _chat(head: Message, question: str, answer: str) -> Task:
    return Task((head, user(question)), answer, exactly(answer))


EARLIER_TURNS = Family("earlier", make_earlier)
KNOWN = Family("known", make_known)
