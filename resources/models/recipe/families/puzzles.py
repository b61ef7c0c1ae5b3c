"""Sorting words by their length, and puzzles about the letters of a word.

What has to be counted or spelled first is shown above the answer.
"""

from collections.abc import Callable

from resources.models.recipe.families.draw import ASK, TELL, Draw, Wording
from resources.models.recipe.families.task import Family, Task, asked, worked

SORT = Wording(
    "(Please |Can you |)(sort|order|arrange) (these|the|the following) words by( their|) length"
    "(, shortest first|, from short to long|): {w}(.|)",
    "(Put|Bring) (these|the) words in order of( their|) length(, shortest first|): {w}(.|)",
    "(Sort|Order) by length(, shortest first|): {w}(.|)",
)
SORT_DOWN = Wording(
    "(Please |)(sort|order|arrange) (these|the) words by( their|) length"
    "(, longest first|, from long to short): {w}(.|)",
    "(Sort|Order) by length, longest first: {w}(.|)",
)
SORTED_WORDS = {1: (3,), 2: (4,), 3: (5, 6), 4: (7, 8)}

FIRST = Wording(
    f"{ASK} the (first|last) letter (of|in)( the word|) {{w}}(.|?)",
    "(With|On) (which|what) letter does( the word|) {w} (begin|end)?",
    "(Which|What) letter is( the|) (first|last) (in|of)( the word|) {w}?",
)
SPELL = Wording(
    "(Please |Can you |)spell( the word|) {w}(.|?|)", "How (is|do you spell) {w}( spelled|)?"
)
COUNT = Wording(
    "How many letters (has|are in|are there in)( the word|) {w}?",
    "(Count|Count the|Tell me the number of|What is the number of) letters (in|of)( the word|) "
    "{w}(.|)",
    f"{TELL} how many letters( the word|) {{w}} has(.|)",
)
REVERSE = Wording(
    "(Please |Can you |)(reverse|turn around)( the word|) {w}(.|)",
    "(Please |)(write|spell|say)( the word|) {w} backwards(.|)",
    "What is( the word|) {w} (backwards|reversed|turned around)?",
)
LONGEST = Wording(
    "(Which|Which word) is (the |)(longest|shortest)( word|)( here|): {w}?",
    "(Find|Name|Tell me) the (longest|shortest) word( of these|): {w}(.|)",
)
NTH = Wording(
    f"{ASK} letter( number|) {{n}} (of|in)( the word|) {{w}}(.|?)",
    "(Which|What) letter (is at|stands at)( the|) place {n} (of|in)( the word|) {w}?",
)
CONTAINS = Wording(
    "How (often|many times) (is|does) the letter {l}( appear|) in( the word|) {w}?",
    "Count the letter {l} in( the word|) {w}(.|)",
)


def make_sort(draw: Draw, grade: int) -> Task:
    """Return words of different lengths to be sorted."""
    words = _by_length(draw, draw.pick(SORTED_WORDS[grade]))
    down = draw.chance(0.25)
    asks = ", ".join(draw.some(words, len(words)))
    ordered = words[::-1] if down else words
    working = ", ".join(f"{word} {len(word)}" for word in asks.split(", "))
    wording = SORT_DOWN if down else SORT
    return worked(draw.say(wording, w=asks), working, ", ".join(ordered))


def _by_length(draw: Draw, count: int) -> list[str]:
    """Return words of different lengths, shortest first."""
    found: dict[int, str] = {}
    while len(found) < count:
        word = draw.things(1)[0]
        found.setdefault(len(word), word)
    return [found[length] for length in sorted(found)]


def _word(draw: Draw) -> str:
    return draw.thing()


def spelled(word: str) -> str:
    """Return the letters of a word with lines between them."""
    return "-".join(word)


def _end_letter(draw: Draw) -> Task:
    word = _word(draw)
    ask = draw.say(FIRST)
    text = ask.replace("{w}", word)
    last = "last" in ask or " end" in ask
    answer = f"The {'last' if last else 'first'} letter of {word} is {word[-1 if last else 0]}."
    return asked(text, answer, spelled(word))


def _spelling(draw: Draw) -> Task:
    word = _word(draw)
    return asked(draw.say(SPELL, w=word), spelled(word))


def _length(draw: Draw) -> Task:
    word = _word(draw)
    numbered = ", ".join(f"{letter} {at}" for at, letter in enumerate(word, 1))
    return worked(draw.say(COUNT, w=word), numbered, f"{word} has {len(word)} letters.")


def _reversed(draw: Draw) -> Task:
    word = _word(draw)
    return worked(draw.say(REVERSE, w=word), spelled(word), word[::-1])


def _longest(draw: Draw) -> Task:
    words = _by_length(draw, draw.between(3, 4))
    text = draw.say(LONGEST, w=", ".join(draw.some(words, len(words))))
    kind = "longest" if "longest" in text else "shortest"
    word = words[-1 if kind == "longest" else 0]
    return asked(text, f"The {kind} word is {word}.", ", ".join(f"{w} {len(w)}" for w in words))


def _nth(draw: Draw) -> Task:
    word = _word(draw)
    at = draw.between(2, len(word))
    text = draw.say(NTH, w=word, n=at)
    return worked(text, _numbered(word), f"Letter {at} of {word} is {word[at - 1]}.")


def _contains(draw: Draw) -> Task:
    word = _word(draw)
    letter = draw.pick(word) if draw.chance(0.7) else draw.pick("aeionrst")
    text = draw.say(CONTAINS, w=word, l=letter)
    count = word.count(letter)
    times = "once" if count == 1 else f"{count} times"
    return worked(text, spelled(word), f"{letter} appears {times} in {word}.")


def _vowels(draw: Draw) -> Task:
    word = _with_vowels(draw)
    found = [letter for letter in word if letter in "aeiou"]
    return worked(draw.say(VOWELS, w=word), spelled(word), ", ".join(found))


def _with_vowels(draw: Draw) -> str:
    while True:
        word = draw.thing()
        if set(word) & set("aeiou"):
            return word


VOWELS = Wording(
    "(What|Which) are the vowels (of|in)( the word|) {w}?",
    "(Name|List|Tell me|Give me|Find) the vowels (of|in)( the word|) {w}(.|)",
    "Which vowels (are in|has)( the word|) {w}?",
)


def _numbered(word: str) -> str:
    return ", ".join(f"{at} {letter}" for at, letter in enumerate(word, 1))


GRADES: dict[int, tuple[Callable[[Draw], Task], ...]] = {
    1: (_end_letter,),
    2: (_spelling, _longest),
    3: (_length, _vowels, _reversed),
    4: (_nth, _contains),
}


def make_word(draw: Draw, grade: int) -> Task:
    """Return a puzzle about the letters of a word."""
    return draw.pick(GRADES[grade])(draw)


SORTING = Family("sort", make_sort)
WORDS = Family("words", make_word)
