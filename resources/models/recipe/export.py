"""Writes a trained model and its tokenizer as one GGUF file that llama.cpp reads."""

import json
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from gguf.quants import quantize
from tokenizers import Tokenizer
from torch import Tensor

from recipe.model import Llama
from recipe.tokenizer import END, END_OF_TEXT, START

# System messages pass through as they are; nothing is added that the user did not say.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def export(model: Llama, tokenizer: Tokenizer, name: str, path: Path) -> None:
    """Write `model` to `path` in q8_0 (norms in float32); the file appears whole or not at all."""
    fresh = path.with_suffix(".new")
    writer = GGUFWriter(fresh, "llama")
    _describe(writer, model, name)
    _add_tokenizer(writer, tokenizer)
    for key, tensor in _tensors(model).items():
        _add_tensor(writer, key, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    fresh.replace(path)


def _describe(writer: GGUFWriter, model: Llama, name: str) -> None:
    shape = model.shape
    writer.add_name(f"Echelon starter {name}")
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
    special = {END_OF_TEXT, START, END}
    types = [TokenType.CONTROL if token in special else TokenType.NORMAL for token in tokens]
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
    writer.add_chat_template(CHAT_TEMPLATE)


def _tensors(model: Llama) -> dict[str, Tensor]:
    named = {}
    for key, tensor in model.state_dict().items():
        name = key.replace("blocks.", "blk.")
        if "attn_qkv" in name:
            for part, piece in zip("qkv", tensor.chunk(3), strict=True):
                named[name.replace("qkv", part)] = piece
        else:
            named[name] = tensor
    return named


def _add_tensor(writer: GGUFWriter, key: str, tensor: Tensor) -> None:
    values = tensor.detach().float().numpy()
    if values.ndim == 1:
        writer.add_tensor(key, values.astype(np.float32))
        return
    kind = GGMLQuantizationType.Q8_0
    writer.add_tensor(key, quantize(values, kind), raw_dtype=kind)
