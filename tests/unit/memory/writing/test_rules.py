"""How much of what rules learn is right, on sentences made from parts: many say nothing lasting."""

import random
from itertools import product

import pytest

from app.memory.blocks import sentences
from app.memory.writing.rules import claims

TRUE = {
    "my {pet} is called {name}": "{pet}.name={name}",
    "my {kin}'s name is {name}": "{kin}.name={name}",
    "I live in {town}": "self.home={town}",
    "I moved to {town}": "self.home={town}",
    "I'm from {town}": "self.origin={town}",
    "my name is {name}": "self.name={name}",
    "I work as a {job}": "self.job={job}",
    "I'm a {job}": "self.job={job}",
    "I'm allergic to {food}": "self.allergy={food}",
    "I really like {food}": "self.likes={food}",
    "I don't eat {food}": "!self.eats={food}",
    "I prefer {food}": "self.prefers={food}",
    "my favourite food is {food}": "favourite food={food}",
    "I am {age} years old": "self.age={age}",
    "ich heiße {name}": "self.name={name}",
    "meine Katze heißt {name}": "cat.name={name}",
    "mein Bruder heißt {name}": "brother.name={name}",
    "ich wohne in {town}": "self.home={town}",
    "ich komme aus {town}": "self.origin={town}",
    "ich mag {speise}": "self.likes={speise}",
    "ich esse kein {speise}": "!self.eats={speise}",
    "ich bin {age} Jahre alt": "self.age={age}",
    "ich arbeite als {beruf}": "self.job={beruf}",
    "mein Lieblingsessen ist {speise}": "favourite essen={speise}",
}
FALSE = (
    "my {thing} is broken", "my {thing} is why this fails", "I like how you put it",
    "I like it", "I'd like a recipe with {food}", "I want you to call me when {name} is here",
    "what if my {pet} is called {name}", "is my {pet} called {name}", "I live in fear",
    "I'm looking for a {job}", "I'm not sure about {town}", "I am trying to eat {food}",
    "tell me that I live in {town}", "suppose I live in {town}", "I think {town} is nice",
    "she lives in {town}", "{name} is a {job}", "the {pet} is called {name}",
    "my {thing} in {town} is slow", "I need a {job}", "does {name} like {food}",
    "I work at night", "I wonder if I like {food}", "I have to say {food} is good",
    "show me how I work as a {job}", "if I am {age} years old, what then",
    "mein {ding} ist kaputt", "ich möchte {speise}", "ich suche einen {beruf}",
    "wohne ich in {town}", "wenn ich in {town} wohne", "ich glaube, {name} wohnt in {town}",
    "er wohnt in {town}", "stell dir vor, ich heiße {name}", "ich mag es", "ich bin müde",
    "I moved to Python 3.12 last week", "I must say 3 things", "ich komme aus dem Urlaub",
    "I am the user", "my name is not important", "my job is failing", "my server is down",
    "I don't like the second paragraph", "I like your answer", "I speak from experience",
    "I study the problem", "I'm a member", "I have to fix this by tomorrow", "I love you",
    "ich habe eine Frage zu 3 Dingen", "mein Computer ist langsam", "ich mag deine Antwort nicht",
    "die Katze heißt {name}", "sag mir, ob ich {speise} mag", "ich brauche {speise}",
)  # fmt: skip
PARTS = {
    "pet": ("cat", "dog", "horse"),
    "kin": ("wife", "brother", "boss"),
    "name": ("Mimi", "Zoë", "Rex", "Anna-Lena"),
    "town": ("Kiel", "New York", "São Paulo"),
    "job": ("nurse", "teacher", "software engineer"),
    "food": ("peanuts", "dark chocolate", "fish"),
    "age": ("34", "7"),
    "thing": ("code", "question", "query"),
    "speise": ("Fleisch", "Brot"),
    "beruf": ("Lehrerin", "Koch"),
    "ding": ("Programm", "Skript"),
}
FRAMES = ("{}.", "Hi! {}. What now?", "By the way, {} and that is it.", "{}, because of this.")


def filled(form: str) -> list[dict[str, str]]:
    names = [name for name in PARTS if f"{{{name}}}" in form]
    return [dict(zip(names, each, strict=True)) for each in product(*(PARTS[n] for n in names))]


def framed(text: str, frame: str) -> str:
    return frame.format(text if frame.startswith("By") else text[0].upper() + text[1:])


def learned(text: str) -> list[str]:
    found = claims(sentences(text))
    return [f"{'!' if each.denied else ''}{each.about}={each.value}" for each in found]


def test_what_is_learned_is_right_and_most_of_it_is_found() -> None:
    made = random.Random(7)
    right = wrong = missed = 0
    for form, wanted in TRUE.items():
        for parts, frame in product(filled(form), FRAMES):
            found = learned(framed(form.format(**parts), frame))
            hit = wanted.format(**parts) in found
            right, missed = right + hit, missed + (not hit)
            wrong += len(found) - hit
    for form in FALSE:
        for parts in filled(form):
            frame = made.choice(FRAMES)
            wrong += len(learned(framed(form.format(**parts), frame)))
    assert right + wrong > 300
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.9


@pytest.mark.parametrize("form", FALSE)
def test_what_says_nothing_lasting_teaches_nothing(form: str) -> None:
    for parts, frame in product(filled(form), FRAMES):
        assert learned(framed(form.format(**parts), frame)) == []
