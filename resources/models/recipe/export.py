"""Writes a trained model and its tokenizer as one GGUF file that llama.cpp reads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from gguf.quants import dequantize, quantize
from tokenizers import Tokenizer
from torch import Tensor

from resources.models.recipe.chatml import CONTROL, END, END_OF_TEXT, MARKS, TEMPLATE
from resources.models.recipe.model import Llama
from resources.models.recipe.stops import Stop, check_room
from resources.models.recipe.tokenizer import known

STEPS, SECONDS = "echelon.training_steps", "echelon.training_seconds"


@dataclass(frozen=True)
class About:
    """What the file says of its making; the report reads it there."""

    name: str
    seed: int
    steps: int
    seconds: float
    limit: int


def export(model: Llama, tokenizer: Tokenizer, about: About, path: Path) -> None:
    """Write `model` to `path` in q8_0 (norms in float32); the file appears whole or not at all.

    Raises:
        Stop: there is no room, or the file would be larger than its limit.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    check_room(path.parent, 2 * model.shape.parameters)
    fresh = path.with_suffix(".new")
    writer = GGUFWriter(fresh, "llama")
    _describe(writer, model, about)
    _add_tokenizer(writer, tokenizer)
    for key, tensor in _tensors(model).items():
        _add_tensor(writer, key, tensor)
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        size = fresh.stat().st_size
        if size > about.limit:
            raise Stop(f"{path.name} would have {size:,} bytes; {about.limit:,} are allowed.")
        fresh.replace(path)
    except OSError as error:
        raise Stop(f"{path} could not be written: {error}. Make room and export again.") from error
    finally:
        fresh.unlink(missing_ok=True)


def _describe(writer: GGUFWriter, model: Llama, about: About) -> None:
    shape = model.shape
    writer.add_name(f"Echelon starter {about.name}")
    writer.add_uint32("echelon.seed", about.seed)
    writer.add_uint32(STEPS, about.steps)
    writer.add_float32(SECONDS, about.seconds)
    writer.add_author("The Echelon authors")
    writer.add_license("MIT")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.ff)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_vocab_size(shape.vocab)


def _add_tokenizer(writer: GGUFWriter, tokenizer: Tokenizer) -> None:
    state = json.loads(tokenizer.to_str())
    ids = tokenizer.get_vocab()
    tokens = sorted(ids, key=lambda token: ids[token])
    types = [_type(token) for token in tokens]
    merges = [
        merge if isinstance(merge, str) else " ".join(merge) for merge in state["model"]["merges"]
    ]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(ids[END])
    writer.add_pad_token_id(ids[END_OF_TEXT])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _type(token: str) -> TokenType:
    if token in CONTROL:
        return TokenType.CONTROL
    return TokenType.USER_DEFINED if token in MARKS else TokenType.NORMAL


def _tensors(model: Llama) -> dict[str, Tensor]:
    return {key.replace("blocks.", "blk."): value for key, value in model.state_dict().items()}


def _add_tensor(writer: GGUFWriter, key: str, tensor: Tensor) -> None:
    values = tensor.detach().float().numpy()
    if values.ndim == 1:
        writer.add_tensor(key, values.astype(np.float32))
        return
    kind = GGMLQuantizationType.Q8_0
    writer.add_tensor(key, quantize(values, kind), raw_dtype=kind)


def read(path: Path) -> tuple[dict[str, Tensor], int, float]:
    """Return the weights in a file written by `export`, and the steps and seconds of its training.

    Raises:
        Stop: it is not such a file.
    """
    with _opened(path) as reader:
        steps, seconds = (_value(reader, name) or 0 for name in (STEPS, SECONDS))
        weights = {
            each.name.replace("blk.", "blocks."): torch.from_numpy(
                dequantize(each.data, each.tensor_type).astype(np.float32)
            )
            for each in reader.tensors
        }
    return weights, int(steps), float(seconds)


def read_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer in a file written by `export`.

    Raises:
        Stop: it is not such a file.
    """
    with _opened(path) as reader:
        tokens, merges = (_value(reader, f"tokenizer.ggml.{name}") for name in ("tokens", "merges"))
        return known(tokens, merges)


@contextmanager
def _opened(path: Path) -> Iterator[gguf.GGUFReader]:
    try:
        yield gguf.GGUFReader(path)
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}. Name another folder.") from error
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Stop(f"{path} is no whole GGUF file. Name another folder.") from error


def _value(reader: gguf.GGUFReader, name: str) -> Any:  # noqa: ANN401 - whatever GGUF can hold
    field = reader.get_field(name)
    return field.contents() if field else None
