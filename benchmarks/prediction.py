"""What a predicted answer saves: `python -m benchmarks.prediction MODEL.gguf [--rounds N]`.

The answers are those the model gives without a prediction. It is asked again with that answer as
the prediction: unchanged, with 5 and 20 percent of the words changed, and with another text
altogether; all in turn, so that noise hits all alike. A model grown to a real size is needed
(`python -m benchmarks.grow`): with a tiny one, the time goes elsewhere.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.rig import Answered, Engine, best_ratio, costs_in, middle, runner, table

TOKENS: Final = 240
SUBJECTS: Final = ("river", "stone", "house", "garden", "window", "forest", "bridge", "castle")
WORDS: Final = ("lamp", "blue", "seven", "quickly", "Anna", "wrote", "under", "paper", "small")
# Answers are to be long, so nothing may end them.
ENDLESS: Final = {"logit_bias": [["<|im_end|>", False], ["<|endoftext|>", False]]}
PROMPT: Final = (
    "<|im_start|>user\nTell me a long story about a {a} and a {b}.<|im_end|>\n"
    "<|im_start|>assistant\n"
)
Change = Callable[[str, Random], str]


def _changed(share: float) -> Change:
    def change(text: str, random: Random) -> str:
        words = text.split(" ")
        count = max(1, round(share * len(words)))
        for at in random.sample(range(len(words)), min(count, len(words))):
            words[at] = random.choice(WORDS)
        return " ".join(words)

    return change


def _other(text: str, random: Random) -> str:
    return " ".join(random.choice(WORDS) for _ in text.split(" "))


KINDS: Final[dict[str, Change]] = {
    "unchanged": lambda text, _random: text,
    "5 % of the words changed": _changed(0.05),
    "20 % changed": _changed(0.20),
    "wrong altogether": _other,
}


@dataclass
class Row:
    """What was seen of one kind of prediction."""

    ratios: list[float] = field(default_factory=list)
    stood: int = 0
    drafted: int = 0
    lost: list[float] = field(default_factory=list)
    same: int = 0

    def add(self, plain: Answered, guessed: Answered, single: float) -> None:
        """Take in one answer with and without the prediction; `single`: milliseconds of a token."""
        self.ratios.append(guessed.milliseconds / plain.milliseconds)
        self.lost.append((guessed.milliseconds - plain.milliseconds) / single)
        self.drafted += guessed.drafted
        self.stood += guessed.stood
        self.same += plain.text == guessed.text


def _asked(engine: Engine, prompt: str, guess: str = "") -> Answered:
    prediction = {"prediction": {"type": "content", "content": guess}} if guess else {}
    return engine.complete(prompt, max_tokens=TOKENS, **ENDLESS, **prediction)


def measure(model: Path, arguments: Sequence[str], rounds: int) -> str:
    """Return the table for `model`."""
    with tempfile.TemporaryDirectory() as name:
        costs = Path(name)
        with (
            runner(model, "--no-speculation", *arguments) as plain,
            runner(model, "--costs", name, *arguments) as drafting,
        ):
            rows = {kind: Row() for kind in KINDS}
            tokens = []
            for number in range(rounds):
                random = Random(number)
                one, other = random.sample(SUBJECTS, 2)
                prompt = PROMPT.format(a=one, b=other)
                answer = _asked(plain, prompt)
                tokens.append(answer.tokens)
                single = answer.milliseconds / answer.tokens
                for kind, change in KINDS.items():
                    guess = change(answer.text, random)
                    again = _asked(plain, prompt)
                    rows[kind].add(again, _asked(drafting, prompt, guess), single)
            bound = best_ratio(costs_in(costs)) if any(costs.iterdir()) else float("nan")
    head = (
        "prediction",
        "time against plain",
        "worst",
        "against the bound",
        "tokens that stood",
        "same text",
    )
    lines = [
        (
            kind,
            f"{middle(row.ratios):.2f}x",
            f"{max(row.ratios):.2f}x",
            f"{middle(row.ratios) / bound:.2f}x",
            f"{row.stood} of {row.drafted}",
            f"{row.same} of {rounds}",
        )
        for kind, row in rows.items()
    ]
    words = (
        f"{model.name}, {rounds} answers of {middle(tokens):.0f} tokens; bound {bound:.2f}x plain"
    )
    return f"{table(head, lines)}\n\n{words}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.prediction")
    parser.add_argument("model", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    print(measure(args.model, ["--threads", str(args.threads), "--context", "1024"], args.rounds))


if __name__ == "__main__":
    main()
