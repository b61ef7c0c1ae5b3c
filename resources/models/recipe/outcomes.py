"""What came of a question: the lines of the evaluation, and reading them again."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What a model made of one question; the log-probabilities are those at temperature 1."""

    family: str
    grade: int
    number: int
    right: bool
    tokens: int
    mean: float
    least: float
    total: float
    first: float
    entropy: float
    most_entropy: float
    margin: float
    ended: bool
    answer: str
    logprobs: tuple[float, ...] = ()
    margins: tuple[float, ...] = ()  # in probability

    @property
    def cell(self) -> tuple[str, int]:
        """Family and grade."""
        return self.family, self.grade


def outcomes(path: Path) -> list[Outcome]:
    """Return the outcomes in a file of them, in the order of the questions."""
    with path.open(encoding="utf-8") as file:
        next(file)
        return [Outcome(**json.loads(line)) for line in file]
