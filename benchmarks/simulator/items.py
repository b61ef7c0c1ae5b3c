"""Questions with a family, a difficulty and a length, and one right answer to each.

Most are drawn by the generators of the starter family; beside them stand exam questions, whose
difficulties follow a trace of two models.
"""

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Final

from app.domain.chat import ChatMessage
from app.orchestration.question import Question
from benchmarks.simulator.dice import normal, stream
from benchmarks.simulator.fitted import EXAM
from resources.models.recipe import mix
from resources.models.recipe.families.draw import Draw
from resources.models.recipe.families.words import NAMES, THINGS

GRADES: Final = (1, 2, 3, 4)
CHARACTERS_A_TOKEN: Final = 2.9
LETTERS: Final = "ABCD"
_TRIES: Final = 8
# Functions that may be called come in other ways than as words.
LEFT_OUT: Final = frozenset({"tools"})
KINDS: Final = (*(name for name in mix.FAMILIES if name not in LEFT_OUT), EXAM)
# Subjects of exams from easy to hard: what a question is about says a little of how hard it is.
_SUBJECTS: Final = (
    ("marketing", "geography", "nutrition"),
    ("history", "biology", "psychology"),
    ("statistics", "chemistry", "accounting"),
    ("abstract algebra", "formal logic", "quantum physics"),
)
_STEMS: Final = (
    "In {subject}, which statement about the {thing} of {name} is correct?",
    "Which of these best describes the {thing} in {subject}, as {name} understood it?",
    "{name} studies {subject}. Which conclusion about the {thing} follows?",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its kind and grade, how hard it is, and what a right answer says.

    `other` is a well-formed answer to another question of the same kind.
    """

    kind: str
    grade: int
    thread: tuple[ChatMessage, ...]
    answer: str
    other: str
    difficulty: float

    @property
    def key(self) -> str:
        """Its words: whoever asks the same again gets the same again."""
        return words_of(message.content for message in self.thread)

    @property
    def prompt_tokens(self) -> int:
        """About how many tokens there are to read."""
        return 16 + tokens_of(self.key)

    def question(self, conversation: str) -> Question:
        """Return the question as the router and the gate see it."""
        return Question(self.thread[-1].content, self.thread, conversation_id=conversation)


def words_of(contents: Any) -> str:  # noqa: ANN401 - any iterable of texts
    """Return the words of a thread as one text."""
    return "\n\x1e".join(contents)


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has."""
    return max(2, round(len(text) / CHARACTERS_A_TOKEN))


def draw(seed: int, number: int, kind: str, grade: int) -> Item:
    """Return the item of a number in one run; equal words are equally hard."""
    random = stream("item", seed, number, kind, grade)
    thread, answer = _drawn(random, kind, grade)
    others = (_drawn(random, kind, grade)[1] for _ in range(_TRIES))
    other = next((each for each in others if each != answer), f"Something else: {number % 97}.")
    text = words_of(message.content for message in thread)
    return Item(kind, grade, thread, answer, other, normal("difficulty", seed, text))


def _drawn(random: Random, kind: str, grade: int) -> tuple[tuple[ChatMessage, ...], str]:
    if kind == EXAM:
        return _exam(random, grade)
    while True:
        task = _makers()[kind](Draw(random), grade)
        contents = [(str(each["role"]), str(each.get("content") or "")) for each in task.messages]
        if all(role in {"system", "user", "assistant"} for role, _ in contents) and task.answer:
            thread = tuple(ChatMessage(role=role, content=text) for role, text in contents)
            return thread, task.answer


@lru_cache(maxsize=1)
def _makers() -> dict[str, Any]:
    return {kind.family.name: kind.family.make for kind in mix.KINDS}


def _exam(random: Random, grade: int) -> tuple[tuple[ChatMessage, ...], str]:
    subject, thing = random.choice(_SUBJECTS[grade - 1]), random.choice(_things())
    stem = random.choice(_STEMS).format(subject=subject, thing=thing, name=random.choice(_names()))
    options = "\n".join(f"{letter}. the {random.choice(_things())}" for letter in LETTERS)
    right = random.choice(LETTERS)
    message = ChatMessage(role="user", content=f"{stem}\n{options}")
    return (message,), f"The answer is {right}."


@lru_cache(maxsize=1)
def _things() -> tuple[str, ...]:
    return tuple(THINGS.training)


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    return tuple(NAMES.training)
