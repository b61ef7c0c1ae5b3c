"""The command line of a llama-server: every value explicit, by what the build knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import EngineUnfit
from app.domain.models import ModelSpec
from app.engines.launch import default_threads
from app.engines.llama_server.builds import Build

Profile = Literal["plain", "draft", "ngram", "mtp"]

KEY_VARIABLE = "LLAMA_API_KEY"
HOST = "127.0.0.1"
# Without these a server cannot be led: no identity, no key, no truth about its slots.
NEEDED = (
    "--model", "--alias", "--host", "--port", "--ctx-size", "--parallel", "--threads",
    "--batch-size", "--ubatch-size", "--api-key", "--metrics",
)  # fmt: skip
# Said where they are known; where they are not, they did not exist, and neither did what they stop.
# The first name that is known is used.
WISHED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--slots",), ""),
    (("--kv-unified",), ""),  # all conversations share one cache, as in the runner
    (("--no-ui", "--no-webui"), ""),
    (("--offline",), ""),
    (("--jinja",), ""),
    (("--no-context-shift",), ""),
    (("--cache-ram",), "256"),
    (("--ctx-checkpoints",), "8"),
    (("--poll",), "0"),
    (("--threads-batch",), "{threads}"),
    (("--reasoning-format",), "auto"),
)
DRAFT_TOKENS, DRAFT_SURE = "7", "0.6"
MTP_TOKENS = "3"
NGRAM_MATCH, NGRAM_TOKENS = "8", "15"
# What a profile is called among the values of --spec-type.
KINDS = {"draft": "draft-simple", "ngram": "ngram-map-k", "mtp": "draft-mtp"}
NAMES = {"draft": "a draft model", "ngram": "earlier text", "mtp": "multi-token prediction"}
_NEWER = "Update llama.cpp, or let `make llama-server` build it, then start again."


@dataclass(frozen=True, slots=True)
class Choice:
    """A launch profile, and why it is not the one that was wished for."""

    profile: Profile
    note: str = ""


def choose(model: ModelSpec, build: Build) -> Choice:
    """Return how a model drafts on this build."""
    profile = model.llama_server.profile
    if not model.speculation or model.embeddings:
        return Choice("plain")
    if model.gated:
        return Choice(
            "plain",
            "It runs without speculation: its answers are judged by the log-probability of every "
            "token, and a llama-server that speculates does not tell them.",
        )
    wish: Profile = _automatic(model, build) if profile == "auto" else profile
    if wish == "draft" and model.draft is None:
        return Choice("plain", "It runs without speculation: no draft model is named.")
    if wish == "plain" or build.knows("--spec-type", KINDS[wish]):
        return Choice(wish)
    return Choice(
        "plain",
        f"It runs without speculation: llama-server {build.version} does not draft by "
        f"{NAMES[wish]} in a way this program knows. A newer one may.",
    )


def _automatic(model: ModelSpec, build: Build) -> Profile:
    if model.draft is not None and build.knows("--spec-type", KINDS["draft"]):
        return "draft"
    return "ngram" if build.knows("--spec-type", KINDS["ngram"]) else "plain"


def arguments(model: ModelSpec, build: Build, choice: Choice, alias: str, port: int) -> list[str]:
    """Return everything after the program's name.

    Raises:
        EngineUnfit: the build lacks an option that is needed.
    """
    _require(model, build)
    threads = str(model.threads or default_threads())
    shared = build.knows("--kv-unified")
    cells = model.context if shared else model.context * model.sequences
    command = [
        "--model", str(model.path.absolute()), "--alias", alias,
        "--host", HOST, "--port", str(port),
        "--ctx-size", str(cells), "--parallel", str(model.sequences),
        "--threads", threads, "--batch-size", str(model.batch),
        "--ubatch-size", str(min(model.ubatch, model.batch)),
        "--metrics",
    ]  # fmt: skip
    for names, value in WISHED:
        known = next((name for name in names if build.knows(name)), None)
        if known is not None:
            command += [known, value.format(threads=threads)] if value else [known]
    return [*command, *_devices(model, build), *_kind(model), *_drafting(model, choice, build)]


def _require(model: ModelSpec, build: Build) -> None:
    needed = list(NEEDED)
    needed += ["--embeddings"] if model.embeddings else []
    needed += ["--mmproj"] if model.llama_server.mmproj else []
    needed += [option for option, kind in _cache(model) if kind != "f16"]
    missing = [option for option in needed if not build.knows(option)]
    if not build.knows("--api-key", KEY_VARIABLE):
        missing.append(f"--api-key from {KEY_VARIABLE}")
    if missing:
        raise EngineUnfit(
            f"The llama-server {build.binary} ({build.version}) is too old: it does not know "
            f"{', '.join(missing)}.",
            remedy=_NEWER,
        )
    if model.llama_server.rpc and not build.knows("--rpc"):
        raise EngineUnfit(
            f"The llama-server {build.binary} ({build.version}) was built without RPC, so no other "
            "computer can carry layers.",
            remedy="Build llama.cpp with -DGGML_RPC=ON, or take `rpc` out of the model registry.",
        )


def _devices(model: ModelSpec, build: Build) -> Iterator[str]:
    if build.knows("--n-gpu-layers"):
        # Where the server can choose by itself it says so in its help; older ones take all.
        free = "auto" if build.knows("--n-gpu-layers", "'auto'") else "999"
        yield from ("--n-gpu-layers", str(model.gpu_layers) if model.gpu_layers >= 0 else free)
    if build.knows("--flash-attn", "auto"):  # in older builds it takes no value
        yield from ("--flash-attn", _flash_attention(model))
    elif _flash_attention(model) == "on" and build.knows("--flash-attn"):
        yield "--flash-attn"
    for option, kind in _cache(model):
        if build.knows(option):
            yield from (option, kind)
    if build.knows("--fit"):  # it changes what was left open: here the layers, or nothing
        yield from ("--fit", "on" if model.gpu_layers < 0 else "off")
    if model.llama_server.rpc:
        yield from ("--rpc", ",".join(model.llama_server.rpc))


def _flash_attention(model: ModelSpec) -> str:
    """Return how attention is computed; values in a smaller form need flash attention."""
    needed = model.kv_values != "f16" and model.flash_attention == "auto"
    return "on" if needed else model.flash_attention


def _cache(model: ModelSpec) -> tuple[tuple[str, str], ...]:
    return ("--cache-type-k", model.kv_keys), ("--cache-type-v", model.kv_values)


def _kind(model: ModelSpec) -> Iterator[str]:
    if model.embeddings:
        yield "--embeddings"
    if model.llama_server.mmproj is not None:
        yield from ("--mmproj", str(model.llama_server.mmproj.absolute()))


def _drafting(model: ModelSpec, choice: Choice, build: Build) -> Iterator[str]:
    """Yield the drafting options with every value that llama.cpp's versions changed in silence."""
    if choice.profile == "plain":
        yield from ("--spec-type", "none") if build.knows("--spec-type", "none") else ()
        return
    kinds = [KINDS[choice.profile]]
    if choice.profile == "draft" and build.knows("--spec-type", KINDS["ngram"]):
        kinds.insert(0, KINDS["ngram"])  # the draft model helps where earlier text has nothing
    yield from ("--spec-type", ",".join(kinds))
    if KINDS["ngram"] in kinds:
        yield from ("--spec-ngram-map-k-size-n", NGRAM_MATCH)
        yield from ("--spec-ngram-map-k-size-m", NGRAM_TOKENS)
    if choice.profile == "mtp":
        yield from ("--spec-draft-n-max", MTP_TOKENS)
    if choice.profile == "draft" and model.draft is not None:
        yield from ("--spec-draft-model", str(model.draft.absolute()))
        yield from ("--spec-draft-n-max", DRAFT_TOKENS, "--spec-draft-n-min", "0")
        yield from ("--spec-draft-p-min", DRAFT_SURE)
