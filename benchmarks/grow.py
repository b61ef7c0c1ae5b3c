"""Grows a starter model to the size of a real one without changing what it says.

`python -m benchmarks.grow front --shape 0.5b` writes a file into the cache and proves that both
models answer with the same tokens. The wide model costs as much memory and time as any of its
shape, and its answers can still be checked.

How it stays the same: new columns, rows and heads are zero; a norm over D instead of d numbers, of
which the new ones are zero, gives sqrt(D/d) times as much, so its weights are scaled by sqrt(d/D)
and its epsilon by d/D; new layers add nothing, because their output projections are zero.
"""

import argparse
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from platformdirs import user_cache_path

from benchmarks import ggufs
from benchmarks.ggufs import F32, Q8_0, Bytes, Gguf, Tensor, Value
from benchmarks.rig import runner

MODELS: Final = Path(__file__).resolve().parents[1] / "resources" / "models"
SPARE_BYTES: Final = 500_000_000
STEP_ROWS: Final = 512
# Beyond what the small model was trained on answers are no longer sensible, but cost what they
# cost; engines that refuse longer texts could not be measured.
WINDOW: Final = 16_384
ANSWER_TOKENS: Final = 48
PROMPTS: Final = (
    "hello",
    "What is the capital of Japan?",
    "What is 17 + 25?",
    "Write a function that adds two numbers.",
    "Sort these words by length: river, bee, window.",
    "Replace cat with dog: The cat sleeps.",
    "How many letters are in window?",
    "Count to twelve.",
    "Who are you?",
    "Guten Morgen!",
    "Tell me a short story.",
    'Return the JSON {"a": 1} with a set to 2.',
    "What time is it?",
    "What did the king of the moon eat yesterday?",
)


@dataclass(frozen=True)
class Target:
    """The shape to grow to."""

    layers: int
    width: int
    ff: int


TARGETS: Final = {
    "0.5b": Target(layers=27, width=1024, ff=4096),
    "1.5b": Target(layers=28, width=1536, ff=8960),
}


@dataclass(frozen=True)
class _Sizes:
    layers: int
    width: int
    ff: int
    heads: int
    head_width: int
    epsilon: float

    @staticmethod
    def of(source: Gguf) -> "_Sizes":
        def number(key: str) -> float:
            return source.values[f"llama.{key}"].number()

        width, heads = int(number("embedding_length")), int(number("attention.head_count"))
        return _Sizes(
            layers=int(number("block_count")),
            width=width,
            ff=int(number("feed_forward_length")),
            heads=heads,
            head_width=width // heads,
            epsilon=number("attention.layer_norm_rms_epsilon"),
        )


def grow(source: Path, target: Target, path: Path) -> int:
    """Write `source` grown to `target` into `path` and return the number of weights.

    Raises:
        ValueError: the source is larger than the target in some direction, or no model we can grow.
        OSError: there is no room.
    """
    found = ggufs.read(source)
    sizes = _Sizes.of(found)
    _check(found, sizes, target)
    plan = [_grown(found, sizes, target, tensor) for tensor in found.tensors]
    for layer in range(sizes.layers, target.layers):
        plan += _identity(layer, target)
    needed = sum(tensor.size for tensor, _ in plan)
    path.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(path.parent).free
    if free < needed + SPARE_BYTES:
        raise OSError(
            f"{needed // 1_000_000} MB are needed in {path.parent}; {free // 1_000_000} MB are free"
        )
    ggufs.write(path, _values(found, sizes, target), plan)
    return sum(tensor.columns * max(1, tensor.rows) for tensor, _ in plan)


def _check(found: Gguf, sizes: _Sizes, target: Target) -> None:
    if found.values["llama.attention.head_count_kv"].number() != sizes.heads:
        raise ValueError("models whose heads share keys cannot be grown")
    if target.width % sizes.head_width or any(size % 32 for size in (target.width, target.ff)):
        raise ValueError(f"a width of {target.width} does not hold heads of {sizes.head_width}")
    if target.layers < sizes.layers or target.width < sizes.width or target.ff < sizes.ff:
        raise ValueError("the model is larger than the shape it should grow to")


def _values(found: Gguf, sizes: _Sizes, target: Target) -> dict[str, Value]:
    heads = target.width // sizes.head_width
    window = max(WINDOW, int(found.values["llama.context_length"].number()))
    name = found.values["general.name"].raw[8:].decode()
    return {
        **found.values,
        "general.name": ggufs.text(f"{name}, grown to {target.layers} x {target.width}"),
        "llama.context_length": ggufs.uint32(window),
        "llama.block_count": ggufs.uint32(target.layers),
        "llama.embedding_length": ggufs.uint32(target.width),
        "llama.feed_forward_length": ggufs.uint32(target.ff),
        "llama.attention.head_count": ggufs.uint32(heads),
        "llama.attention.head_count_kv": ggufs.uint32(heads),
        "llama.attention.layer_norm_rms_epsilon": ggufs.float32(
            sizes.epsilon * sizes.width / target.width
        ),
    }


Planned = tuple[Tensor, Callable[[], Iterator[Bytes]]]


def _grown(found: Gguf, sizes: _Sizes, target: Target, tensor: Tensor) -> Planned:
    wider = {sizes.width: target.width, sizes.ff: target.ff}
    columns = wider[tensor.columns]
    if not tensor.rows:
        scale = math.sqrt(sizes.width / target.width)
        weights = found.rows(tensor).view(np.float32)[0] * np.float32(scale)
        raw = np.pad(weights, (0, columns - len(weights))).view(np.uint8)
        return Tensor(tensor.name, F32, columns, 0), lambda: iter([raw])
    # The rows of the embedding are words, whose number may be that of another size by chance.
    rows = tensor.rows if tensor.name == "token_embd.weight" else wider[tensor.rows]
    wide = Tensor(tensor.name, Q8_0, columns, rows)
    return wide, lambda: _padded(found, tensor, wide)


def _padded(found: Gguf, tensor: Tensor, wide: Tensor) -> Iterator[Bytes]:
    rows = found.rows(tensor)
    for at in range(0, tensor.rows, STEP_ROWS):
        yield np.pad(rows[at : at + STEP_ROWS], ((0, 0), (0, wide.row_bytes - tensor.row_bytes)))
    yield from _zeros(wide, wide.rows - tensor.rows)


def _identity(layer: int, target: Target) -> list[Planned]:
    width, ff = target.width, target.ff
    random = np.random.default_rng(layer)
    ones = np.ones(width, np.float32).view(np.uint8)
    matrices = {
        "attn_q": (width, width),
        "attn_k": (width, width),
        "attn_v": (width, width),
        "ffn_gate": (width, ff),
        "ffn_up": (width, ff),
    }
    planned: list[Planned] = [
        (Tensor(f"blk.{layer}.{part}.weight", F32, width, 0), lambda: iter([ones]))
        for part in ("attn_norm", "ffn_norm")
    ]
    for part, (columns, rows) in matrices.items():
        tensor = Tensor(f"blk.{layer}.{part}.weight", Q8_0, columns, rows)
        planned.append((tensor, partial(_noise, tensor, random)))
    for part, columns in (("attn_output", width), ("ffn_down", ff)):
        tensor = Tensor(f"blk.{layer}.{part}.weight", Q8_0, columns, width)
        planned.append((tensor, partial(_zeros, tensor, tensor.rows)))
    return planned


def _zeros(tensor: Tensor, rows: int) -> Iterator[Bytes]:
    for at in range(0, rows, STEP_ROWS):
        yield np.zeros((min(STEP_ROWS, rows - at), tensor.row_bytes), np.uint8)


def _noise(tensor: Tensor, random: np.random.Generator) -> Iterator[Bytes]:
    """Yield small random weights: what is not read or not multiplied would flatter a benchmark."""
    blocks = tensor.columns // ggufs.BLOCK
    scale = np.array([0.02 / 73], np.float16).view(np.uint8)  # 73: spread of -127..127
    for at in range(0, tensor.rows, STEP_ROWS):
        rows = min(STEP_ROWS, tensor.rows - at)
        piece = np.empty((rows, blocks, ggufs.BLOCK_BYTES), np.uint8)
        piece[:, :, :2] = scale
        numbers = random.integers(-127, 128, (rows, blocks, ggufs.BLOCK), np.int8)
        piece[:, :, 2:] = numbers.view(np.uint8)
        yield piece.reshape(rows, tensor.row_bytes)


@dataclass(frozen=True)
class Proof:
    """How many answers of both models are the same, token by token."""

    same: int
    of: int
    tokens: int


def prove(small: Path, large: Path, prompts: Sequence[str] = PROMPTS) -> Proof:
    """Ask both models the same and compare their greedy answers token by token."""
    first, second = (_answers(path, prompts) for path in (small, large))
    same = sum(a == b for a, b in zip(first, second, strict=True))
    return Proof(same, len(prompts), sum(map(len, first)))


def _answers(path: Path, prompts: Sequence[str]) -> list[list[tuple[int, ...]]]:
    form = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
    with runner(path, "--no-speculation", "--context", "256", "--threads", "2") as engine:
        return [engine.written(form.format(prompt), ANSWER_TOKENS) for prompt in prompts]


def main() -> int:
    """Grow, prove, and say where the file is."""
    args = _arguments()
    source = args.model if args.model.suffix else MODELS / f"{args.model}.gguf"
    path = args.out / f"{source.stem}-{args.shape}.gguf"
    try:
        weights = grow(source, TARGETS[args.shape], path)
    except (OSError, ValueError, KeyError) as error:
        print(f"{source} cannot be grown: {error}", file=sys.stderr)
        return 1
    proof = prove(source, path)
    print(f"{path}: {weights / 1e9:.2f} billion weights, {path.stat().st_size / 1e6:.0f} MB")
    print(f"{proof.same} of {proof.of} answers have the same tokens ({proof.tokens} tokens)")
    return 0 if proof.same == proof.of else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.grow", description=(__doc__ or "")[:72])
    parser.add_argument("model", type=Path, help="name of a starter model, or a GGUF file")
    parser.add_argument("--shape", choices=list(TARGETS), default="0.5b")
    parser.add_argument(
        "--out", type=Path, default=user_cache_path("echelon") / "bench", help="never committed"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
