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
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from app.domain.models import ModelSpec
from app.engines.llama_server.builds import PROGRAM, own_folder
from benchmarks.rig import Answered, Engine, llama_server, middle, runner, table

TOGETHER: Final = 4
READ: Final = 512  # tokens of the prompt whose reading is measured
SHORT, MIDDLE, LONG = 40, 400, 1500  # tokens of the prompts after which writing is measured
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
# Answers are to be of one length, so nothing may end them; the numbers of these tokens are known to
# the engine alone, and a llama-server takes numbers only.
ENDS: Final = ("<|im_end|>", "<|endoftext|>")
Measure = Callable[[Engine, Random], "Rate"]


@dataclass(frozen=True)
class Rate:
    """Tokens per second of the clock, and per second of the processor."""

    clock: float
    processor: float


def _prompt(engine: Engine, random: Random, tokens: int) -> str:
    """Return a fresh prompt of about that many tokens."""
    words = [random.choice(WORDS) for _ in range(tokens)]
    begin = f"<|im_start|>user\n{random.random()}: tell me a story about "
    end = ".<|im_end|>\n<|im_start|>assistant\n"
    frame = len(engine.tokens(begin + end))
    each = len(engine.tokens(" ".join(words))) / tokens
    return begin + " ".join(words[: max(1, round((tokens - frame) / each))]) + end


def _write(engine: Engine, prompt: str) -> Answered:
    ends = [[token, False] for text in ENDS for token in engine.tokens(text)]
    answered = engine.complete(prompt, max_tokens=WRITTEN, logit_bias=ends)
    if answered.tokens != WRITTEN:
        raise SystemExit(f"an answer ended after {answered.tokens} tokens")
    return answered


def prefill(engine: Engine, random: Random) -> Rate:
    """Read a long prompt."""
    prompt = _prompt(engine, random, READ)
    before = engine.spent()
    answered = engine.complete(prompt, max_tokens=1)
    spent = engine.spent() - before
    return Rate(answered.read / answered.reading_ms * 1000, answered.read / spent)


def decode(engine: Engine, random: Random, tokens: int) -> Rate:
    """Write one answer to a prompt that was read before."""
    prompt = _prompt(engine, random, tokens)
    engine.complete(prompt, max_tokens=1)
    before = engine.spent()
    answered = _write(engine, prompt)
    spent = engine.spent() - before
    return Rate(answered.tokens / answered.milliseconds * 1000, answered.tokens / spent)


def parallel(engine: Engine, random: Random) -> Rate:
    """Write several answers at once; the clock is the one outside."""
    prompts = [_prompt(engine, random, SHORT) for _ in range(TOGETHER)]
    began, before = time.perf_counter(), engine.spent()
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(lambda each: _write(engine, each), prompts))
    took, spent = time.perf_counter() - began, engine.spent() - before
    tokens = sum(each.tokens for each in answers)
    return Rate(tokens / took, tokens / spent)


MEASURES: Final[dict[str, Measure]] = {
    f"prefill of {READ} tokens": prefill,
    **{
        f"decode after {tokens} tokens": partial(decode, tokens=tokens)
        for tokens in (SHORT, MIDDLE, LONG)
    },
    f"decode, {TOGETHER} at once": parallel,
}


def measure(args: argparse.Namespace) -> str:
    """Return the table for a model."""
    model, context, threads = args.model, args.context, args.threads
    spec = ModelSpec(
        name="bench",
        path=model,
        engine="llama-server",
        context=context,
        sequences=TOGETHER,
        threads=threads,
        speculation=False,
    )
    limits = ("--context", str(context), "--sequences", str(TOGETHER), "--threads", str(threads))
    rates: dict[str, list[tuple[Rate, Rate]]] = {name: [] for name in args.measures}
    with (
        runner(model, "--no-speculation", *limits) as ours,
        llama_server(spec, args.llama_server) as peer,
    ):
        for number in range(-1, args.rounds):  # the first round only warms up
            for name in args.measures:
                pair = _pair(MEASURES[name], ours, peer, number)
                if number >= 0:
                    rates[name].append(pair)
    head = (
        f"{model.name}, window {context}, threads: {threads}",
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
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--measures", nargs="*", choices=list(MEASURES), default=list(MEASURES))
    print(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
