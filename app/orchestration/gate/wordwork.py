"""Tasks on words whose answers can be checked from the question alone: order, spelling, counting.

Only plain requests are understood; whatever is not, is not judged.
"""

import re
from collections import Counter
from typing import Final

from app.orchestration.gate.forms import NO_OPINION, Verdict
from app.orchestration.question import Question

LONGEST: Final = 2000  # characters of a question that is understood
_SORT = re.compile(r"\b(?:sort|order|arrange|sortiere?|ordne)\b", re.IGNORECASE)
_BY_LENGTH = re.compile(r"\b(?:length|short\w*|long\w*|länge|kurz\w*|lang\w*)\b", re.IGNORECASE)
_LONGEST_FIRST = re.compile(
    r"\b(?:longest (?:first|to)|descending|from long|längste\w* zuerst)\b", re.IGNORECASE
)
_ALPHABET = re.compile(r"\balphabet\w*\b", re.IGNORECASE)
_LIST = re.compile(r"[\w'-]+(?:, ?[\w'-]+)+(?:,? (?:and|und) [\w'-]+)?")
_REVERSE = re.compile(
    r"\b(?:reverse|spell backwards?|write backwards?)\b[^\w\n]*"
    r"(?:the )?(?:word |letters of )?[\"'\u201c]?(\w{2,40})[\"'\u201d]?[.?!]?\s*$",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(r"\b(?:in|with) (?:only |just )?one word\b|\bin einem wort\b", re.IGNORECASE)
_NAME: Final = r"[\"'\u201c\u201e]?(?P<word>\w{2,40})[\"'\u201c\u201d]?"
# How many letters a word has, or how often one is in it. Without "the word", it may be an alphabet.
_HOW_MANY: Final = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        rf"\bhow many letters (?:are (?:there )?in|does|has) the word {_NAME}(?: have)?\s*\?",
        rf"\bwie ?viele buchstaben (?:hat|sind in|hat das) (?:das |dem )?wort {_NAME}\s*\?",
        r"\bhow (?:many times|often) (?:does|is) the letter [\"']?(?P<letter>\w)[\"']? "
        rf"(?:appear |occur )?in (?:the word )?{_NAME}\s*\?",
        r"\bhow many [\"']?(?P<letter>\w)(?:[\"']|'s)* are (?:there )?in (?:the word )?"
        rf"{_NAME}\s*\?",
        r"\bwie oft (?:kommt|ist) der buchstabe [\"'\u201e]?(?P<letter>\w)[\"'\u201c]? "
        rf"in (?:dem wort )?{_NAME}(?: vor)?\s*\?",
    )
)
_COUNTS: Final = {
    name: value
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
    for value, name in enumerate(names.split())
}
_JOINT = re.compile(r",? (?:and|und) |, ?")


def ordered(question: Question, answer: str) -> Verdict:
    """Say whether a list that was to be sorted by length or alphabet is."""
    text = question.text
    if len(text) > LONGEST or not _SORT.search(text):
        return NO_OPINION
    by_length, by_alphabet = _BY_LENGTH.search(text), _ALPHABET.search(text)
    lists = _LIST.findall(text.rpartition(":")[2])
    if bool(by_length) == bool(by_alphabet) or len(lists) != 1:
        return NO_OPINION
    wanted = _words(lists[0])
    said = _words(_last_line(answer).rstrip(".!"))
    if Counter(said) != Counter(wanted):
        return -1, "The list does not hold the same words as the question."
    if by_alphabet:
        right = said == sorted(said)
    else:
        lengths = [len(word) for word in said]
        right = lengths == sorted(lengths, reverse=bool(_LONGEST_FIRST.search(text)))
    return (1, "") if right else (-1, "The list is not in the wanted order.")


def backwards(question: Question, answer: str) -> Verdict:
    """Say whether a word that was to be reversed is."""
    found = _REVERSE.search(question.text[:LONGEST])
    if found is None:
        return NO_OPINION
    wanted = found[1].casefold()[::-1]
    said = re.findall(r"\w+", _last_line(answer).casefold())
    return (1, "") if wanted in said else (-1, f"'{found[1]}' is not reversed rightly.")


def one_word(question: Question, answer: str) -> Verdict:
    """Say whether an answer that was to be one word is."""
    if not _ONE_WORD.search(question.text[:LONGEST]):
        return NO_OPINION
    count = len(answer.split())
    return (1, "") if count == 1 else (-1, "The answer is not one word.")


def letters(question: Question, answer: str) -> Verdict:
    """Say whether the letters of a word are counted rightly."""
    text = question.text[:LONGEST]
    found = next((asked for each in _HOW_MANY if (asked := each.search(text))), None)
    if found is None:
        return NO_OPINION
    word, letter = found["word"].casefold(), found.groupdict().get("letter")
    wanted = word.count(letter.casefold()) if letter else len(word)
    said = {int(each) for each in re.findall(r"\b\d{1,3}\b", answer)}
    said = said or {_COUNTS[each] for each in re.findall(r"\w+", answer.lower()) if each in _COUNTS}
    if len(said) != 1:
        return NO_OPINION
    return (1, "") if wanted in said else (-1, f"The letters of '{found['word']}' are miscounted.")


def _words(listed: str) -> list[str]:
    return [word.casefold() for word in _JOINT.split(listed.strip()) if word]


def _last_line(answer: str) -> str:
    lines = [line.strip() for line in answer.strip().splitlines() if line.strip()]
    return lines[-1] if lines else ""
