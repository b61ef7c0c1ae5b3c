"""Proves that llama.cpp reads an exported file as it was meant: same tokens, same scores."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGMLQuantizationType
from gguf.quants import dequantize, quantize
from tokenizers import Tokenizer

from resources.models.recipe.model import Llama

SAMPLES = (
    "Grüße, 日本! it's 12345 x\n\n\n y",
    "  def f(x):\n\tpass  \n    return x_1 + 2.50",
    "I'LL don't—“q”  ...\r\n a.b_c",
    'emoji 🙂👍 ʒ <b>&amp;</b> {"a": [1, null]}',
    '<|im_start|>assistant\n<tool_call>\n{"name": "clock"}\n</tool_call><|im_end|>\n',
    "<|im_start|>user\n<tool_response>\n17:45\n</tool_response><|im_end|>\n<think>ok</think>",
    "",
)


@dataclass(frozen=True)
class Verdict:
    """How an exported file differs from what was trained."""

    other_tokens: int
    texts: int
    agreeing: float
    largest_gap: float
    spread: float

    @property
    def good(self) -> bool:
        """Whether nothing but rounding differs."""
        return (
            self.other_tokens == 0 and self.agreeing > 0.97 and self.largest_gap < 0.2 * self.spread
        )


def verify(model: Llama, tokenizer: Tokenizer, path: Path, texts: list[str]) -> Verdict:
    """Compare the file in `path` with `model` rounded as the file is; needs llama-cpp-python."""
    from llama_cpp import Llama as Engine  # noqa: PLC0415 - only here: the training works without

    longest = model.shape.context
    # The binding has no types.
    engine: Any = Engine(
        str(path), n_ctx=longest, n_batch=longest, logits_all=True, n_threads=1, verbose=False
    )
    other = sum(_ids(tokenizer, text) != _engine_ids(engine, text) for text in (*texts, *SAMPLES))
    gaps, agreeing, spread = [], [], []
    rounded = _rounded(model)
    for text in texts:
        ids = _ids(tokenizer, text)[:longest]
        engine.reset()
        engine.eval(ids)
        got, wanted = np.array(engine.scores[: len(ids)]), _scores(rounded, ids)
        gaps.append(float(np.abs(got - wanted).max()))
        agreeing.append(float((got.argmax(1) == wanted.argmax(1)).mean()))
        spread.append(float(wanted.std()))
    engine.close()
    count = len(texts) + len(SAMPLES)
    return Verdict(other, count, float(np.mean(agreeing)), max(gaps), float(np.mean(spread)))


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(text).ids)


def _engine_ids(engine: Any, text: str) -> list[int]:  # noqa: ANN401 - the binding has no types
    return list(engine.tokenize(text.encode(), add_bos=False, special=True)) if text else []


def _rounded(model: Llama) -> Llama:
    copy = Llama(model.shape)
    kind = GGMLQuantizationType.Q8_0
    copy.load_state_dict(
        {
            key: torch.from_numpy(dequantize(quantize(value.numpy(), kind), kind))
            if value.ndim == 2
            else value
            for key, value in model.state_dict().items()
        }
    )
    return copy


@torch.inference_mode()
def _scores(model: Llama, ids: list[int]) -> np.ndarray[Any, np.dtype[np.float32]]:
    found = model(torch.tensor(ids), [(1, len(ids))])
    scores: np.ndarray[Any, np.dtype[np.float32]] = found.float().numpy()
    return scores
