"""The binding: imported lightly, proven to fit this program, and listened to."""

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Final

from app.engines.runner.failures import ExitCode, LoadFailed

PACKAGE: Final = "llama_cpp"
BINDING_VERSION: Final = "0.3.36"
LIBRARY_VERSION: Final = b"0.5.0-dev"
# How often a thread looks for the others before it sleeps. Measured: `benchmarks/README.md`.
SPINS: Final = "1000"
BUILD: Final = f"{BINDING_VERSION} {os.environ.get('LLAMA_CPP_LIB_PATH', '')}"

# Sizes on 64-bit machines, and defaults at the start, middle and end of each structure. A library
# whose structures differ would shift the later ones.
SIZES: Final = {"llama_model_params": 80, "llama_context_params": 160, "llama_batch": 56}
MODEL_DEFAULTS: Final[dict[str, object]] = {
    "n_gpu_layers": -1,
    "split_mode": 1,
    "load_mode": -1,
    "lazy_mode": 1,
    "main_gpu": 0,
    "progress_callback_user_data": None,
    "vocab_only": False,
    "check_tensors": False,
    "use_extra_bufts": True,
    "no_host": False,
    "no_alloc": False,
    "load_mtp": False,
}
CONTEXT_DEFAULTS: Final[dict[str, object]] = {
    "n_ctx": 512,
    "n_batch": 2048,
    "n_ubatch": 512,
    "n_seq_max": 1,
    "n_rs_seq": 0,
    "n_outputs_max": 0,
    "n_outputs_max_per_seq": 1,
    "rope_scaling_type": -1,
    "pooling_type": -1,
    "attention_type": -1,
    "flash_attn_type": -1,
    "yarn_ext_factor": -1.0,
    "yarn_beta_slow": -1.0,
    "yarn_orig_ctx": 0,
    "defrag_thold": -1.0,
    "cb_eval_user_data": None,
    "type_k": 1,
    "type_v": 1,
    "abort_callback_data": None,
    "embeddings": False,
    "offload_kqv": True,
    "no_perf": True,
    "op_offload": True,
    "swa_full": True,
    "kv_unified": False,
    "n_samplers": 0,
    "ctx_other": None,
}


def load() -> ModuleType:
    """Return the low-level binding after proving that it fits.

    Raises:
        LoadFailed: the library is missing, of another version, or laid out differently.
    """
    package = _package()
    version = _version(package)
    if version != BINDING_VERSION:
        raise _unfit(f"llama-cpp-python is {version or 'unknown'}, not {BINDING_VERSION}")
    # Threads meet hundreds of times a token. Those that sleep until the others are there lose a
    # third of the speed, those that spin for long bring every evaluation to a crawl as soon as
    # anything else runs on this computer. GNU's OpenMP reads this once, when it is loaded.
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)
    try:
        native = importlib.import_module(f"{PACKAGE}.{PACKAGE}")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise _unfit(str(error)) from error
    self_test(native)
    native.llama_backend_init()
    return native


def _unfit(reason: str) -> LoadFailed:
    return LoadFailed(ExitCode.ENGINE_UNFIT, f"The engine's library cannot be used here: {reason}.")


def _package() -> ModuleType:
    """Return the package without running its `__init__`, which imports far more than is needed."""
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise _unfit("llama-cpp-python is not installed")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    return package


def _version(package: ModuleType) -> str:
    source = Path(package.__path__[0]) / "__init__.py"
    try:
        found = re.search(r'^__version__ = "([^"]+)"', source.read_text("utf-8"), re.MULTILINE)
    except OSError as error:
        raise _unfit(str(error)) from error
    return found.group(1) if found else ""


def self_test(native: ModuleType) -> None:
    """Compare what the library returns with what its headers promise.

    Raises:
        LoadFailed: a version, a size or a default differs.
    """
    if native.llama_version() != LIBRARY_VERSION:
        raise _unfit(f"llama.cpp is {native.llama_version()!r}, not {LIBRARY_VERSION!r}")
    for name, size in SIZES.items():
        actual = ctypes.sizeof(getattr(native, name))
        if ctypes.sizeof(ctypes.c_void_p) == 8 and actual != size:
            raise _unfit(f"{name} has {actual} bytes, not {size}")
    _compare("model", native.llama_model_default_params(), MODEL_DEFAULTS)
    _compare("context", native.llama_context_default_params(), CONTEXT_DEFAULTS)


def _compare(what: str, actual: object, expected: dict[str, object]) -> None:
    for name, value in expected.items():
        if getattr(actual, name) != value:
            raise _unfit(f"default of {what}.{name} is {getattr(actual, name)!r}, not {value!r}")


class LogTap:
    """Passes on what the library logs and remembers its last complaints for a failure's message."""

    WARNING: Final = 3  # ggml counts debug 1, info 2, warning 3, error 4, continuation 5
    CONTINUATION: Final = 5

    def __init__(
        self,
        native: ModuleType,
        write: Callable[[str], object],
        *,
        verbose: bool,
        hushed: Callable[[], bool],
    ) -> None:
        self._write = write
        self._hushed = hushed  # an evaluation we stopped ourselves is no news
        self._least = 0 if verbose else self.WARNING
        self._level = 0
        self.complaints: deque[str] = deque(maxlen=20)
        self._native = native
        # The library keeps a bare pointer: this reference keeps the function alive.
        self._callback = native.llama_log_callback(self._hear)
        native.llama_log_set(self._callback, None)

    def _hear(self, level: int, text: bytes | None, _data: object) -> None:
        if level != self.CONTINUATION:
            self._level = level
        line = (text or b"").decode("utf-8", "replace")
        if self._level >= self.WARNING and line.strip():
            self.complaints.append(line.strip())
        if self._level >= self._least and not self._hushed():
            self._write(line)

    def about(self, *words: str) -> str:
        """Return the last complaint that holds one of the words (or the very last), or ''."""
        heard = list(self.complaints)
        fitting = [line for line in heard if any(word in line.lower() for word in words)]
        return (fitting or heard or [""])[-1]

    def close(self) -> None:
        """Stop listening: the library must not call into an interpreter that is going away."""
        self._native.llama_log_set(self._native.llama_log_callback(), None)
