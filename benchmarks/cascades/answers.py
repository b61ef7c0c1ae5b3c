"""What real models answered: each is asked the same only once, and a folder remembers.

A file for each model, named after the SHA-256 of its bytes; a line for each prompt.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from resources.models.recipe.answers import Answer, Answerer, Prompt
from resources.models.recipe.chatml import OPENED, START, Chat, render

_THOUGHT: Final = "</think>"


@dataclass(frozen=True)
class Answered:
    """One remembered answer; log-probabilities are those of what is shown, without the end."""

    prompt: str
    text: str
    logprobs: tuple[float, ...]
    margins: tuple[float, ...]
    prompt_tokens: int
    tokens: int  # with what was only thought
    ended: bool

    @property
    def finish_reason(self) -> str:
        """Why the answer ended."""
        return "stop" if self.ended else "length"


class Answers:
    """One model and all it ever said. The model is loaded when something new is asked."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.id = hashlib.sha256(path.read_bytes()).hexdigest()
        self._path = path
        self._file = folder / f"{self.id[:16]}.jsonl"
        self._model: Answerer | None = None
        self._known: dict[str, Answered] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            with self._file.open(encoding="utf-8") as file:
                for line in file:
                    read = json.loads(line)
                    figures = {name: tuple(read[name]) for name in ("logprobs", "margins")}
                    found = Answered(**{**read, **figures})
                    self._known[found.prompt] = found

    def close(self) -> None:
        """Let the model go."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def ask(self, prompts: Sequence[str]) -> list[Answered]:
        """Return an answer to each prompt; new ones are asked together."""
        missing = [each for each in dict.fromkeys(prompts) if key_of(each) not in self._known]
        if missing:
            self._learn(missing)
        return [self._known[key_of(each)] for each in prompts]

    def take(self, answered: Iterable[Answered]) -> None:
        """Remember answers that were given elsewhere; what is known already stays."""
        for each in answered:
            self._known.setdefault(each.prompt, each)

    def _learn(self, prompts: Sequence[str]) -> None:
        if self._model is None:
            self._model = Answerer(self._path)
        marks = self._model.tokens(_THOUGHT)
        end_of_thought = marks[0] if len(marks) == 1 else -1  # else it never learned to think
        numbered = [Prompt(at, text) for at, text in enumerate(prompts)]
        with self._file.open("a", encoding="utf-8") as file:
            for answer in self._model.answers(numbered):
                found = _remembered(prompts[answer.key], answer, end_of_thought)
                self._known[found.prompt] = found
                file.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")


def prompt_of(contents: Sequence[tuple[str, str]], *, thinking: bool = False) -> str:
    """Return what a model reads for the messages of a chat."""
    chat = Chat(tuple({"role": role, "content": content} for role, content in contents))
    opened = OPENED if thinking else ""
    return render(chat) + f"{START}assistant\n{opened}"


def _remembered(prompt: str, answer: Answer, end_of_thought: int) -> Answered:
    begin = 0
    if end_of_thought in answer.ids:
        begin = len(answer.ids) - answer.ids[::-1].index(end_of_thought)
    shown = slice(begin, len(answer.ids))
    return Answered(
        prompt=key_of(prompt),
        text=answer.text.rpartition(_THOUGHT)[2].lstrip("\n"),
        logprobs=tuple(round(each, 5) for each in answer.logprobs[shown]),
        margins=tuple(round(each, 5) for each in answer.margins[shown]),
        prompt_tokens=answer.prompt_tokens,
        tokens=len(answer.ids),
        ended=answer.ended,
    )


def key_of(prompt: str) -> str:
    """Return what an answer is remembered by."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:24]
