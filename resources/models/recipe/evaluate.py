"""Exact answers of the exported models, by family: `python -m recipe.evaluate [--models DIR]`.

The questions come from a seed of their own. Facts, greetings and functions are those that were
learned; sentences, words and numbers are drawn anew. Without llama.cpp's Python package the last
checkpoint answers through PyTorch instead.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from recipe.data.mix import FAMILIES, typed

HERE = Path(__file__).resolve().parent
NAMES = ("draft", "front")
ITEMS = 30
SEED = 987_654_321
ANSWER_TOKENS = 200
# Stories and poems have no single right answer.
COUNTED = tuple(name for name in FAMILIES if name != "long")

Answer = Callable[[str], str]


@dataclass(frozen=True)
class Score:
    """How many of `ITEMS` questions of a family were answered exactly."""

    family: str
    right: int


def scores(answer: Answer) -> list[Score]:
    """Ask questions of every counted family and count the exact answers."""
    return [_score(answer, family) for family in COUNTED]


def through_llama_cpp(path: Path) -> Answer:
    """Return a greedy answerer on the GGUF file in `path`; needs llama-cpp-python."""
    from llama_cpp import Llama  # noqa: PLC0415 - optional: the recipe works without it

    # The binding's types of a chat differ between its versions.
    # More threads than one only wait for each other at this size.
    model: Any = Llama(str(path), n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False)

    def answer(question: str) -> str:
        messages = [{"role": "user", "content": question}]
        reply = model.create_chat_completion(messages, max_tokens=ANSWER_TOKENS, temperature=0)
        return str(reply["choices"][0]["message"]["content"])

    return answer


def table(results: dict[str, list[Score]]) -> str:
    """Return the scores as a Markdown table, one row per family."""
    lines = ["| family | " + " | ".join(f"`{name}`" for name in results) + " |"]
    lines.append("|---" + "|---:" * len(results) + "|")
    for at, family in enumerate(COUNTED):
        row = " | ".join(str(found[at].right) for found in results.values())
        lines.append(f"| {family} | {row} |")
    return "\n".join(lines)


def main() -> None:
    """Evaluate every model and write the table to standard output."""
    parser = argparse.ArgumentParser(prog="recipe.evaluate", description=f"Exact of {ITEMS}.")
    parser.add_argument("--models", type=Path, default=HERE.parent, help="where the GGUF files are")
    parser.add_argument("--work", type=Path, default=Path("build/recipe"), help="checkpoints")
    args = parser.parse_args()
    results = {name: scores(_answerer(name, args.models, args.work)) for name in NAMES}
    sys.stdout.write(f"{table(results)}\n")


def _answerer(name: str, models: Path, work: Path) -> Answer:
    try:
        return through_llama_cpp(models / f"{name}.gguf")
    except ModuleNotFoundError:
        # Not at the top: where llama.cpp answers, PyTorch need not be installed.
        from recipe.checkpoints import greedy  # noqa: PLC0415

        return greedy(name, work, ANSWER_TOKENS)


def _score(answer: Answer, family: str) -> Score:
    random = Random(f"{SEED} {family}")
    pairs = [typed(FAMILIES[family], random) for _ in range(ITEMS)]
    return Score(family, sum(answer(question).strip() == wanted for question, wanted in pairs))


if __name__ == "__main__":
    main()
