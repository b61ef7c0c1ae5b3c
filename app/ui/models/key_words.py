"""The keys of the registry in the user's language: a title and what they mean."""

from PySide6.QtCore import QCoreApplication

Words = tuple[str, str]


def words_of(place: tuple[str, ...]) -> Words:
    """Return title and meaning of the key at a place; a key without words speaks for itself."""
    key = ".".join(place[2:])
    table = role_words() if place[:1] == ("roles",) else model_words()
    return table.get(key, (key or ".".join(place), ""))


def role_words() -> dict[str, Words]:
    """Return title and meaning of every key of a role."""
    return {**_job(), **_limits(), **_sampling()}


def model_words() -> dict[str, Words]:
    """Return title and meaning of every key of a model."""
    return {**_loading(), **_past(), **_drafting(), **_staying()}


def family_words() -> dict[str, str]:
    """Return the kinds of tasks in words."""
    translate = QCoreApplication.translate
    return {
        "chat": translate("Roles", "conversation"),
        "facts": translate("Roles", "facts"),
        "math": translate("Roles", "calculating"),
        "code": translate("Roles", "code"),
        "structured": translate("Roles", "data in a form"),
        "rewrite": translate("Roles", "changing a text"),
        "document": translate("Roles", "looking up in a text"),
        "words": translate("Roles", "word puzzles"),
        "earlier": translate("Roles", "what was said before"),
        "known": translate("Roles", "what is known of you"),
        "tools": translate("Roles", "tools"),
        "other": translate("Roles", "anything else"),
    }


def _job() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "tier": (
            translate("Roles", "Tier"),
            translate("Roles", "How strong it is: D drafts, A answers first, then C, then B."),
        ),
        "model": (
            translate("Roles", "Model"),
            translate("Roles", "What answers in this role."),
        ),
        "gated": (
            translate("Roles", "Judge every answer"),
            translate("Roles", "By how sure the model was of each token; its engine has to tell."),
        ),
        "thinking": (
            translate("Roles", "Think before every answer"),
            translate("Roles", "Else only after a doubtful one, where the model can."),
        ),
        "families": (
            translate("Roles", "Made for"),
            translate("Roles", "Until its answers show what it is good at. None means everything."),
        ),
        "escalation": (
            translate("Roles", "Who goes on"),
            translate("Roles", "Who is asked next, and in which order."),
        ),
        "system_prompt": (
            translate("Roles", "System prompt"),
            translate("Roles", "What the model is told before every conversation."),
        ),
    }


def _limits() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "timeouts.load_s": (
            translate("Roles", "To load the model"),
            translate("Roles", "What is learned here is never longer than these limits."),
        ),
        "timeouts.first_token_s": (translate("Roles", "To the first token"), ""),
        "timeouts.stall_s": (translate("Roles", "Between two tokens"), ""),
        "timeouts.total_s": (
            translate("Roles", "For the whole answer"),
            translate("Roles", "Without loading."),
        ),
    }


def _sampling() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "sampling.temperature": (
            translate("Roles", "Temperature"),
            translate("Roles", "0 to 2; 0 always takes the likeliest token."),
        ),
        "sampling.top_p": (
            translate("Roles", "Top p"),
            translate("Roles", "Only the likeliest tokens that make up this share."),
        ),
        "sampling.top_k": (
            translate("Roles", "Top k"),
            translate("Roles", "Only so many tokens; 0 means all."),
        ),
        "sampling.min_p": (
            translate("Roles", "Min p"),
            translate("Roles", "No token below this share of the likeliest one."),
        ),
        "sampling.repeat_penalty": (
            translate("Roles", "Repeat penalty"),
            translate("Roles", "1 changes nothing."),
        ),
        "sampling.seed": (
            translate("Roles", "Seed"),
            translate("Roles", "Left empty, every answer has a new one."),
        ),
        "sampling.max_tokens": (
            translate("Roles", "Longest answer, tokens"),
            "",
        ),
        "sampling.stop": (
            translate("Roles", "Ends at"),
            translate("Roles", "Texts that end an answer, one on each line."),
        ),
    }


def _loading() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "path": (translate("Roles", "File"), ""),
        "engine": (
            translate("Roles", "Engine"),
            translate("Roles", "What runs the model."),
        ),
        "context": (
            translate("Roles", "Context, tokens"),
            translate("Roles", "How much of a conversation it can look at."),
        ),
        "sequences": (
            translate("Roles", "Answers at the same time"),
            "",
        ),
        "threads": (
            translate("Roles", "Threads"),
            translate("Roles", "0 chooses for this computer."),
        ),
        "gpu_layers": (
            translate("Roles", "Layers on the GPU"),
            translate("Roles", "-1 means as many as fit, 0 none."),
        ),
        "embeddings": (
            translate("Roles", "Only embeds"),
            translate("Roles", "It turns texts into numbers and answers nothing."),
        ),
        "llama_server.mmproj": (
            translate("Roles", "Eyes (mmproj)"),
            translate("Roles", "The file that lets the model see images."),
        ),
    }


def _past() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "batch": (
            translate("Roles", "Batch, tokens"),
            translate("Roles", "So many of a prompt are taken up at once."),
        ),
        "ubatch": (
            translate("Roles", "Micro-batch, tokens"),
            translate("Roles", "Evaluated at once; fewer let a cancelled prompt end sooner."),
        ),
        "kv_keys": (
            translate("Roles", "Type of keys (KV)"),
            translate("Roles", "The past takes less in a smaller type, and is less exact."),
        ),
        "kv_values": (
            translate("Roles", "Type of values (KV)"),
            translate("Roles", "Types other than f16 need flash attention."),
        ),
        "flash_attention": (
            translate("Roles", "Flash attention"),
            "",
        ),
    }


def _drafting() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "acceleration.speculation": (
            translate("Roles", "Draft ahead"),
            translate("Roles", "Check several tokens at once, where that pays."),
        ),
        "acceleration.draft": (
            translate("Roles", "Draft model"),
            translate("Roles", "A smaller model with the same vocabulary that writes ahead."),
        ),
        "llama_server.profile": (
            translate("Roles", "Who drafts"),
            translate("Roles", "Inside a llama-server."),
        ),
    }


def _staying() -> dict[str, Words]:
    translate = QCoreApplication.translate
    return {
        "residency.pinned": (
            translate("Roles", "Stays in memory"),
            translate("Roles", "Or makes room for others when they are needed."),
        ),
        "residency.minimum_s": (
            translate("Roles", "Stays at least, seconds"),
            translate("Roles", "After its load; left empty, the setting counts."),
        ),
        "load_anyway": (
            translate("Roles", "Load anyway"),
            translate("Roles", "Also where it does not fit into memory."),
        ),
    }
