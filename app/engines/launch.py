"""How an engine process is started: command line, environment, threads."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

import app
from app.domain.models import EngineKind, ModelSpec, RoleSpec

TOKEN_VARIABLE = "ECHELON_ENGINE_TOKEN"  # noqa: S105  the variable's name, not a secret
# Where the runner's binding looks for its library instead of beside itself.
LIBRARY_VARIABLE = "LLAMA_CPP_LIB_PATH"

# All that a child may see. LLAMA_ARG_*, GGML_* and HF_* would change engines behind our back.
_KEPT = frozenset(
    {
        "APPDATA", "COMSPEC", "HOME", "LANG", "LANGUAGE", "LOCALAPPDATA", "LOGNAME", "PATH",
        "PATHEXT", "PROGRAMDATA", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ",
        "USER", "USERNAME", "USERPROFILE", "WINDIR",
        "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", LIBRARY_VARIABLE, "VIRTUAL_ENV",
        "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES",
    }
)  # fmt: skip


def environment(token: str, source: Mapping[str, str]) -> dict[str, str]:
    """Return the whitelisted environment of a child, with its key and where our code lies."""
    kept = {
        name: value
        for name, value in source.items()
        if name.upper() in _KEPT or name.upper().startswith("LC_")
    }
    kept[TOKEN_VARIABLE] = token
    kept["PYTHONPATH"] = str(Path(app.__file__).absolute().parents[1])
    kept["PYTHONSAFEPATH"] = "1"  # the working folder is no place to import from
    kept["PYTHONUTF8"] = "1"  # paths and log lines in any script
    return kept


class Launcher:
    """Builds the command line of an engine process for a role's model."""

    def __init__(
        self,
        engine: EngineKind = "runner",
        extra: Sequence[str] = (),
        costs: Path | None = None,
        states: Path | None = None,
    ) -> None:
        """Start engines of this kind.

        Args:
            engine: which kind.
            extra: arguments at the end of each command.
            costs: where runners keep what they measured about this computer.
            states: where runners set conversations aside; they hold their text.
        """
        self.engine = engine
        self.extra = tuple(extra)
        self._costs = costs
        self._states = states

    def command(self, role: RoleSpec, alias: str) -> list[str]:
        """Return the argument list; `alias` proves later that the right process answers."""
        model = role.model
        own = self._mock(role) if self.engine == "mock" else self._runner(model)
        limits = ["--context", str(model.context), "--sequences", str(model.sequences)]
        start = [sys.executable, "-m", f"app.engines.{self.engine}", "--alias", alias]
        return [*start, *own, *limits, *self.extra]

    def _runner(self, model: ModelSpec) -> list[str]:
        threads = model.threads or default_threads()
        arguments = ["--model", str(model.path.absolute()), "--threads", str(threads)]
        arguments += ["--gpu-layers", str(model.gpu_layers)]
        arguments += ["--batch", str(model.batch), "--ubatch", str(model.ubatch)]
        arguments += ["--flash-attention", model.flash_attention]
        if model.embeddings:
            return [*arguments, "--embeddings"]
        arguments += ["--kv-keys", model.kv_keys, "--kv-values", model.kv_values]
        if self._states is not None:
            arguments += ["--states", str(self._states.absolute())]
        return arguments + self._drafts(model)

    def _drafts(self, model: ModelSpec) -> list[str]:
        if not model.speculation:
            return ["--no-speculation"]
        arguments = ["--costs", str(self._costs.absolute())] if self._costs else []
        told = model.measured.verifying if model.measured else None
        if told is not None and told.threads == (model.threads or default_threads()):
            arguments += ["--told", json.dumps(told.milliseconds)]
        if model.draft is not None:
            arguments += ["--draft-model", str(model.draft.absolute())]
        return arguments

    def _mock(self, role: RoleSpec) -> list[str]:
        return ["--tier", str(role.tier), "--seed", str(role.sampling.seed or 0)]


def default_threads() -> int:
    """Return how many threads an engine gets on this machine, in this container."""
    logical = os.cpu_count() or 1
    physical = psutil.cpu_count(logical=False) or logical
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    return choose_threads(physical, allowed, _cgroup_quota())


def choose_threads(physical: int, allowed: int, quota: float | None) -> int:
    """Return the thread count: physical cores we may use, one left for the window if there are 3.

    Args:
        physical: cores of the machine; a second hardware thread does not speed decoding up.
        allowed: logical processors this process may run on.
        quota: processors' worth of time the container grants, None for no limit.
    """
    cores = min(physical, allowed)
    if quota is not None:
        cores = min(cores, int(quota))
    cores = max(1, cores)
    return cores - 1 if cores > 2 else cores


def _cgroup_quota(proc: Path = Path("/proc/self/cgroup")) -> float | None:
    try:
        own = proc.read_text().rpartition("0::")[2].strip().strip("/")
    except OSError:
        return None
    root = Path("/sys/fs/cgroup")
    folder = root / own
    limits = [_read_quota(place / "cpu.max") for place in (folder, *folder.parents)]
    return min((limit for limit in limits if limit is not None), default=None)


def _read_quota(file: Path) -> float | None:
    try:
        quota, period = file.read_text().split()
        return int(quota) / int(period)
    except (OSError, ValueError):  # not there, or "max": no limit
        return None
