"""A loaded model: its vocabulary, its facts, and what kind of memory it needs."""

import ctypes
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner import weights
from app.engines.runner.failures import ExitCode, LoadFailed
from app.engines.runner.library import LogTap

MMAP: Final = 1  # LLAMA_LOAD_MODE_MMAP
LAZY_OFF: Final = 0
SPLIT_NONE: Final = 0
SPLIT_LAYER: Final = 1
CONTROL_OR_UNKNOWN: Final = (1 << 3) | (1 << 0)  # LLAMA_TOKEN_ATTR_CONTROL | _UNKNOWN
# Below this size the library's own check of every tensor costs less than a blink.
CHECKED_BYTES: Final = 256 << 20
OUT_OF_MEMORY_WORDS: Final = ("alloc", "out of memory", "oom")


class MemoryKind(StrEnum):
    """What a model keeps of the past, and so whether that can be cut anywhere."""

    ATTENTION = "attention"
    SLIDING = "sliding"
    RECURRENT = "recurrent"
    HYBRID = "hybrid"


def is_out_of_memory(complaint: str) -> bool:
    """Tell from the library's words whether memory was what failed."""
    return any(word in complaint.lower() for word in OUT_OF_MEMORY_WORDS)


class Model:
    """One GGUF in memory; tokenising is safe from any thread."""

    def __init__(
        self,
        native: ModuleType,
        path: Path,
        log: LogTap,
        on_progress: Callable[[float], None],
        *,
        gpu_layers: int = 0,
    ) -> None:
        self.native = native
        self.gpu_layers = gpu_layers
        self.handle = _open(native, path, log, on_progress, gpu_layers)
        self.vocabulary = native.llama_model_get_vocab(self.handle)
        self.n_vocab: int = native.llama_vocab_n_tokens(self.vocabulary)
        self.n_ctx_train: int = native.llama_model_n_ctx_train(self.handle)
        self.n_embd: int = native.llama_model_n_embd_out(self.handle)
        self.n_params: int = native.llama_model_n_params(self.handle)
        self.size: int = native.llama_model_size(self.handle)
        self.n_head: int = native.llama_model_n_head(self.handle)
        self.n_swa: int = native.llama_model_n_swa(self.handle)
        self.architecture = self._meta("general.architecture")
        self.adds_bos: bool = native.llama_vocab_get_add_bos(self.vocabulary)
        self.bos: int = native.llama_vocab_bos(self.vocabulary)
        self.eos: int = native.llama_vocab_eos(self.vocabulary)
        self._pieces: dict[tuple[int, bool], bytes] = {}
        self.bos_text = self._named("bos", self.bos)
        self.eos_text = self._named("eos", self.eos)
        self._ends: dict[int, bool] = {}
        attributes = native.llama_vocab_get_attr
        self._controls = (
            np.array(
                [attributes(self.vocabulary, token) for token in range(self.n_vocab)], np.int64
            )
            & CONTROL_OR_UNKNOWN
            > 0
        )
        self.control_texts = self._control_texts()
        self.hidden = self._hidden()

    @property
    def memory_kind(self) -> MemoryKind:
        """How this model remembers."""
        if self.native.llama_model_is_recurrent(self.handle):
            return MemoryKind.RECURRENT
        if self.native.llama_model_is_hybrid(self.handle):
            return MemoryKind.HYBRID
        return MemoryKind.SLIDING if self.n_swa > 0 else MemoryKind.ATTENTION

    @property
    def template(self) -> str:
        """The chat template inside the file, or ''."""
        source: bytes | None = self.native.llama_model_chat_template(self.handle, None)
        return (source or b"").decode("utf-8", "replace")

    def tokenize(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        """Return the tokens of a text.

        Args:
            text: what to tokenise.
            add_special: add the marks of beginning and end that the model is used to.
            parse_special: read the text of control tokens as those tokens.
        """
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        while True:
            found = (ctypes.c_int32 * room)()
            count = self.native.llama_tokenize(
                self.vocabulary, raw, len(raw), found, room, add_special, parse_special
            )
            if count >= 0:
                return found[:count]
            room = -count

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Return the bytes of a token; control tokens have none unless `special`."""
        known = self._pieces.get((token, special))
        if known is None:
            known = self._pieces[token, special] = self._piece(token, special)
        return known

    def _piece(self, token: int, special: bool) -> bytes:
        if token < 0:
            return b""
        room = 64
        while True:
            found = ctypes.create_string_buffer(room)
            count = self.native.llama_token_to_piece(
                self.vocabulary, token, found, room, 0, special
            )
            if count >= 0:
                return found.raw[:count]
            room = -count

    def ends(self, token: int) -> bool:
        """Tell whether the token ends an answer."""
        known = self._ends.get(token)
        if known is None:
            known = bool(self.native.llama_vocab_is_eog(self.vocabulary, token))
            self._ends[token] = known
        return known

    def _control_texts(self) -> tuple[str, ...]:
        """The texts that `parse_special` would turn into control tokens, longest first."""
        text = self.native.llama_vocab_get_text
        found = {
            text(self.vocabulary, int(token)).decode("utf-8", "replace")
            for token in np.flatnonzero(self._controls)
        }
        return tuple(sorted(found - {""}, key=lambda each: (-len(each), each)))

    def _hidden(self) -> NDArray[np.bool_]:
        """Which tokens have no text to show and do not end an answer."""
        hidden = self._controls.copy()
        for token in np.flatnonzero(hidden):
            hidden[token] = not self.ends(int(token))
        return hidden

    def _named(self, name: str, token: int) -> str:
        """The text of a token the file names; one the library made up in its place has none."""
        if not self._meta(f"tokenizer.ggml.{name}_token_id"):
            return ""
        return self.piece(token, special=True).decode("utf-8", "replace")

    def _meta(self, key: str) -> str:
        found = ctypes.create_string_buffer(256)
        length = self.native.llama_model_meta_val_str(self.handle, key.encode(), found, 256)
        return found.value.decode("utf-8", "replace") if length >= 0 else ""

    @property
    def fill_in_marks(self) -> tuple[int, int, int] | None:
        """The tokens before a beginning, an end and the middle between, where there are some."""
        named = [
            int(getattr(self.native, f"llama_vocab_fim_{part}")(self.vocabulary))
            for part in ("pre", "suf", "mid")
        ]
        return None if min(named) < 0 else (named[0], named[1], named[2])

    def close(self) -> None:
        """Give the memory back."""
        self.native.llama_model_free(self.handle)


def _open(
    native: ModuleType,
    path: Path,
    log: LogTap,
    on_progress: Callable[[float], None],
    gpu_layers: int,
) -> object:
    params = native.llama_model_default_params()
    params.n_gpu_layers = gpu_layers
    params.split_mode = SPLIT_LAYER if gpu_layers else SPLIT_NONE
    params.load_mode = MMAP
    params.lazy_mode = LAZY_OFF
    params.check_tensors = path.stat().st_size <= CHECKED_BYTES
    params.use_extra_bufts = True

    def advance(fraction: float, _data: object) -> bool:
        on_progress(fraction)
        return True

    callback = native.llama_progress_callback(advance)
    params.progress_callback = callback
    handle: object = native.llama_model_load_from_file(str(path).encode("utf-8"), params)
    if handle:
        return handle
    complaint = log.about(*OUT_OF_MEMORY_WORDS, "error", "invalid", "unknown")
    if is_out_of_memory(complaint):
        raise LoadFailed(ExitCode.OUT_OF_MEMORY, f"There is not enough memory: {complaint}")
    reason = weights.complaint(path) or complaint
    raise LoadFailed(ExitCode.MODEL_INVALID, f"The model {path.name} cannot be loaded: {reason}.")
