"""The settings' titles and descriptions in the user's language.

The domain says them in English; here they stand once more, where the translators' tools find them.
"""

from PySide6.QtCore import QCoreApplication

from app.domain.settings import Settings


def words_for(name: str) -> tuple[str, str]:
    """Return title and description of a setting."""
    field = Settings.model_fields[name]
    return translated().get(name) or (field.title or name, field.description or "")


def translated() -> dict[str, tuple[str, str]]:
    """Return title and description of every setting whose words can be translated."""
    return {
        **_general(),
        **_memory(),
        **_learning(),
        **_remembering(),
        **_downloads(),
        **_engines(),
    }


def _general() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "mock_mode": (
            translate("Settings", "Mock mode"),
            translate("Settings", "Answer from scripted engines; no model is needed."),
        ),
        "local_only": (
            translate("Settings", "Local only"),
            translate("Settings", "Forbid every connection that leaves this computer."),
        ),
        "registry": (
            translate("Settings", "Model registry"),
            translate("Settings", "Another model_registry.yaml than the default one."),
        ),
        "data_dir": (
            translate("Settings", "Data folder"),
            translate("Settings", "Where chats and settings are kept."),
        ),
        "theme": (
            translate("Settings", "Theme"),
            translate("Settings", "Light, dark, or as the system says."),
        ),
        "role": (
            translate("Settings", "Role"),
            translate("Settings", "The role that answers; empty leaves the choice to Echelon."),
        ),
        "balance": (
            translate("Settings", "Balance"),
            translate("Settings", "0 answers as fast as possible, 1 as well as possible."),
        ),
        "threads": (
            translate("Settings", "Threads"),
            translate("Settings", "Threads per engine; 0 chooses for this computer."),
        ),
    }


def _memory() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "memory_budget_mb": (
            translate("Settings", "Memory budget"),
            translate(
                "Settings",
                "Megabytes for all models together; 0 takes most of this computer's memory.",
            ),
        ),
        "minimum_residency_s": (
            translate("Settings", "Minimum residency"),
            translate("Settings", "Seconds a model that was just loaded stays in memory, at most."),
        ),
        "load_anyway": (
            translate("Settings", "Load anyway"),
            translate("Settings", "Load models also where they do not fit into memory."),
        ),
    }


def _learning() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "idle_after_s": (
            translate("Settings", "Quiet time"),
            translate(
                "Settings",
                "Seconds without anybody after which Echelon checks its own answers, on mains "
                "power; 0 never does.",
            ),
        ),
        "explore": (
            translate("Settings", "Exploration"),
            translate(
                "Settings",
                "Share of questions that begin with another role than the best, to learn.",
            ),
        ),
    }


def _remembering() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "memory": (
            translate("Settings", "Memory"),
            translate(
                "Settings",
                "Keep what chats tell, and recall it where it matters, as far as each chat allows.",
            ),
        ),
        "memory_scope": (
            translate("Settings", "Memory of new chats"),
            translate(
                "Settings",
                "How far the memory of a chat reaches until the chat says otherwise.",
            ),
        ),
        "memory_tokens": (
            translate("Settings", "Recall budget"),
            translate(
                "Settings",
                "Tokens of memories a question may bring along; never more than an eighth of a "
                "model's window.",
            ),
        ),
        "learn_facts": (
            translate("Settings", "Learn facts"),
            translate("Settings", "Learn facts at quiet times from what you said in chats."),
        ),
    }


def _engines() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "release_api": (
            translate("Settings", "Release listing"),
            translate(
                "Settings",
                "Where engine builds are listed; a mirror of GitHub's interface can stand in.",
            ),
        ),
        "wheel_index": (
            translate("Settings", "Library index"),
            translate(
                "Settings",
                "Where libraries for graphics devices are listed; a mirror can stand in.",
            ),
        ),
        "log_level": (
            translate("Settings", "Log level"),
            translate("Settings", "How much the log file holds."),
        ),
    }


def _downloads() -> dict[str, tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        "hub": (
            translate("Settings", "Model hub"),
            translate(
                "Settings", "The address of a mirror; empty takes HF_ENDPOINT, or huggingface.co."
            ),
        ),
        "downloads_at_once": (
            translate("Settings", "Parallel downloads"),
            translate("Settings", "How many downloads run at the same time; the others wait."),
        ),
        "download_limit_mb": (
            translate("Settings", "Download limit"),
            translate("Settings", "Megabytes a second for all downloads together; 0 for no limit."),
        ),
    }
