"""What can be done about an end, as data: a change of the registry, or something to choose."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from pydantic import Field

from app.domain.models import CacheType, Frozen, ModelSpec

_LEAST_CONTEXT: Final = 512
_FEWER: Final = 3 / 4

# The next smaller type of keys and values.
_SMALLER: Final[dict[CacheType, CacheType]] = {"f16": "q8_0", "q8_0": "q4_0"}

Change = dict[str, int | str | bool | dict[str, str | bool]]


class Action(StrEnum):
    """Kinds of remedies."""

    SMALLER_CONTEXT = "smaller context"
    OTHER_KV = "other keys and values"
    PLAIN_KV = "plain keys and values"
    FEWER_LAYERS = "fewer layers on the graphics device"
    CPU_ONLY = "no graphics device"
    OTHER_BUILD = "other build"
    OTHER_QUANTISATION = "other quantisation"
    OTHER_FILE = "other file"
    NO_DRAFT = "no drafting"
    NO_EYES = "no images"
    FREE_MEMORY = "free memory"
    AGAIN = "again"


class Remedy(Frozen):
    """One way out. `change` are keys of the model in the registry with their new values.

    `choose` names what a person has to pick where a change alone does not do it.
    """

    action: Action
    words: str
    change: Change = Field(default_factory=dict)
    choose: str = ""


def remedy(action: Action, model: ModelSpec, layers: int = 0) -> Remedy | None:
    """Return a remedy for a model, or None where it would change nothing.

    Args:
        action: what kind.
        model: how it was loaded.
        layers: how many it has, if that is known.
    """
    return _MAKERS[action](model, layers)


def _smaller_context(model: ModelSpec, _layers: int) -> Remedy | None:
    if model.context <= _LEAST_CONTEXT:
        return None
    smaller = max(_LEAST_CONTEXT, model.context // 2)
    words = f"Load it with a context of {smaller:,} tokens instead of {model.context:,}."
    return Remedy(action=Action.SMALLER_CONTEXT, words=words, change={"context": smaller})


def _other_kv(model: ModelSpec, _layers: int) -> Remedy | None:
    smaller = _SMALLER.get(model.kv_values)
    if smaller is None:
        return None
    words = f"Keep keys and values as {smaller} instead of {model.kv_values}: about half the bytes."
    # Values in a smaller type can only be read by flash attention.
    change: Change = {"kv_keys": smaller, "kv_values": smaller, "flash_attention": "auto"}
    return Remedy(action=Action.OTHER_KV, words=words, change=change)


def _plain_kv(model: ModelSpec, _layers: int) -> Remedy | None:
    if model.kv_values == "f16":
        return None
    words = f"Keep values as f16 instead of {model.kv_values}."
    return Remedy(action=Action.PLAIN_KV, words=words, change={"kv_values": "f16"})


def _fewer_layers(model: ModelSpec, layers: int) -> Remedy | None:
    now = model.gpu_layers if model.gpu_layers >= 0 else layers
    fewer = int(now * _FEWER)
    if not fewer:
        return None
    words = f"Put {fewer} layers onto the graphics device instead of {now}."
    return Remedy(action=Action.FEWER_LAYERS, words=words, change={"gpu_layers": fewer})


def _cpu_only(model: ModelSpec, _layers: int) -> Remedy | None:
    if model.gpu_layers == 0:
        return None
    words = "Keep it off the graphics device; it is slower, but it runs."
    return Remedy(action=Action.CPU_ONLY, words=words, change={"gpu_layers": 0})


def _no_draft(model: ModelSpec, _layers: int) -> Remedy | None:
    if not model.speculation:
        return None
    if model.draft is not None:
        words = "Load it without the model that drafts for it."
        change: Change = {"acceleration": {"draft": "none"}}
    else:
        words = "Load it without drafting."
        change = {"acceleration": {"speculation": False}}
    return Remedy(action=Action.NO_DRAFT, words=words, change=change)


def _no_eyes(model: ModelSpec, _layers: int) -> Remedy | None:
    if model.llama_server.mmproj is None:
        return None
    words = "Load it without the file that lets it see."
    return Remedy(action=Action.NO_EYES, words=words, change={"llama_server": {"mmproj": ""}})


def _chosen(action: Action, choose: str, words: str) -> Callable[[ModelSpec, int], Remedy]:
    found = Remedy(action=action, words=words, choose=choose)
    return lambda _model, _layers: found


_MAKERS: Final[dict[Action, Callable[[ModelSpec, int], Remedy | None]]] = {
    Action.SMALLER_CONTEXT: _smaller_context,
    Action.FEWER_LAYERS: _fewer_layers,
    Action.CPU_ONLY: _cpu_only,
    Action.NO_DRAFT: _no_draft,
    Action.NO_EYES: _no_eyes,
    Action.OTHER_KV: _other_kv,
    Action.PLAIN_KV: _plain_kv,
    Action.OTHER_BUILD: _chosen(
        Action.OTHER_BUILD, "build", "Take another build of the engine: a newer one, or the last."
    ),
    Action.OTHER_QUANTISATION: _chosen(
        Action.OTHER_QUANTISATION, "quantisation", "Take a smaller quantisation of this model."
    ),
    Action.OTHER_FILE: _chosen(
        Action.OTHER_FILE, "file", "Have the file verified, and download it again if it is damaged."
    ),
    Action.FREE_MEMORY: _chosen(Action.FREE_MEMORY, "", "Close other programs, then try again."),
    Action.AGAIN: _chosen(Action.AGAIN, "", "Try again; the engine is started anew."),
}
