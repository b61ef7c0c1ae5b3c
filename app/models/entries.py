"""What the keys of one model in the registry may not say together."""

from collections.abc import Iterator

from app.domain.models import ModelEngine
from app.domain.registry import ModelEntry

Place = tuple[str, ...]

# Keys about a process of this computer; on a remote model they would do nothing.
_LOCAL_KEYS = (
    "path", "threads", "gpu_layers", "batch", "ubatch", "kv_keys", "kv_values",
    "flash_attention", "acceleration", "load_anyway",
)  # fmt: skip
_GROUPS: dict[str, ModelEngine] = {"llama_server": "llama-server", "remote": "remote"}


def entry_mistakes(name: str, entry: ModelEntry) -> Iterator[tuple[Place, str]]:
    """Yield what does not fit the entry's engine: the place of the key, and words for it."""
    place: Place = ("models", name)
    for group, engine in _GROUPS.items():
        if getattr(entry, group) is not None and entry.engine != engine:
            yield (*place, group), f"`{group}` is for models with `engine: {engine}`"
    if entry.engine == "remote":
        yield from _remote_mistakes(place, entry)
    elif not entry.path:
        yield place, f"the key `path` is missing in `{'.'.join(place)}`"
    if entry.flash_attention == "off" and entry.kv_values != "f16":
        told = "values other than f16 need flash attention, and `flash_attention` is off"
        yield (*place, "kv_values"), told


def _remote_mistakes(place: Place, entry: ModelEntry) -> Iterator[tuple[Place, str]]:
    if entry.remote is None:
        yield (
            place,
            f"the key `remote` is missing in `{'.'.join(place)}`; it needs at least a `url`",
        )
    for key in _LOCAL_KEYS:
        if key in entry.model_fields_set:
            yield (*place, key), f"`{key}` has no effect on a remote model"
