"""The command line of the runner."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from app.domain.models import CacheType, FlashAttention


@dataclass(frozen=True)
class Options:
    """How one model is loaded and served; counts are tokens except sequences and threads."""

    model: Path
    context: int = 4096
    sequences: int = 2
    threads: int = 4
    batch: int = 512
    ubatch: int = 256
    embeddings: bool = False
    alias: str = "model"
    gpu_layers: int = -1
    kv_keys: str = "f16"
    kv_values: str = "f16"
    flash_attention: str = "auto"
    verbose: bool = False
    speculation: bool = True
    costs: Path | None = None
    told: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    draft_model: Path | None = None
    states: Path | None = None
    states_bytes: int = 4 << 30
    states_least: int = 256


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _times(text: str) -> dict[int, dict[int, float]]:
    """Read milliseconds by number of tokens, by where in a text they count."""
    found = json.loads(text)
    return {
        int(edge): {int(rows): float(ms) for rows, ms in times.items()}
        for edge, times in found.items()
    }


def parse(argv: Sequence[str]) -> Options:
    """Read the arguments the supervisor passes."""
    parser = argparse.ArgumentParser(prog="runner", allow_abbrev=False)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--context", type=_positive, default=Options.context)
    parser.add_argument("--sequences", type=_positive, default=Options.sequences)
    parser.add_argument("--threads", type=_positive, default=Options.threads)
    parser.add_argument("--batch", type=_positive, default=Options.batch)
    parser.add_argument("--ubatch", type=_positive, default=Options.ubatch)
    parser.add_argument("--embeddings", action="store_true")
    parser.add_argument("--alias", default="")
    parser.add_argument("--gpu-layers", type=int, default=-1, help="-1: as many as fit")
    parser.add_argument("--kv-keys", choices=get_args(CacheType), default="f16")
    parser.add_argument("--kv-values", choices=get_args(CacheType), default="f16")
    parser.add_argument("--flash-attention", choices=get_args(FlashAttention), default="auto")
    parser.add_argument("--verbose", action="store_true", help="log what the library says")
    parser.add_argument("--no-speculation", dest="speculation", action="store_false")
    parser.add_argument("--costs", type=Path, help="folder for what was measured here")
    parser.add_argument(
        "--told", type=_times, default={}, help="what was measured, where --costs has nothing"
    )
    parser.add_argument("--draft-model", type=Path, help="a smaller model that writes ahead")
    parser.add_argument("--states", type=Path, help="folder for conversations that are set aside")
    parser.add_argument("--states-bytes", type=_positive, default=Options.states_bytes)
    parser.add_argument(
        "--states-least", type=_positive, default=Options.states_least, help="tokens worth saving"
    )
    given = vars(parser.parse_args(argv))
    return Options(**{**given, "alias": given["alias"] or given["model"].stem})
