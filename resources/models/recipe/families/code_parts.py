"""The parts of which functions are composed: what is kept, what is done, what is returned."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from resources.models.recipe.families.draw import Draw


@dataclass(frozen=True)
class Part:
    """Words for people and an expression; `{x}` is the item, `{n}` a number, `{s}` the source."""

    words: str
    code: str


@dataclass(frozen=True)
class Field:
    """What functions over one kind of input are made of."""

    parameter: str
    hint: str
    item: str
    items: str
    kept: tuple[Part, ...]
    done: tuple[Part, ...]
    returned: tuple[Part, ...]
    sample: Callable[[Draw], object]


def _numbers(draw: Draw) -> object:
    return [draw.between(-9, 12) for _ in range(draw.between(3, 5))]


def _words(draw: Draw) -> object:
    return [draw.made() for _ in range(draw.between(2, 4))]


def _text(draw: Draw) -> object:
    text = draw.made() + draw.pick(("", str(draw.between(1, 9)))) + draw.made()
    return "".join(letter.upper() if draw.chance(0.3) else letter for letter in text)


NUMBERS = Field(
    parameter="numbers",
    hint="list[int]",
    item="n",
    items="numbers",
    kept=(
        Part("even {i}", "{x} % 2 == 0"),
        Part("odd {i}", "{x} % 2 == 1"),
        Part("positive {i}", "{x} > 0"),
        Part("negative {i}", "{x} < 0"),
        Part("{i} greater than {n}", "{x} > {n}"),
        Part("{i} less than {n}", "{x} < {n}"),
        Part("{i} divisible by {n}", "{x} % {n} == 0"),
        Part("{i} other than {n}", "{x} != {n}"),
    ),
    done=(
        Part("squares", "{x} * {x}"),
        Part("doubles", "2 * {x}"),
        Part("negatives", "-{x}"),
        Part("absolute values", "abs({x})"),
        Part("cubes", "{x} ** 3"),
        Part("remainders by {n}", "{x} % {n}"),
        Part("sums with {n}", "{x} + {n}"),
        Part("products with {n}", "{x} * {n}"),
    ),
    returned=(
        Part("the sum of {what}", "sum({s})"),
        Part("the list of {what}", "[{s}]"),
        Part("the number of {what}", "len([{s}])"),
        Part("the sorted list of {what}", "sorted({s})"),
        Part("the largest of {what}, or 0 without any", "max(({s}), default=0)"),
        Part("the smallest of {what}, or 0 without any", "min(({s}), default=0)"),
    ),
    sample=_numbers,
)
WORDS = Field(
    parameter="words",
    hint="list[str]",
    item="w",
    items="words",
    kept=(
        Part("{i} longer than {n} letters", "len({x}) > {n}"),
        Part("{i} shorter than {n} letters", "len({x}) < {n}"),
        Part("{i} with {n} letters", "len({x}) == {n}"),
        Part("{i} that begin with {l!r}", "{x}.startswith({l!r})"),
        Part("{i} that end with {l!r}", "{x}.endswith({l!r})"),
        Part("{i} that contain {l!r}", "{l!r} in {x}"),
    ),
    done=(
        Part("lengths", "len({x})"),
        Part("upper-case forms", "{x}.upper()"),
        Part("reversed forms", "{x}[::-1]"),
        Part("first letters", "{x}[0]"),
        Part("last letters", "{x}[-1]"),
        Part("capitalised forms", "{x}.capitalize()"),
    ),
    returned=(
        Part("the list of {what}", "[{s}]"),
        Part("the number of {what}", "len([{s}])"),
        Part("the sorted list of {what}", "sorted({s})"),
        Part("the number of different {what}", "len(set({s}))"),
    ),
    sample=_words,
)
TEXT = Field(
    parameter="text",
    hint="str",
    item="c",
    items="characters",
    kept=(
        Part("vowels", "{x} in 'aeiou'"),
        Part("digits", "{x}.isdigit()"),
        Part("letters", "{x}.isalpha()"),
        Part("capitals", "{x}.isupper()"),
        Part("small letters", "{x}.islower()"),
        Part("{i} other than {l!r}", "{x} != {l!r}"),
    ),
    done=(
        Part("upper-case forms", "{x}.upper()"),
        Part("lower-case forms", "{x}.lower()"),
        Part("doubles", "2 * {x}"),
    ),
    returned=(
        Part("the list of {what}", "[{s}]"),
        Part("the number of {what}", "len([{s}])"),
        Part("the text of {what}", "''.join({s})"),
        Part("the sorted list of {what}", "sorted({s})"),
    ),
    sample=_text,
)
FIELDS = (NUMBERS, WORDS, TEXT)


@lru_cache(maxsize=4096)
def compiled(expression: str) -> CodeType:
    """Return an expression made of the parts above, compiled."""
    return compile(expression, "<parts>", "eval")


def value(expression: str, parameter: str, given: object) -> object:
    """Return what an expression made of the parts above gives for `given`."""
    return eval(compiled(expression), {}, {parameter: given})  # noqa: S307 - our own parts only
