"""Tasks with one right answer: arithmetic, sorting, words, replacing, looking up."""

from random import Random

from recipe.data.words import NAMES, WORDS

Pair = tuple[str, str]

SENTENCES = (
    "{n} put the {a} beside the {b}.",
    "The {a} and the {b} belong to {n}.",
    "Yesterday {n} saw a {a} near the {b}.",
    "{n} likes the {a} more than the {b}.",
    "The {a} is behind the {b}.",
    "There is a {a} on the {b}.",
    "{n} drew a {a} and a {b} today.",
)
REPLACE = (
    "Replace {o} with {w}: {t}",
    'Replace "{o}" with "{w}": {t}',
    "Replace the word {o} by {w} in this text: {t}",
    "In the text, change {o} to {w}: {t}",
)
SORT = (
    "Sort these words by length: {w}.",
    "Sort by length: {w}",
    "Order these words from short to long: {w}.",
)
OWNERS = ("{n} has the {t}", "{n} has a {t}", "{n}: {t}")


def add_subtract(random: Random) -> Pair:
    """Return a sum or difference of numbers below 100; differences are never negative."""
    top = random.choice((10, 20, 100, 100))
    a, b = random.randrange(top), random.randrange(top)
    if random.random() < 0.5:
        asks = ("What is {a} + {b}?", "{a} + {b}", "Add {a} and {b}.", "What is {a} plus {b}?")
        return random.choice(asks).format(a=a, b=b), f"{a} + {b} = {a + b}"
    a, b = max(a, b), min(a, b)
    asks = ("What is {a} - {b}?", "{a} - {b}", "Subtract {b} from {a}.", "What is {a} minus {b}?")
    return random.choice(asks).format(a=a, b=b), f"{a} - {b} = {a - b}"


def multiply(random: Random) -> Pair:
    """Return a product of numbers from 1 to 12."""
    a, b = random.randint(1, 12), random.randint(1, 12)
    asks = ("What is {a} * {b}?", "What is {a} times {b}?", "{a} * {b}", "Multiply {a} by {b}.")
    return random.choice(asks).format(a=a, b=b), f"{a} * {b} = {a * b}"


def sort_words(random: Random) -> Pair:
    """Return words to be sorted by length; words of one length keep their order."""
    words = random.sample(WORDS, random.randint(3, 5))
    ask = random.choice(SORT)
    return ask.format(w=", ".join(words)), ", ".join(sorted(words, key=len))


def word_puzzle(random: Random) -> Pair:
    """Return a small question about the letters of a word or the words of a row."""
    word = random.choice(WORDS)
    row = random.sample(WORDS, random.randint(3, 5))
    text = " ".join(row)
    return random.choice(
        (
            (
                f"How many letters are in the word {word}?",
                f"The word {word} has {len(word)} letters.",
            ),
            (f"What is the first letter of {word}?", f"The first letter of {word} is {word[0]}."),
            (f"What is the last letter of {word}?", f"The last letter of {word} is {word[-1]}."),
            (f"Spell the word {word}.", "-".join(word)),
            (f"Reverse the word {word}.", word[::-1]),
            (f"What is the last word of: {text}?", f"The last word is {row[-1]}."),
            (f"What is the first word of: {text}?", f"The first word is {row[0]}."),
        )
    )


def replace_word(random: Random) -> Pair:
    """Return a sentence in which one word is to be replaced."""
    a, b, new = random.sample(WORDS, 3)
    text = random.choice(SENTENCES).format(n=random.choice(NAMES), a=a, b=b)
    old = random.choice((a, b))
    sentence = " ".join(_swapped(word, old, new) for word in text.split(" "))
    return random.choice(REPLACE).format(o=old, w=new, t=text), sentence


def _swapped(word: str, old: str, new: str) -> str:
    return word.replace(old, new) if word.rstrip(".") == old else word


def look_up(random: Random) -> Pair:
    """Return two to five pairs of names and things and the question for one of them."""
    count = random.randint(2, 5)
    names, things = random.sample(NAMES, count), random.sample(WORDS, count)
    at = random.randrange(count)
    shape = random.choice(OWNERS)
    rows = ", ".join(shape.format(n=n, t=t) for n, t in zip(names, things, strict=True))
    return f"{rows}. What does {names[at]} have?", f"{names[at]} has the {things[at]}."
