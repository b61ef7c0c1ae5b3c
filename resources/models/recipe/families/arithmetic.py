"""Sums, differences and products; the higher grades with the working shown."""

import re

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Check, Family, Task, user, visible

ADD = Wording(
    "(What is|What's|How much is|Calculate|Compute) {a} (+|plus) {b}(?|)",
    "(Please |)add {a} and {b}.",
    "{a} + {b}( =| = ?|)",
    "(What is|Tell me) the sum of {a} and {b}(?|)",
)
SUBTRACT = Wording(
    "(What is|What's|How much is|Calculate|Compute) {a} (-|minus) {b}(?|)",
    "(Please |)(Subtract|Take) {b} from {a}.",
    "{a} - {b}( =| = ?|)",
    "(What is|Tell me) the difference (between|of) {a} and {b}(?|)",
)
MULTIPLY = Wording(
    "(What is|What's|How much is|Calculate|Compute) {a} (x|times|*) {b}(?|)",
    "(Please |)multiply {a} (by|and|with) {b}.",
    "{a} (x|*) {b}( =| = ?|)",
    "(What is|Tell me) the product of {a} and {b}(?|)",
)
# Digits of the two numbers in each grade.
SUM_DIGITS = {1: ((2, 1),), 2: ((2, 2),), 3: ((3, 3), (4, 4)), 4: ((6, 6), (7, 7), (8, 8))}
PRODUCT_DIGITS = {1: ((1, 1),), 2: ((2, 1),), 3: ((3, 1), (4, 1)), 4: ((2, 2), (3, 2))}
# From this grade on the working is part of the answer.
SHOWN = {"+": 3, "-": 3, "x": 2}
_NUMBER = re.compile(r"-?\d+")


def ends_in(number: int) -> Check:
    """Return a checker for an answer whose last number has to be `number`."""

    def check(answer: str) -> bool:
        found = _NUMBER.findall(visible(answer).replace(",", ""))
        return bool(found) and int(found[-1]) == number

    return check


def column_sum(a: int, b: int) -> str:
    """Return the working of a + b, digit by digit from the right."""
    lines, carry = [], 0
    for one, other in _columns(a, b):
        total = one + other + carry
        plus = f" + {carry}" if carry else ""
        lines.append(f"{one} + {other}{plus} = {total}, write {total % 10}")
        carry = total // 10
    if carry:
        lines.append(f"write {carry}")
    return "\n".join(lines)


def column_difference(a: int, b: int) -> str:
    """Return the working of a - b for a >= b, digit by digit from the right."""
    lines, borrow = [], 0
    for one, other in _columns(a, b):
        less = f" - {borrow}" if borrow else ""
        value = one - other - borrow
        borrow = int(value < 0)
        ten = "1" if borrow else ""
        lines.append(f"{ten}{one} - {other}{less} = {value % 10}, write {value % 10}")
    return "\n".join(lines)


def digit_product(a: int, b: int) -> str:
    """Return the working of a x b for a one-digit b, digit by digit from the right."""
    lines, carry = [], 0
    for digit in _digits(a):
        total = digit * b + carry
        plus = f" + {carry}" if carry else ""
        lines.append(f"{digit} x {b}{plus} = {total}, write {total % 10}")
        carry = total // 10
    if carry:
        lines.append(f"write {carry}")
    return "\n".join(lines)


def long_product(a: int, b: int) -> str:
    """Return the working of a x b for a two-digit b: two products and their sum."""
    tens, ones = divmod(b, 10)
    lines = [f"{a} x {ones}:", digit_product(a, ones), f"{a} x {ones} = {a * ones}"]
    lines += [f"{a} x {tens}:", digit_product(a, tens), f"{a} x {tens}0 = {a * tens * 10}"]
    lines += [f"{a * ones} + {a * tens * 10}:", column_sum(a * ones, a * tens * 10)]
    return "\n".join(lines)


def make_sum(draw: Draw, grade: int) -> Task:
    """Return an addition; from grade 3 on with its working."""
    a, b = _numbers(draw, SUM_DIGITS[grade])
    return _task(draw.say(ADD, a=a, b=b), f"{a} + {b} = {a + b}", column_sum(a, b), grade)


def make_difference(draw: Draw, grade: int) -> Task:
    """Return a subtraction with a result of zero and more; from grade 3 on with its working."""
    b, a = sorted(_numbers(draw, SUM_DIGITS[grade]))
    text = draw.say(SUBTRACT, a=a, b=b)
    return _task(text, f"{a} - {b} = {a - b}", column_difference(a, b), grade)


def make_product(draw: Draw, grade: int) -> Task:
    """Return a multiplication; from grade 2 on with its working."""
    a, b = _numbers(draw, PRODUCT_DIGITS[grade])
    text = draw.say(MULTIPLY, a=a, b=b)
    working = long_product(a, b) if b > 9 else digit_product(a, b)
    return _task(text, f"{a} x {b} = {a * b}", working, grade)


def _task(question: str, result: str, working: str, grade: int) -> Task:
    number = int(result.rpartition(" ")[2])
    shown = grade >= SHOWN[result.split()[1]]
    answer = f"{working}\n{result}" if shown else result
    return Task((user(question),), answer, ends_in(number), thought=working, brief=result)


def _numbers(draw: Draw, sizes: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    first, second = draw.pick(sizes)
    return _number(draw, first), _number(draw, second)


def _number(draw: Draw, digits: int) -> int:
    return draw.between(2, 9) if digits == 1 else draw.digits(digits)


def _digits(number: int) -> list[int]:
    return [int(digit) for digit in reversed(str(number))]


def _columns(a: int, b: int) -> list[tuple[int, int]]:
    one, other = _digits(a), _digits(b)
    length = max(len(one), len(other))
    one += [0] * (length - len(one))
    other += [0] * (length - len(other))
    return list(zip(one, other, strict=True))


ADDITION = Family("add", make_sum)
SUBTRACTION = Family("subtract", make_difference)
MULTIPLICATION = Family("multiply", make_product)
