"""What the mock says: deterministic per tier, seed and question; control words ask for faults."""

import hashlib
import math
import re
from dataclasses import dataclass
from operator import add, mul, sub

VOCABULARY = 32_000
GREETING = re.compile(r"\s*(hello|hi|hey|good (morning|afternoon|evening))\b", re.IGNORECASE)
VERDICT = re.compile(r"Is the answer above correct\?")
_CONTROL = re.compile(r"/mock\s+([a-z0-9-]+)")
_SUM = re.compile(r"(\d{1,9})\s*([-+*x\u00d7])\s*(\d{1,9})")
_TOKEN = re.compile(r"\s*\S+|\s+")
_OPERATORS = {"+": add, "-": sub, "*": mul, "\u00d7": mul, "x": mul}


@dataclass(frozen=True, slots=True)
class Persona:
    """How one tier behaves: pace, chance of being right, how sure its tokens sound."""

    title: str
    tokens_per_second: float
    skill: float
    logprob: float


PERSONAS = {
    "A": Persona("the front door", 120.0, 0.6, -0.7),
    "B": Persona("the expert", 25.0, 0.97, -0.1),
    "C": Persona("the worker", 60.0, 0.85, -0.3),
    "D": Persona("the drafter", 240.0, 0.4, -1.2),
}


def chance(*key: object) -> float:
    """Return a number from 0 to 1 that is the same for the same key on every machine."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def tokens(text: str) -> list[str]:
    """Cut text into the mock's tokens: a word with the space before it."""
    return _TOKEN.findall(text)


def token_id(token: str) -> int:
    """Return a stable id for one token."""
    return int(chance("token", token) * VOCABULARY)


def vector(text: str, length: int) -> list[float]:
    """Return a unit vector that texts with common words share in part."""
    sums = [0.0] * length
    for token in tokens(text.lower()):
        sums[int(chance("place", token.strip()) * length)] += 1.0
    norm = math.sqrt(sum(value * value for value in sums)) or 1.0
    return [value / norm for value in sums]


def doubt(tier: str, question: str, *, thinking: bool = False) -> float:
    """Return the mean log-probability of a tier's tokens.

    Greetings are easy for all of them, and so is what was thought of first.
    """
    easy = thinking or GREETING.match(control(question)[1]) is not None
    return PERSONAS[tier].logprob * (0.1 if easy else 1.0)


def control(question: str) -> tuple[str, str]:
    """Return the control word (or an empty string) and the question without it."""
    found = _CONTROL.search(question)
    if found is None:
        return "", question.strip()
    return found[1], (question[: found.start()] + question[found.end() :]).strip()


def answer(question: str, tier: str, seed: int, *, thinking: bool = False) -> str:
    """Return what `tier` says to a question, in Markdown; who thinks first makes no mistakes."""
    word, asked = control(question)
    if GREETING.match(asked):
        return f"Hello! This is tier {tier}, {PERSONAS[tier].title}, speaking from a script."
    if VERDICT.match(asked):
        return "Yes" if chance("verdict", tier, seed) < PERSONAS[tier].skill else "No"
    if word == "long":
        return "\n\n".join(_essay(f"{asked} ({part})", tier, seed) for part in range(1, 13))
    found = _SUM.search(asked)
    if found is not None:
        return _calculation(found, tier, seed, sure=thinking)
    return _essay(asked, tier, seed, shape=word)


def _calculation(found: re.Match[str], tier: str, seed: int, *, sure: bool) -> str:
    left, sign, right = int(found[1]), found[2], int(found[3])
    result = _OPERATORS[sign](left, right)
    if not sure and chance("right", found[0], tier, seed) > PERSONAS[tier].skill:
        result += 1 + int(chance("miss", found[0], seed) * 9)
    return f"{left} {sign} {right} = **{result}**"


def _essay(asked: str, tier: str, seed: int, shape: str = "") -> str:
    subject = " ".join(asked.split()[:12]).rstrip("?!. ") or "nothing in particular"
    title = PERSONAS[tier].title
    opening = f"You asked about *{subject}*. Here is what tier {tier}, {title}, has to say."
    shapes = ("plain", "list", "code", "table")
    if shape not in shapes:
        shape = shapes[int(chance("shape", asked, seed) * len(shapes))]
    return f"{opening}\n\n{_BODIES[shape].format(subject=subject, tier=tier)}"


_BODIES = {
    "plain": (
        "A scripted engine knows nothing of the world, so it repeats the subject: {subject}. "
        "What matters is that the words arrive one by one, as from a model."
    ),
    "list": (
        "1. **Read** the question: {subject}.\n"
        "2. **Think** about it for as long as tier {tier} takes.\n"
        "3. **Answer** word by word.\n\n"
        "Each step is scripted and repeats exactly."
    ),
    "code": (
        "A short program says it best:\n\n"
        "```python\n"
        "def answer(question: str) -> str:\n"
        '    """Return what tier {tier} thinks."""\n'
        "    return question.strip().capitalize()\n"
        "```\n\n"
        "It runs in constant time."
    ),
    "table": (
        "| part | what it holds |\n"
        "|---|---|\n"
        "| subject | {subject} |\n"
        "| tier | {tier} |\n\n"
        "The table is complete."
    ),
}
