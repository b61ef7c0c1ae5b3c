"""Draws the parts of a question, on one side of the line between training and evaluation.

Words, names, numbers, made-up words and wordings are divided once and for all. A question for the
evaluation has none but held-out ones wherever it has a choice; what training draws, and whatever
it writes by chance, has none of them (`is_clean`).
"""

import builtins
import keyword
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import product
from random import Random
from typing import TypeVar

from resources.models.recipe.families.knowledge import KNOWN_WORDS
from resources.models.recipe.families.sides import fingerprint, is_held_number, is_on_both_sides
from resources.models.recipe.families.trained import TRAINED_BEFORE
from resources.models.recipe.families.words import (
    CODAS,
    HELD_WORDS,
    NAMES,
    NATURE,
    NUCLEI,
    ONSETS,
    THINGS,
    Pool,
)

T = TypeVar("T")

SPLICED = (THINGS.training, NATURE.training, NAMES.training)

HELD_WORDINGS = 7
HELD_MADE = 6
# Held-out words are rare to the tokenizer, as made-up ones are: so many of these are trained.
MADE_SHARE = 0.5
# In training so many of the cities, jobs, foods ... in a text are made up: what stands in the text
# has to be read there, not guessed from the usual ones.
STRANGE_SHARE = 0.3
ROUND_SHARE = 0.25
# In training so many wordings have one unknown word in the place of one that carries no meaning of
# its own: people say things in other words, and the rest still tells what is wanted.
BLURRED_SHARE = 0.15
CARRIERS = frozenset(
    """what what's which tell say name give show write please can could would calculate compute
    find put bring make let use turn take turned moved earn keep note remember copy repeat
    rewrite quote get do does know""".split()
)
# The opening of a question in as many forms as its object allows.
ASK = "(What is|What's|Tell me|Name|Say|Give me|Do you know|Can you tell me)"
TELL = "(Tell me|Say|Do you know|Can you tell me|I want to know|Can you say)"

NOT_TO_BE_MADE = KNOWN_WORDS | CARRIERS | frozenset(keyword.kwlist) | frozenset(dir(builtins))

_TOKENS = re.compile(r"[A-Za-zÀ-ÿ]+|\d+")
_WORDS = re.compile(r"[A-Za-z']+")
_LEAD = re.compile(r"^(?:Oh|Well|So|Now|Ach|Also|Nun), [A-Z](?![ '])")
_PUNCTUATION = re.compile(r"[.,!?]")
_PLEASE = re.compile(r"(?:Please|please|you) [A-Z]")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


def is_clean(text: str) -> bool:
    """Return whether `text` holds no held-out word and no held-out number."""
    for token in _TOKENS.findall(text):
        if token[0].isdigit():
            if len(token) < 9 and is_held_number(int(token)):
                return False
        elif token.lower() in HELD_WORDS:
            return False
    return True


class Wording:
    """Many ways to say one thing: `(Please |)sort (these|the) words` stands for four."""

    def __init__(self, *patterns: str, common: int = 0) -> None:
        """Take the patterns; what is said in so few words is too common to be held out."""
        self._patterns = patterns
        self._common = common

    @cached_property
    def _sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        alike: dict[str, list[str]] = {}
        for pattern in self._patterns:
            for text in _expanded(pattern):
                alike.setdefault(bare(text), []).append(text)
        order = sorted(alike, key=fingerprint)
        held = max(1, len(order) // HELD_WORDINGS)
        if len(order) < 2:
            raise ValueError(f"one wording is not enough: {order}")
        least = 1 + min(self._common, max(len(key.split()) for key in order[:held]) - 1)
        fresh = [key for key in order[:held] if key not in TRAINED_BEFORE]
        kept = [key for key in fresh if len(key.split()) >= least]
        rest = [key for key in order if key not in kept]
        return _flat([alike[key] for key in rest]), _flat([alike[key] for key in kept])

    @property
    def training(self) -> tuple[str, ...]:
        """The wordings that training uses."""
        return self._sides[0]

    @property
    def held(self) -> tuple[str, ...]:
        """The wordings kept for the evaluation."""
        return self._sides[1]


def bare(text: str) -> str:
    """Return `text` without capitals and punctuation: what differs in these alone is the same."""
    return " ".join(_PUNCTUATION.sub(" ", text.lower()).split())


def _flat(groups: list[list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group))


def _expanded(pattern: str) -> list[str]:
    parts = _CHOICE.split(pattern)
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return [_tidy("".join(chosen)) for chosen in product(*choices)]


def _tidy(text: str) -> str:
    """Return `text` with a capital at its begin, and none after `Please`."""
    text = _LEAD.sub(lambda found: found[0][:-1] + found[0][-1].lower(), text)
    text = _PLEASE.sub(lambda found: found[0][:-1] + found[0][-1].lower(), text)
    return text[:1].upper() + text[1:]


class Draw:
    """A source of chance on one side: `held` for the evaluation, else for training."""

    def __init__(self, random: Random, *, held: bool = False) -> None:
        self.random = random
        self.held = held

    def chance(self, share: float) -> bool:
        """Return true in `share` of the cases."""
        return self.random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[int(self.random.random() * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different ones of `options`."""
        return self.random.sample(options, count)

    def between(self, low: int, high: int) -> int:
        """Return any number from `low` to `high`, for counts and choices that are not held out."""
        return low + int(self.random.random() * (high - low + 1))

    def number(self, low: int, high: int) -> int:
        """Return a number of this side from `low` to `high`; common ones are on both sides."""
        while True:
            found = self.between(low, high)
            if is_on_both_sides(found) or is_held_number(found) == self.held:
                return found

    def digits(self, count: int) -> int:
        """Return a number of this side with `count` digits; in training many are round."""
        found = self.number(10 ** (count - 1), 10**count - 1)
        # Round numbers are on both sides, so there are more of them among those held out.
        return found - found % 10 if not self.held and self.chance(ROUND_SHARE) else found

    def say(self, wording: Wording, **parts: object) -> str:
        """Return one of this side's wordings with its slots filled."""
        text = self.pick(wording.held if self.held else wording.training)
        if not self.held and self.chance(BLURRED_SHARE):
            text = self._blurred(text)
        for name, part in parts.items():
            text = text.replace("{" + name + "}", str(part))
        return text

    def of(self, pool: Pool) -> Sequence[str]:
        """Return this side's words of `pool`."""
        return pool.held if self.held else pool.training

    def names(self, count: int) -> list[str]:
        """Return different names; in training some of them are made up."""
        found: list[str] = []
        while len(found) < count:
            made = not self.held and self.chance(MADE_SHARE)
            name = self.made().capitalize() if made else self.pick(self.of(NAMES))
            if name not in found:
                found.append(name)
        return found

    def name(self) -> str:
        """Return a name."""
        return self.names(1)[0]

    def things(self, count: int) -> list[str]:
        """Return different things; in training some of them are made up."""
        found: list[str] = []
        while len(found) < count:
            made = not self.held and self.chance(MADE_SHARE)
            word = self.made() if made else self.pick(self.of(self.pick((THINGS, NATURE))))
            if word not in found:
                found.append(word)
        return found

    def thing(self) -> str:
        """Return a thing."""
        return self.things(1)[0]

    def one_of(self, usual: Sequence[str]) -> str:
        """Return one of the `usual` words; in training some are made up in their likeness."""
        chosen = self.pick(usual)
        if self.held or not self.chance(STRANGE_SHARE):
            return chosen
        ending = "ing" if chosen.endswith("ing") else ""
        word = self.made() + ending
        return word.capitalize() if chosen[0].isupper() else word

    def made(self) -> str:
        """Return a made-up word of this side: of one to three syllables, or of two real words."""
        while True:
            word = self._spliced() if self.chance(0.5) else self._built()
            fits = (fingerprint(word) % HELD_MADE == 0) == self.held
            if fits and word not in HELD_WORDS and word not in NOT_TO_BE_MADE:
                return word

    def _built(self) -> str:
        syllables = self.pick((1, 2, 2, 2, 3))
        parts = [self.pick(ONSETS) + self.pick(NUCLEI) for _ in range(syllables)]
        return "".join(parts) + (self.pick(CODAS) if self.chance(0.6) else "")

    def _spliced(self) -> str:
        """Return the begin of one word and the end of another: spelled as real words are."""
        one, other = (self.pick(self.pick(SPLICED)).lower() for _ in range(2))
        begin = one[: self.between(1, max(2, len(one) - 1))]
        word = begin + other[-self.between(1, max(2, len(other) - 2)) :]
        return word if len(word) > 2 else self._built()

    def _blurred(self, wording: str) -> str:
        """Return `wording` with a word that nobody knows for one that carries no meaning."""
        places = [place for place in _WORDS.finditer(wording) if place[0].lower() in CARRIERS]
        if not places:
            return wording
        place = self.pick(places)
        word = self.made()
        word = word.capitalize() if place[0][0].isupper() else word
        return wording[: place.start()] + word + wording[place.end() :]
