"""Tiers, roles and models as the rest of the program knows them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Tier(StrEnum):
    """A front door, B experts, C workers, D draft and embedding; capability rises D < A < C < B."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Frozen(BaseModel):
    """Base of plain data: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sampling(Frozen):
    """How the next token is chosen; `None` seed means a new one for every answer."""

    temperature: float = Field(0.7, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    top_k: int = Field(40, ge=0)
    min_p: float = Field(0.05, ge=0, le=1)
    repeat_penalty: float = Field(1.0, gt=0, le=2)
    seed: int | None = Field(None, ge=0)
    max_tokens: int = Field(1024, ge=1)
    stop: tuple[str, ...] = ()


# Timers cannot count further than some weeks.
LONGEST_S: Final = 1_000_000.0
# What a C library counts tokens and layers with.
MOST: Final = 1 << 30


class Timeouts(Frozen):
    """Limits in seconds: until the model is loaded, until the first token, between tokens, in all.

    `total_s` counts from the question to the last token, without loading.
    """

    load_s: float = Field(120.0, gt=0, le=LONGEST_S)
    first_token_s: float = Field(120.0, gt=0, le=LONGEST_S)
    stall_s: float = Field(30.0, gt=0, le=LONGEST_S)
    total_s: float = Field(3600.0, gt=0, le=LONGEST_S)


EngineKind = Literal["runner", "mock"]
# Who runs a model: our own child process, a llama-server the user has, or another computer.
ModelEngine = Literal["runner", "llama-server", "remote"]
# Who drafts inside a llama-server: `auto` means the draft model if one is named, else earlier text.
DraftProfile = Literal["auto", "draft", "ngram", "mtp"]


# In which form keys and values of the past are kept: the smaller, the less exact.
CacheType = Literal["f16", "q8_0", "q4_0"]
# How attention is computed: `auto` is the engine's choice.
FlashAttention = Literal["auto", "on", "off"]


class LlamaServerOptions(Frozen):
    """How a llama-server is launched, beyond what every model says.

    `binary` is the program or the folder of a build (None: searched); `mmproj` gives it eyes;
    `rpc` names computers that carry layers, as host:port.
    """

    binary: Path | None = None
    profile: DraftProfile = "auto"
    mmproj: Path | None = None
    rpc: tuple[str, ...] = ()


class RemoteOptions(Frozen):
    """Where a remote model is and how it is asked; `key` names where the key lies, never the key.

    `url` is the base of an OpenAI-style interface; an empty `model` means the only one there.
    """

    url: str = Field(min_length=1)
    model: str = ""
    key: str = ""
    vision: bool = False


_Milliseconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class VerifyingTimes(Frozen):
    """What evaluating several tokens at once takes: t(k), for so many threads.

    `milliseconds`: by the tokens of context from which on they count (0: from the beginning), and
    then by the number of tokens.
    """

    threads: int = Field(ge=1, le=1024)
    milliseconds: dict[int, dict[int, _Milliseconds]]

    @field_validator("milliseconds")
    @classmethod
    def _has_a_beginning(cls, given: dict[int, dict[int, float]]) -> dict[int, dict[int, float]]:
        if 0 not in given or not all(1 in each for each in given.values()):
            raise ValueError("it needs the times from context 0 on, each with that of 1 token")
        return given

    def __hash__(self) -> int:
        """Tables have no hash of their own; that of all they say tells them apart."""
        told = [(edge, *sorted(times.items())) for edge, times in self.milliseconds.items()]
        return hash((self.threads, *sorted(told)))


class Measured(Frozen):
    """What a model did on this computer: tokens a second, seconds to load, bytes of memory.

    `verifying` has what checking drafts takes. What is left out is not known.
    """

    prefill_tokens_s: float | None = Field(None, gt=0)
    decode_tokens_s: float | None = Field(None, gt=0)
    load_s: float | None = Field(None, ge=0)
    bytes: int | None = Field(None, gt=0)
    verifying: VerifyingTimes | None = None


class ModelSpec(Frozen):
    """One GGUF on disk and how it is loaded, or one remote model and how it is reached.

    `context` is in tokens; `threads` 0 means chosen for this machine; `gpu_layers` -1 means as
    many as fit onto the graphics devices that the engine's library can use. `batch` tokens of a
    prompt are taken up at once, `ubatch` of them are evaluated at once. `speculation` allows
    drafting; `draft` is the file of a smaller model that may write ahead. `gated` means that a
    role judges its answers by the log-probability of every token. `load_anyway` loads it also
    where it does not fit into memory. `pinned` never leaves memory for others (None: tiers A and
    D do); `minimum_s` is how long it stays after its load (None: what the settings say).
    `measured` is what was known of it before it has answered anything here.
    """

    name: str = Field(min_length=1)
    path: Path = Path()
    engine: ModelEngine = "runner"
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
    speculation: bool = True
    draft: Path | None = None
    gated: bool = False
    load_anyway: bool = False
    pinned: bool | None = None
    minimum_s: float | None = Field(None, ge=0, le=600)
    measured: Measured | None = None
    llama_server: LlamaServerOptions = LlamaServerOptions()
    remote: RemoteOptions | None = None

    def starts_like(self, other: "ModelSpec") -> bool:
        """Whether the same process serves both: they differ in nothing that it is started with."""
        return self.model_copy(update=_BESIDE_THE_PROCESS) == other.model_copy(
            update=_BESIDE_THE_PROCESS
        )

    @property
    def sees(self) -> bool:
        """Whether it is said to read images; its engine has the last word."""
        if self.engine == "remote":
            return self.remote is not None and self.remote.vision
        return self.engine == "llama-server" and self.llama_server.mmproj is not None


# What is said of a model to those around its process.
_BESIDE_THE_PROCESS: Final = {
    "load_anyway": False,
    "pinned": None,
    "minimum_s": None,
    "measured": None,
}


class RoleSpec(Frozen):
    """A job inside a tier and the model that does it."""

    name: str = Field(min_length=1)
    tier: Tier
    model: ModelSpec
    sampling: Sampling = Sampling()
    timeouts: Timeouts = Timeouts()
    system_prompt: str = ""
    gated: bool = False
    thinking: bool = False  # think before every answer, where the model can be told
    families: tuple[str, ...] = ()  # what it is made for; empty means everything
    escalation: tuple[str, ...] | None = None  # who goes on after it; None: who is worth it

    @property
    def answers(self) -> bool:
        """Whether a user can talk to this role (drafting and embedding roles only serve others)."""
        return self.tier is not Tier.D


class Roles(Protocol):
    """All roles: as they were at one moment (a `Roster`), or as they are whenever it is asked."""

    @property
    def roles(self) -> tuple[RoleSpec, ...]:
        """Everybody."""

    @property
    def default_role(self) -> str:
        """Who answers when nobody else is named."""

    @property
    def source(self) -> str:
        """Where it stands."""

    def find(self, name: str) -> RoleSpec | None:
        """Return the role of that name, or None."""

    @property
    def answering(self) -> tuple[RoleSpec, ...]:
        """The roles a user can choose."""

    @property
    def pinned(self) -> frozenset[str]:
        """The models that never leave memory for others."""


class Roster(Frozen):
    """All roles of this installation; `default_role` answers when nobody else is named."""

    roles: tuple[RoleSpec, ...]
    default_role: str
    source: str

    def find(self, name: str) -> RoleSpec | None:
        """Return the role of that name, or None."""
        return next((role for role in self.roles if role.name == name), None)

    @property
    def answering(self) -> tuple[RoleSpec, ...]:
        """The roles a user can choose."""
        return tuple(role for role in self.roles if role.answers)

    @property
    def pinned(self) -> frozenset[str]:
        """The models that never leave memory for others.

        Those that say so; of the others who answers first, and who drafts and embeds for all.
        """
        return frozenset(
            role.model.name
            for role in self.roles
            if (role.tier in {Tier.A, Tier.D} if role.model.pinned is None else role.model.pinned)
        )
