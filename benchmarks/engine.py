"""The runner against a llama-server of the same source: `python -m benchmarks.engine MODEL.gguf`.

`make llama-server` builds the peer. Both are loaded at the same time with the same threads, batches
and context, neither speculates, and they are asked in turn with fresh prompts; the ratio is taken
within each round. The clock's ratio is what a person feels; on a busy computer the ratio of the
processor's time, with one thread, says more. A model grown to a real size is needed
(`python -m benchmarks.grow`).
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from app.domain.models import ModelSpec
from app.engines.llama_server.builds import PROGRAM, own_folder
from benchmarks.rig import Answered, Engine, llama_server, middle, runner, table

CONTEXT: Final = 2048
TOGETHER: Final = 4
READ_WORDS: Final = 330
WRITTEN: Final = 96
WORDS: Final = (
    "river",
    "stone",
    "house",
    "garden",
    "window",
    "forest",
    "bridge",
    "castle",
    "bread",
)
LONG_WORDS: Final = 360  # starter models were trained on 512 tokens, and a llama-server stops there
# Answers are to be of one length, so nothing may end them; the numbers of these tokens are known to
# the engine alone, and a llama-server takes numbers only.
ENDS: Final = ("<|im_end|>", "<|endoftext|>")
Measure = Callable[[Engine, Random], "Rate"]


@dataclass(frozen=True)
class Rate:
    """Tokens per second of the clock, and per second of the processor."""

    clock: float
    processor: float


def _prompt(random: Random, words: int) -> str:
    text = " ".join(random.choice(WORDS) for _ in range(words))
    return (
        f"<|im_start|>user\n{random.random()}: tell me a story about {text}.<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def _write(engine: Engine, prompt: str) -> Answered:
    ends = [[token, False] for text in ENDS for token in engine.tokens(text)]
    answered = engine.complete(prompt, max_tokens=WRITTEN, logit_bias=ends)
    if answered.tokens != WRITTEN:
        raise SystemExit(f"an answer ended after {answered.tokens} tokens")
    return answered


def prefill(engine: Engine, random: Random) -> Rate:
    """Read a long prompt."""
    before = engine.spent()
    answered = engine.complete(_prompt(random, READ_WORDS), max_tokens=1)
    spent = engine.spent() - before
    return Rate(answered.read / answered.reading_ms * 1000, answered.read / spent)


def decode(engine: Engine, random: Random, words: int = 8) -> Rate:
    """Write one answer to a prompt that was read before."""
    prompt = _prompt(random, words)
    engine.complete(prompt, max_tokens=1)
    before = engine.spent()
    answered = _write(engine, prompt)
    spent = engine.spent() - before
    return Rate(answered.tokens / answered.milliseconds * 1000, answered.tokens / spent)


def decode_long(engine: Engine, random: Random) -> Rate:
    """Write one answer after a long text."""
    return decode(engine, random, LONG_WORDS)


def parallel(engine: Engine, random: Random) -> Rate:
    """Write several answers at once; the clock is the one outside."""
    prompts = [_prompt(random, 8) for _ in range(TOGETHER)]
    began, before = time.perf_counter(), engine.spent()
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(lambda each: _write(engine, each), prompts))
    took, spent = time.perf_counter() - began, engine.spent() - before
    tokens = sum(each.tokens for each in answers)
    return Rate(tokens / took, tokens / spent)


MEASURES: Final[dict[str, Measure]] = {
    "prefill": prefill,
    "decode": decode,
    f"decode after {LONG_WORDS} words": decode_long,
    f"decode, {TOGETHER} at once": parallel,
}


def measure(model: Path, program: Path, threads: int, rounds: int) -> str:
    """Return the table for `model`."""
    spec = ModelSpec(
        name="bench",
        path=model,
        engine="llama-server",
        context=CONTEXT,
        sequences=TOGETHER,
        threads=threads,
        speculation=False,
    )
    limits = ("--context", str(CONTEXT), "--sequences", str(TOGETHER), "--threads", str(threads))
    rates: dict[str, list[tuple[Rate, Rate]]] = {name: [] for name in MEASURES}
    with runner(model, "--no-speculation", *limits) as ours, llama_server(spec, program) as peer:
        for number in range(-1, rounds):  # the first round only warms up
            for name, rate in MEASURES.items():
                pair = _pair(rate, ours, peer, number)
                if number >= 0:
                    rates[name].append(pair)
    head = (
        f"{model.name}, threads: {threads}",
        "runner, tokens/s",
        "llama-server, tokens/s",
        "ratio",
        "ratios seen",
        "ratio by processor time",
    )
    return table(head, [_row(name, pairs) for name, pairs in rates.items()])


def _pair(rate: Measure, ours: Engine, peer: Engine, number: int) -> tuple[Rate, Rate]:
    """Measure both with the same prompt; who goes first alternates."""
    if number % 2:
        other = rate(peer, Random(number))
        return rate(ours, Random(number)), other
    return rate(ours, Random(number)), rate(peer, Random(number))


def _row(name: str, pairs: list[tuple[Rate, Rate]]) -> tuple[str, ...]:
    ratios = [ours.clock / peer.clock for ours, peer in pairs]
    ours, peer = (middle([pair[side].clock for pair in pairs]) for side in (0, 1))
    by_processor = middle([ours.processor / peer.processor for ours, peer in pairs])
    seen = f"{min(ratios):.2f} to {max(ratios):.2f}"
    figures = (f"{ours:.1f}", f"{peer:.1f}", f"{middle(ratios):.2f}x", seen)
    return (name, *figures, f"{by_processor:.2f}x")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.engine")
    parser.add_argument("model", type=Path)
    parser.add_argument("--llama-server", type=Path, default=own_folder() / PROGRAM)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    print(measure(args.model, args.llama_server, args.threads, args.rounds))


if __name__ == "__main__":
    main()
