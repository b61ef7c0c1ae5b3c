"""Where a value does not fit a JSON schema, in words. What is not known of a schema is not judged.

Checked are the words that models are given and break: types, names, lists, choices and limits.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
DEEPEST: Final = 40

_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    ),
}


def mismatch(value: object, schema: Schema, place: str = "the value", depth: int = 0) -> str:
    """Return where and how a value does not fit, or ''.

    Args:
        value: as parsed from JSON.
        schema: a JSON schema.
        place: how the value is called in the words.
        depth: how far inside it lies; what lies very deep is not looked at.
    """
    if depth > DEEPEST or not isinstance(schema, Mapping):
        return ""
    checks = (_type, _choices, _limits, _names, _entries)
    return next((wrong for check in checks if (wrong := check(value, schema, place, depth))), "")


def _type(value: object, schema: Schema, place: str, _depth: int) -> str:
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, list) or not all(
        isinstance(name, str) and name in _TYPES for name in names
    ):
        return ""
    try:
        fits = any(_TYPES[name](value) for name in names)
    except (OverflowError, ValueError):  # infinity and the like are no integers
        fits = False
    return "" if fits else f"{place} is no {' or '.join(names)}"


def _choices(value: object, schema: Schema, place: str, _depth: int) -> str:
    if "const" in schema and value != schema["const"]:
        return f"{place} is not {schema['const']!r}"
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        return f"{place} is none of {allowed!r:.200}"
    return ""


def _limits(value: object, schema: Schema, place: str, _depth: int) -> str:
    if isinstance(value, bool):
        return ""
    size: float
    if isinstance(value, int | float):
        size, low, high, what = value, "minimum", "maximum", ""
    elif isinstance(value, str):
        size, low, high, what = len(value), "minLength", "maxLength", "the length of "
    elif isinstance(value, list):
        size, low, high, what = len(value), "minItems", "maxItems", "the length of "
    else:
        return ""
    least, most = schema.get(low), schema.get(high)
    if isinstance(least, int | float) and size < least:
        return f"{what}{place} is less than {least}"
    if isinstance(most, int | float) and size > most:
        return f"{what}{place} is more than {most}"
    return ""


def _names(value: object, schema: Schema, place: str, depth: int) -> str:
    if not isinstance(value, dict):
        return ""
    properties = schema.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in value:
            return f"'{name}' is missing in {place}"
    more = schema.get("additionalProperties", True)
    for name, each in value.items():
        if name in properties:
            wrong = mismatch(each, properties[name], f"'{name}'", depth + 1)
        elif more is False:
            wrong = f"'{name}' is not allowed in {place}"
        else:
            wrong = mismatch(each, more, f"'{name}'", depth + 1)
        if wrong:
            return wrong
    return ""


def _entries(value: object, schema: Schema, place: str, depth: int) -> str:
    items = schema.get("items")
    if not isinstance(value, list) or not isinstance(items, Mapping):
        return ""
    found = (
        mismatch(each, items, f"entry {at} of {place}", depth + 1)
        for at, each in enumerate(value, start=1)
    )
    return next((wrong for wrong in found if wrong), "")
