"""What may stand in `model_registry.yaml`. Every key here takes effect; there are no others."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from app.domain.models import (
    MOST,
    CacheType,
    DraftProfile,
    FlashAttention,
    Frozen,
    Measured,
    ModelEngine,
    Sampling,
    Tier,
    Timeouts,
)
from app.domain.routing import FAMILIES

_KEY = re.compile(r"(env|keyring):\S+")
_HOST_PORT = re.compile(r"[^\s:/]+:\d{1,5}")


class Acceleration(Frozen):
    """How answers are made faster without changing them.

    `speculation`: draft tokens and verify several at once, where that pays on this computer.
    `draft`: `auto` (the model of the first drafting role), `none`, or the name of a model here.
    """

    speculation: bool = True
    draft: str = Field("auto", min_length=1)


class ResidencyEntry(Frozen):
    """When a model leaves memory for others.

    `pinned`: never (true), or like the others (false); left out, tiers A and D never do.
    `minimum_s`: so long it stays after its load at least; left out, the setting counts, and no
    longer than the load took.
    """

    pinned: bool | None = None
    minimum_s: float | None = Field(None, ge=0, le=600)


class LlamaServerEntry(Frozen):
    """What a model with `engine: llama-server` may say; paths may begin with `~`."""

    binary: str = ""
    profile: DraftProfile = "auto"
    mmproj: str = ""
    rpc: tuple[str, ...] = ()

    @field_validator("rpc")
    @classmethod
    def _addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_HOST_PORT.fullmatch(each) for each in given):
            raise ValueError("every worker is written as host:port")
        return given


class RemoteEntry(Frozen):
    """Where a model with `engine: remote` is; `key` is `env:NAME` or `keyring:NAME`."""

    url: str
    model: str = ""
    key: str = ""
    vision: bool = False

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write the whole address, such as http://computer:8000/v1")
        if parts.username or parts.password:
            raise ValueError("a key does not stand in the address; use `key`")
        return given.rstrip("/")

    @field_validator("key")
    @classmethod
    def _key_is_named(cls, given: str) -> str:
        if given and not _KEY.fullmatch(given):
            raise ValueError("name where the key lies, env:NAME or keyring:NAME, never the key")
        return given


class ModelEntry(Frozen):
    """A model and how it is run; `path` may begin with `~` or `starter:`, a remote has none.

    `batch`, `ubatch`: tokens of a prompt that are taken up, and evaluated, at once. `kv_keys`,
    `kv_values`: in which form the past is kept; values other than f16 need flash attention.
    """

    engine: ModelEngine = "runner"
    path: str = ""
    context: int = Field(4096, ge=64, le=MOST)
    sequences: int = Field(2, ge=1, le=64)
    threads: int = Field(0, ge=0, le=1024)
    gpu_layers: int = Field(-1, ge=-1, le=MOST)
    batch: int = Field(512, ge=1, le=65536)
    ubatch: int = Field(256, ge=1, le=65536)
    kv_keys: CacheType = "f16"
    kv_values: CacheType = "f16"
    flash_attention: FlashAttention = "auto"
    embeddings: bool = False
    load_anyway: bool = False
    acceleration: Acceleration = Acceleration()
    residency: ResidencyEntry = Field(default_factory=lambda: ResidencyEntry.model_validate({}))
    measured: Measured | None = None
    llama_server: LlamaServerEntry | None = None
    remote: RemoteEntry | None = None

    @field_validator("flash_attention", mode="before")
    @classmethod
    def _as_written(cls, given: object) -> object:
        """Take back what YAML makes of the words on and off."""
        return {True: "on", False: "off"}[given] if isinstance(given, bool) else given


class RoleEntry(Frozen):
    """A job: its tier, and in a full registry the name of its model.

    `gated`: answers are judged by the log-probability of every token. `thinking`: it thinks before
    every answer, where the model can be told to; else only when an answer was doubtful. `families`:
    the kinds of tasks it is made for; empty means all. `escalation`: the roles that go on after it,
    in this order; left out, whoever is likelier right and worth the time; empty, nobody.
    """

    tier: Tier
    model: str = ""
    sampling: Sampling = Field(default_factory=lambda: Sampling.model_validate({}))
    timeouts: Timeouts = Field(default_factory=lambda: Timeouts.model_validate({}))
    system_prompt: str = ""
    gated: bool = False
    thinking: bool = False
    families: tuple[str, ...] = ()
    escalation: tuple[str, ...] | None = None

    @field_validator("families")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        unknown = next((each for each in given if each not in FAMILIES), None)
        if unknown is not None:
            raise ValueError(f"`{unknown}` is no kind of task; there are {', '.join(FAMILIES)}")
        return given


class RegistryFile(Frozen):
    """The whole file: `full` names its models, `simplified` takes them from the library."""

    mode: Literal["full", "simplified"] | None = None
    models: dict[str, ModelEntry] = Field(default_factory=dict)
    roles: dict[str, RoleEntry] = Field(min_length=1)
    default_role: str = ""

    @property
    def full(self) -> bool:
        """Whether the file names its own models."""
        return self.mode == "full" if self.mode else bool(self.models)
