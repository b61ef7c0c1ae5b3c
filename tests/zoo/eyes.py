"""A tiny projector with random weights: it lets any model of the right width take pictures in."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.zoo.gguf_file import Value, write

SIDE, PATCH, WIDTH, WIDE, LAYERS = 28, 14, 32, 64, 2
PATCHES = (SIDE // PATCH) ** 2


def write_eyes(path: Path, model_width: int) -> None:
    """Write a projector whose pictures are as wide as the tokens of a model."""
    metadata: dict[str, Value] = {
        "general.architecture": "clip",
        "clip.has_vision_encoder": True,
        "clip.projector_type": "mlp",
        "clip.use_gelu": True,
        "clip.vision.image_size": SIDE,
        "clip.vision.patch_size": PATCH,
        "clip.vision.embedding_length": WIDTH,
        "clip.vision.feed_forward_length": WIDE,
        "clip.vision.block_count": LAYERS,
        "clip.vision.projection_dim": model_width,
        "clip.vision.attention.head_count": 2,
        "clip.vision.attention.layer_norm_epsilon": 1e-5,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
    }
    write(path, metadata, {}, _tensors(model_width))


def _tensors(model_width: int) -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(7)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return random.normal(0, 0.1, shape).astype(np.float32)

    found = {
        "v.class_embd": drawn(WIDTH),
        "v.patch_embd.weight": drawn(WIDTH, 3, PATCH, PATCH),
        "v.position_embd.weight": drawn(PATCHES + 1, WIDTH),
        "mm.0.weight": drawn(model_width, WIDTH),
        "mm.0.bias": drawn(model_width),
        "mm.2.weight": drawn(model_width, model_width),
        "mm.2.bias": drawn(model_width),
    }
    shapes = {f"attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "out")}
    shapes |= {"ffn_up": (WIDE, WIDTH), "ffn_down": (WIDTH, WIDE)}
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            found[f"v.blk.{layer}.{name}.weight"] = drawn(*shape)
            found[f"v.blk.{layer}.{name}.bias"] = drawn(shape[0])
        for norm in ("ln1", "ln2"):
            found[f"v.blk.{layer}.{norm}.weight"] = np.ones(WIDTH, np.float32)
            found[f"v.blk.{layer}.{norm}.bias"] = np.zeros(WIDTH, np.float32)
    return found
