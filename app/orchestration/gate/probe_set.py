"""Questions whose answers can be checked exactly: what a model is asked before it is trusted.

Short ones, of every kind of task that can be asked without tools, so that a pass over all of them
takes a minute or two. None of them is from a public collection.
"""

from collections.abc import Sequence
from typing import Final

from app.domain.chat import ChatMessage
from app.orchestration.gate.probing import (
    Check,
    Probe,
    count,
    exactly,
    expression,
    json_is,
    listed,
    number,
    says,
)


def _asked(family: str, *pairs: tuple[str, Check]) -> list[Probe]:
    """Return probes of one message each."""
    return [
        Probe(family, (ChatMessage(role="user", content=text),), check) for text, check in pairs
    ]


def _after(family: str, said: Sequence[str], text: str, check: Check) -> Probe:
    """Return a probe at the end of a conversation, in which the user speaks first."""
    before = [_assistant(each) if at % 2 else _user(each) for at, each in enumerate(said)]
    return Probe(family, (*before, _user(text)), check)


def _user(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


def _assistant(text: str) -> ChatMessage:
    return ChatMessage(role="assistant", content=text)


_LETTER: Final = (
    "The ferry to Aldersund leaves at 6:40 and at 14:15. A ticket costs 12 crowns, children under "
    "seven travel free. Dogs must stay on the lower deck. The crossing takes 35 minutes."
)
_BRIEF: Final = (
    "Die Bücherei Lindental öffnet am Montag um 9 Uhr und schließt um 17 Uhr. Eine Karte kostet "
    "15 Euro im Jahr. Am Mittwoch bleibt sie geschlossen. Die Leiterin heißt Frau Sommer."
)

PROBES: Final[tuple[Probe, ...]] = (
    *_asked(
        "chat",
        ("Hello! Please greet me back.", says("hello", "hi", "hey", "greetings", "welcome")),
        ("Good morning! Say good morning to me, too.", says("morning")),
        ("Thanks! Say you're welcome.", says("welcome")),
        (
            "Hallo! Grüß mich bitte zurück.",
            says("hallo", "guten tag", "hi", "servus", "willkommen"),
        ),
    ),
    *_asked(
        "facts",
        ("What is the capital of Portugal?", says("lisbon", "lisboa")),
        ("Which planet is closest to the sun?", says("mercury")),
        ("How many legs does a spider have?", number(8)),
        ("What metal has the chemical symbol Fe?", says("iron")),
        ("Who wrote the play Hamlet?", says("shakespeare")),
        ("In which year did the Second World War end?", number(1945)),
        ("Was ist die Hauptstadt von Österreich?", says("wien")),
        ("Wie viele Tage hat ein Schaltjahr?", number(366)),
    ),
    *_asked(
        "math",
        ("What is 7 + 6?", number(13)),
        ("What is 48 + 37?", number(85)),
        ("What is 523 + 389?", number(912)),
        ("What is 81 - 46?", number(35)),
        ("What is 9 * 8?", number(72)),
        ("What is 34 * 17?", number(578)),
        ("Calculate 15 percent of 240.", number(36)),
        ("Was ist 144 / 12?", number(12)),
    ),
    *_asked(
        "code",
        (
            "Write a Python function double(x) that returns x times two. Only the code.",
            expression("double", "x * 2", "2 * x", "x + x"),
        ),
        (
            "Write a Python function last(items) that returns the last item of a list. "
            "Only the code.",
            expression("last", "items[-1]", "items[len(items) - 1]"),
        ),
        (
            "Write a Python function is_even(n) that returns whether n is even. Only the code.",
            expression("is_even", "n % 2 == 0", "not n % 2", "n & 1 == 0", "not (n % 2)"),
        ),
        (
            "In a Python program, `values = [4, 7, 9]` is followed by `print(values[1])`. What "
            "does this code print? Reply with the number alone.",
            number(7),
        ),
        (
            "Schreibe eine Python-Funktion quadrat(x), die x hoch zwei zurückgibt. Nur den Code.",
            expression("quadrat", "x ** 2", "x * x", "pow(x, 2)"),
        ),
    ),
    *_asked(
        "structured",
        (
            'Return JSON with the keys "name" and "age": Nora is 34 years old.',
            json_is({"name": "Nora", "age": 34}),
        ),
        ("Return the numbers 3, 5 and 8 as a JSON list.", json_is([3, 5, 8])),
        (
            'Turn this into JSON with the keys "item" and "price": a lamp for 20.',
            json_is({"item": "lamp", "price": 20}, {"item": "a lamp", "price": 20}),
        ),
        (
            'Return JSON with the key "open" and the value true, nothing else.',
            json_is({"open": True}),
        ),
        (
            'Gib JSON mit den Schlüsseln "stadt" und "land" zurück: Graz liegt in Österreich.',
            json_is({"stadt": "Graz", "land": "Österreich"}),
        ),
    ),
    *_asked(
        "rewrite",
        (
            "Replace cat with horse in this sentence: The cat stood at the gate.",
            exactly("The horse stood at the gate."),
        ),
        (
            "Replace every 'red' with 'green': a red door, a red roof",
            exactly("a green door, a green roof"),
        ),
        (
            "Repeat this sentence exactly: Seven gulls sat on the old pier.",
            exactly("Seven gulls sat on the old pier."),
        ),
        (
            "Correct the spelling in this sentence: The wether is nice tody.",
            exactly("The weather is nice today."),
        ),
        (
            "Ersetze Hund durch Vogel in diesem Satz: Der Hund sitzt im Garten.",
            exactly("Der Vogel sitzt im Garten."),
        ),
    ),
    *_asked(
        "document",
        (f"{_LETTER}\n\nAccording to the text, what does a ticket cost?", number(12)),
        (f"{_LETTER}\n\nAccording to the text, how long is the crossing?", number(35)),
        (f"{_LETTER}\n\nAccording to the text, where must dogs stay?", says("lower deck")),
        (
            f"{_LETTER}\n\nQuote the sentence about dogs.",
            says("dogs must stay on the lower deck"),
        ),
        (f"{_BRIEF}\n\nWie heißt die Leiterin? Zitiere den Namen.", says("sommer")),
        (f"{_BRIEF}\n\nZitiere: Was kostet eine Karte?", says("15")),
    ),
    *_asked(
        "words",
        ("Sort these words alphabetically: plum, fig, lemon", listed("fig", "lemon", "plum")),
        (
            "Sort these words by length, shortest first: bridge, oak, river",
            listed("oak", "river", "bridge"),
        ),
        ("Spell the word cloud backwards.", says("duolc")),
        ("Reverse the word stone.", says("enots")),
        ("How many letters are in the word garden?", count(6)),
        ("How many times does the letter e appear in the word seventeen?", count(4)),
        ("Wie viele Buchstaben hat das Wort Fenster?", count(7)),
    ),
    _after(
        "earlier", ("My train leaves at 8.", "Noted."), "When did I say my train leaves?", number(8)
    ),
    _after(
        "earlier",
        ("I bought a blue coat.", "Nice.", "And a grey hat.", "Good."),
        "Which colour did I say the coat has?",
        says("blue", never=("grey",)),
    ),
    _after(
        "earlier",
        ("The code word is walnut.", "I will remember it."),
        "Which code word did I mention earlier?",
        says("walnut"),
    ),
    _after(
        "earlier",
        ("Ich habe drei Äpfel gekauft.", "Gut."),
        "Wie viele Äpfel habe ich gekauft? Ich habe es vorhin gesagt.",
        count(3),
    ),
    *(
        Probe(
            "known",
            (ChatMessage(role="system", content=f"What is known of the user: {fact}"), _user(text)),
            check,
        )
        for fact, text, check in (
            ("Name: Mara. Lives in Bergen.", "What is my name?", says("mara")),
            ("Name: Mara. Lives in Bergen.", "Where do I live?", says("bergen")),
            ("Has a dog called Pixel.", "What is the name of my dog?", says("pixel")),
            ("Name: Jonas. Beruf: Tischler.", "Was ist mein Beruf?", says("tischler")),
        )
    ),
)
