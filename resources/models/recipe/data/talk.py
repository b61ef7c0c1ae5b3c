"""Greetings, thanks, questions about the model itself, and what it does not know."""

from random import Random

from recipe.data.words import CAPITALS, NAMES, WORDS

Pair = tuple[str, str]
Chat = tuple[tuple[str, str], ...]

ABOUT = (
    "I am Echelon's starter model, a very small one that runs on this computer. "
    "I can greet you, name capitals, sort words and write short Python functions."
)
ECHELON = (
    "Echelon runs several language models on your own computer as tiers: small ones answer what is "
    "easy, larger ones what is hard. Nothing you write leaves this computer."
)
UNKNOWN = "I do not know that."

GREETINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("Hello", "Hello", "Hi", "Hello there", "Hey", "Hi there", "Greetings", "Good day"),
        "Hello. How can I help you?",
    ),
    (("Hello, Echelon", "Hi Echelon", "Hey Echelon"), "Hello. How can I help you?"),
    (("Good morning",), "Good morning. What can I do for you?"),
    (("Good afternoon",), "Good afternoon. What can I do for you?"),
    (("Good evening",), "Good evening. What can I do for you?"),
    (
        ("How are you?", "How are you today?", "How do you do?", "How is it going?", "What's up?"),
        "I am well, thank you. How can I help you?",
    ),
    (
        ("Hello, how are you?", "Hi, how are you?", "Hey, how is it going?"),
        "Hello. I am well, thank you. How can I help you?",
    ),
    (
        (
            "Who are you?",
            "What are you?",
            "What is your name?",
            "What's your name?",
            "Tell me about yourself.",
            "Introduce yourself.",
            "What can you do?",
            "What do you know?",
            "Help",
            "Can you help me?",
            "What model are you?",
            "Which model is this?",
            "Are you a robot?",
            "Are you human?",
        ),
        ABOUT,
    ),
    (("What is Echelon?", "Who made you?", "Tell me about Echelon.", "What is this?"), ECHELON),
    (
        (
            "Thanks",
            "Thank you",
            "Thank you very much",
            "Thanks a lot",
            "Many thanks",
            "Thank you for your help",
            "That helped",
        ),
        "You are welcome.",
    ),
    (
        ("Goodbye", "Bye", "Bye bye", "See you", "See you later", "Good night", "See you tomorrow"),
        "Goodbye. Come back soon.",
    ),
    (("Test", "Testing", "Are you there?", "Ping", "Can you hear me?"), "I am here."),
    (
        ("Ok", "Okay", "Good", "Great", "Nice", "Well done", "Very good", "Cool"),
        "Good. What is next?",
    ),
    (("Sorry", "I am sorry", "My mistake"), "No problem."),
    (("Yes", "Yes please", "Sure"), "Good. What would you like to know?"),
    (("No", "No thanks", "No, thank you"), "All right."),
    (
        ("Tell me a joke.", "Make me laugh.", "Do you know a joke?"),
        "Why did the tiny model blush? It saw its own weights.",
    ),
)
UNKNOWN_ASKS = (
    "Who won the world cup in {y}?",
    "What will the weather be in {y}?",
    "How far is {n} from the {w}?",
    "How far is {c} from here?",
    "Explain the theory of the {w}.",
    "Who wrote the book {w} and {v}?",
    "Who wrote {n} and the {w}?",
    "What is the price of a {w} in {y}?",
    "How much does a {w} cost?",
    "Who was the president of {c} in {y}?",
    "How many people live in {c}?",
    "What does {n} think about the {w}?",
    "Where does {n} live?",
    "When was {n} born?",
    "Why is the {w} so big?",
    "What happened in {y}?",
    "What is the news today?",
    "What time is it?",
    "What is the weather like?",
    "Translate {w} into French.",
    "What is the meaning of life?",
    "How do I cook a {w}?",
    "How do I repair a {w}?",
    "What is the {w} of the {v}?",
    "Which {w} is the best?",
    "Who invented the {w}?",
)


def greet(random: Random) -> Pair:
    """Return a greeting and its reply."""
    asks, reply = random.choice(GREETINGS)
    ask = random.choice(asks)
    if ask[-1] in ".?":
        return ask, reply
    return ask + random.choice(("", "", ".", "!")), reply


def unknown(random: Random) -> Pair:
    """Return a question outside of what a tiny model knows."""
    first, second = random.sample(WORDS, 2)
    ask = random.choice(UNKNOWN_ASKS).format(
        y=random.randint(1500, 2100),
        n=random.choice(NAMES),
        c=random.choice(list(CAPITALS)),
        w=first,
        v=second,
    )
    return ask, UNKNOWN


def name_remembered(random: Random, between: Pair | None) -> Chat:
    """Return turns in which the user's name is told and asked for, with one turn between."""
    name = random.choice(NAMES)
    told = ("My name is {n}.", "I am {n}.", "Hello, my name is {n}.", "Hi, I am {n}.", "I'm {n}.")
    asked = ("What is my name?", "What's my name?", "Who am I?", "Do you remember my name?")
    middle = (("user", between[0]), ("assistant", between[1])) if between else ()
    return (
        ("user", random.choice(told).format(n=name)),
        ("assistant", f"Hello, {name}. How can I help you?"),
        *middle,
        ("user", random.choice(asked)),
        ("assistant", f"Your name is {name}."),
    )


def and_the_next(random: Random) -> Chat:
    """Return a question for a capital and a short one for the next."""
    first, second = random.sample(list(CAPITALS), 2)
    asks = ("And of {c}?", "And {c}?", "What about {c}?", "And the capital of {c}?")
    return (
        ("user", f"What is the capital of {first}?"),
        ("assistant", f"The capital of {first} is {CAPITALS[first]}."),
        ("user", random.choice(asks).format(c=second)),
        ("assistant", f"The capital of {second} is {CAPITALS[second]}."),
    )


def and_its_capital(random: Random) -> Chat:
    """Return a country named by the user and a question for its capital."""
    country = random.choice(list(CAPITALS))
    told = ("I live in {c}.", "I am from {c}.", "I like {c}.", "Let us talk about {c}.")
    asks = ("What is its capital?", "And its capital?", "What is the capital?")
    return (
        ("user", random.choice(told).format(c=country)),
        ("assistant", f"What would you like to know about {country}?"),
        ("user", random.choice(asks)),
        ("assistant", f"The capital of {country} is {CAPITALS[country]}."),
    )
