"""Answers that stand in what was said before: earlier turns, and what is known about the user."""

from collections.abc import Callable

from resources.models.recipe.families import texts
from resources.models.recipe.families.draw import ASK, TELL, Draw, Wording
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
TELL_NAME = Wording(
    "(|Hello, |Hi, |Good morning, )(My name is|I am|I'm|You can call me|Call me|They call me) {v}."
)
ASK_NAME = Wording(f"{ASK} my name(?|)", f"{TELL} (who I am|what I am called)(?|)", "Who am I?")
TELL_NUMBER = Wording(
    "(Remember|Keep in mind|Note) the number {v}(.|, please.)",
    "My (lucky |)number is {v}.",
    "My number: {v}.",
)
ASK_NUMBER = Wording(
    "(What|Which) number (did I tell you|should you remember|did I name)?",
    f"{ASK} (my|the) number(?|)",
)
TELL_WORD = Wording(
    "(Remember|Keep in mind|Note) the word {v}(.|, please.)", "My word is {v}.", "The word is {v}."
)
ASK_WORD = Wording(
    "(What|Which) word (did I tell you|should you remember|did I name)?",
    f"{ASK} (my|the) word(?|)",
)
TELL_CITY = Wording(
    "I (live in|am from|come from|moved to|am at home in) {v}.", "(My home is|My city is) {v}."
)
ASK_CITY = Wording(
    "(Where|In which city|In what city) do I live?",
    f"{ASK} my (city|home)(?|)",
    f"{TELL} where I live(?|)",
)
TOLD: tuple[tuple[str, Wording, str, Wording, str], ...] = (
    ("name", TELL_NAME, "Hello, {v}. How can I help you?", ASK_NAME, "Your name is {v}."),
    ("number", TELL_NUMBER, "All right, {v}.", ASK_NUMBER, "Your number is {v}."),
    ("word", TELL_WORD, "All right, {v}.", ASK_WORD, "Your word is {v}."),
    ("city", TELL_CITY, "{v}, I see.", ASK_CITY, "You live in {v}."),
)
ASK_FIRST = Wording(
    "(What|Which) was "
    "(my first question|my first message|the first thing I said|the first thing I wrote)?",
    "(Repeat|Quote|Tell me|Give me) "
    "(my first message|my first question|the first thing I said)(.|)",
)
ASK_LAST = Wording(
    "(What|Which) was my (last|previous) (question|message)?",
    "(Repeat|Quote|Tell me|Give me) my (last|previous) (message|question)(.|)",
)
ASK_ANSWER = Wording(
    "(What|Which) was your (last|previous) answer?",
    "(Repeat|Quote|Tell me|Give me) your (last|previous) (answer|message)(.|)",
)
ADD_TO = Wording(
    "(Add|Now add|Please add) {n} to (my|the) number(.|)",
    "(What is|How much is|Tell me) (my|the) number plus {n}(?|)",
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
    return draw.thing() if kind == "word" else draw.one_of(CITIES)


def _about_turns(draw: Draw, messages: list[Message]) -> tuple[str, str]:
    mine = [message["content"] for message in messages if message["role"] == "user"]
    yours = [message["content"] for message in messages if message["role"] == "assistant"]
    wording, text = draw.pick(((ASK_FIRST, mine[0]), (ASK_LAST, mine[-1]), (ASK_ANSWER, yours[-1])))
    return draw.say(wording), f'"{text}"'


SMALL_SUM = Wording(
    "(What is|What's|How much is|Calculate|Tell me) {a} (+|plus) {b}(?|)", "{a} + {b}( =|)"
)
SMALL_COPY = Wording(
    "(Copy|Repeat|Say|Write)( this|): {t}", "(Please |Can you )(copy|repeat|say) this: {t}"
)


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
            f"{ASK} my (job|profession|work)(?|)",
            "(What do I work as|What do I do for a living|What is it I work as)?",
            f"{TELL} what I work as(?|)",
        ),
        "You work as a {v}.",
    ),
    (
        "hobby",
        "The user likes {v}.",
        Wording(
            f"{ASK} my hobby(?|)",
            "What do I (like|love|enjoy)( to do|)?",
            f"{TELL} what I like( to do|)(?|)",
        ),
        "You like {v}.",
    ),
    (
        "food",
        "The user's favourite food is {v}.",
        Wording(
            f"{ASK} my favourite food(?|)",
            "What do I (like|love) to eat( most|)?",
            f"{TELL} what I like to eat( most|)(?|)",
        ),
        "Your favourite food is {v}.",
    ),
    (
        "colour",
        "The user's favourite colour is {v}.",
        Wording(
            f"{ASK} my favourite colour(?|)",
            "(Which|What) colour do I (like|love)( most|)?",
            f"{TELL} which colour I like( most|)(?|)",
        ),
        "Your favourite colour is {v}.",
    ),
    (
        "friend",
        "The user's friend is called {v}.",
        Wording(
            f"{ASK} (my friend's name|the name of my friend)(?|)",
            "(Who is my friend|What is my friend called)?",
            f"{TELL} (who my friend is|what my friend is called)(?|)",
        ),
        "Your friend is called {v}.",
    ),
    (
        "pet",
        "The user's pet is {v}.",
        Wording(
            "(What|Which|What kind of) pet do I (have|keep|own)?",
            f"{TELL} (what my pet is|which pet I have)(.|)",
            f"{ASK} my pet(?|)",
        ),
        "Your pet is {v}.",
    ),
    (
        "age",
        "The user is {v} years old.",
        Wording("How old am I?", f"{ASK} my age(?|)", f"{TELL} how old I am(?|)"),
        "You are {v} years old.",
    ),
)
LINES = {1: (1, 2), 2: (3, 4), 3: (6, 8), 4: (6, 9)}
BOTH = Wording(
    "{a} (And|And also:|Then:|Also:) {b}",
    "(Two questions: |Tell me both: |Tell me two things: |I have two questions: ){a} {b}",
    "(First|One): {a} (Second|Two): {b}",
)


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
    return draw.one_of(
        {"city": CITIES, "job": JOBS, "hobby": HOBBIES, "food": FOODS, "colour": COLOURS}[kind]
    )


def _chat(head: Message, question: str, answer: str) -> Task:
    return Task((head, user(question)), answer, exactly(answer))


EARLIER_TURNS = Family("earlier", make_earlier)
KNOWN = Family("known", make_known)
