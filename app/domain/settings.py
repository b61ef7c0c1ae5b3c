"""What a user can set from outside: `ORCHESTRATOR_*` in the environment or in `.env`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from app.domain.models import Frozen


class Settings(Frozen):
    """All settings; the settings page of the window is made from these fields."""

    mock_mode: bool = Field(
        False, title="Mock mode", description="Answer from scripted engines; no model is needed."
    )
    local_only: bool = Field(
        False, title="Local only", description="Forbid every connection that leaves this computer."
    )
    registry: Path | None = Field(
        None,
        title="Model registry",
        description="Another model_registry.yaml than the default one.",
    )
    data_dir: Path | None = Field(
        None, title="Data folder", description="Where chats and settings are kept."
    )
    theme: Literal["system", "light", "dark"] = Field(
        "system", title="Theme", description="Light, dark, or as the system says."
    )
    role: str = Field(
        "", title="Role", description="The role that answers; empty leaves the choice to Echelon."
    )
    balance: float = Field(
        0.5,
        ge=0,
        le=1,
        title="Balance",
        description="0 answers as fast as possible, 1 as well as possible.",
    )
    threads: int = Field(
        0,
        ge=0,
        le=1024,
        title="Threads",
        description="Threads per engine; 0 chooses for this computer.",
    )
    memory_budget_mb: int = Field(
        0,
        ge=0,
        title="Memory budget",
        description="Megabytes for all models together; 0 takes most of this computer's memory.",
    )
    minimum_residency_s: float = Field(
        20.0,
        ge=0,
        title="Minimum residency",
        description="Seconds a model that was just loaded stays in memory, at most.",
    )
    load_anyway: bool = Field(
        False,
        title="Load anyway",
        description="Load models also where they do not fit into memory.",
    )
    idle_after_s: float = Field(
        60.0,
        ge=0,
        title="Quiet time",
        description=(
            "Seconds without anybody after which Echelon checks its own answers, on mains power; "
            "0 never does."
        ),
    )
    explore: float = Field(
        0.0,
        ge=0,
        le=0.03,
        title="Exploration",
        description="Share of questions that begin with another role than the best, to learn.",
    )
    memory: bool = Field(
        True,
        title="Memory",
        description="Keep what chats tell, and recall it where it matters, as far as each chat "
        "allows.",
    )
    memory_scope: Literal["off", "chat", "everywhere"] = Field(
        "everywhere",
        title="Memory of new chats",
        description="How far the memory of a chat reaches until the chat says otherwise.",
    )
    memory_tokens: int = Field(
        400,
        ge=0,
        le=8192,
        title="Recall budget",
        description="Tokens of memories a question may bring along; never more than an eighth of "
        "a model's window.",
    )
    learn_facts: bool = Field(
        True,
        title="Learn facts",
        description="Learn facts at quiet times from what you said in chats.",
    )
    hub: str = Field(
        "",
        title="Model hub",
        description="The address of a mirror; empty takes HF_ENDPOINT, or huggingface.co.",
    )
    downloads_at_once: int = Field(
        1,
        ge=1,
        le=8,
        title="Parallel downloads",
        description="How many downloads run at the same time; the others wait.",
    )
    download_limit_mb: float = Field(
        0.0,
        ge=0,
        title="Download limit",
        description="Megabytes a second for all downloads together; 0 for no limit.",
    )
    release_api: str = Field(
        "https://api.github.com",
        pattern=r"https?://\S+",
        title="Release listing",
        description="Where engine builds are listed; a mirror of GitHub's interface can stand in.",
    )
    wheel_index: str = Field(
        "https://abetlen.github.io/llama-cpp-python/whl",
        pattern=r"https?://\S+",
        title="Library index",
        description="Where libraries for graphics devices are listed; a mirror can stand in.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", title="Log level", description="How much the log file holds."
    )
