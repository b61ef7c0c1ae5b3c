"""Well-known short Python functions and many ways of asking for them."""

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Task, asked

FUNCTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("adds two numbers", "returns the sum of two numbers"),
        "def add(a, b):\n    return a + b",
    ),
    (("subtracts one number from another",), "def subtract(a, b):\n    return a - b"),
    (
        ("multiplies two numbers", "returns the product of two numbers"),
        "def multiply(a, b):\n    return a * b",
    ),
    (
        ("divides two numbers", "divides one number by another"),
        "def divide(a, b):\n    return a / b",
    ),
    (
        ("reverses a string", "turns a string around", "returns a string backwards"),
        "def reverse_string(text):\n    return text[::-1]",
    ),
    (("reverses a list",), "def reverse_list(items):\n    return items[::-1]"),
    (
        ("checks whether a number is even", "checks if a number is even", "is_even"),
        "def is_even(n):\n    return n % 2 == 0",
    ),
    (
        ("checks whether a number is odd", "checks if a number is odd", "is_odd"),
        "def is_odd(n):\n    return n % 2 == 1",
    ),
    (
        ("computes the factorial of a number", "returns n factorial", "factorial"),
        "def factorial(n):\n    result = 1\n    for i in range(2, n + 1):\n"
        "        result *= i\n    return result",
    ),
    (("squares a number", "returns the square of a number"), "def square(n):\n    return n * n"),
    (
        ("counts the vowels in a text", "returns the number of vowels in a string"),
        'def count_vowels(text):\n    return sum(c in "aeiou" for c in text.lower())',
    ),
    (
        ("checks whether a word is a palindrome", "checks if a string is a palindrome"),
        "def is_palindrome(text):\n    return text == text[::-1]",
    ),
    (
        ("finds the largest number in a list", "returns the maximum of a list"),
        "def largest(numbers):\n    return max(numbers)",
    ),
    (
        ("finds the smallest number in a list", "returns the minimum of a list"),
        "def smallest(numbers):\n    return min(numbers)",
    ),
    (
        ("sums a list of numbers", "adds up a list", "returns the sum of a list"),
        "def total(numbers):\n    return sum(numbers)",
    ),
    (
        ("computes the average of a list", "returns the mean of a list"),
        "def average(numbers):\n    return sum(numbers) / len(numbers)",
    ),
    (
        ("sorts a list", "sorts a list of numbers"),
        "def sort_list(items):\n    return sorted(items)",
    ),
    (
        ("removes duplicates from a list", "returns the unique items of a list"),
        "def unique(items):\n    return list(dict.fromkeys(items))",
    ),
    (
        ("returns the nth Fibonacci number", "computes Fibonacci numbers", "fibonacci"),
        "def fibonacci(n):\n    a, b = 0, 1\n    for _ in range(n):\n"
        "        a, b = b, a + b\n    return a",
    ),
    (
        ("converts Fahrenheit to Celsius",),
        "def to_celsius(degrees):\n    return (degrees - 32) * 5 / 9",
    ),
    (
        ("converts Celsius to Fahrenheit",),
        "def to_fahrenheit(degrees):\n    return degrees * 9 / 5 + 32",
    ),
    (
        ("checks whether a number is prime", "checks if a number is prime", "is_prime"),
        "def is_prime(n):\n    if n < 2:\n        return False\n"
        "    for d in range(2, int(n ** 0.5) + 1):\n        if n % d == 0:\n"
        "            return False\n    return True",
    ),
    (
        ("counts the words in a text", "returns the number of words in a string"),
        "def count_words(text):\n    return len(text.split())",
    ),
    (
        ("makes a text upper case", "converts a string to upper case"),
        "def shout(text):\n    return text.upper()",
    ),
    (
        ("greets a person by name", "says hello"),
        'def greet(name):\n    return f"Hello, {name}"',
    ),
    (("prints hello world", "prints Hello, world"), 'def main():\n    print("Hello, world")'),
)
ASK = Wording(
    "(Please |)write a( Python|) function that {w}(.|)",
    "(I need|Show me|Give me|Can you write) a( Python|) function that {w}(.|?|)",
    "Python function that {w}(.|)",
)
ASK_TO = Wording(
    "(Please |)write (a Python function|code) to {w}(.|)", "How do I {w} in Python(?|)"
)
ASK_NAME = Wording("(Write|Show me) {w} in Python(.|)", "Python function {w}(.|)")


def make(draw: Draw) -> Task:
    """Return a request for a well-known function and the function in a fence."""
    whats, body = draw.pick(FUNCTIONS)
    what, answer = draw.pick(whats), f"```python\n{body}\n```"
    if " " not in what:
        return asked(draw.say(ASK_NAME, w=what), answer)
    if draw.chance(0.25):
        verb, rest = what.split(" ", 1)
        kept = "multiply" if verb == "multiplies" else verb.removesuffix("s")
        return asked(draw.say(ASK_TO, w=f"{kept} {rest}"), answer)
    return asked(draw.say(ASK, w=what), answer)
