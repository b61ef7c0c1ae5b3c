"""Says whether a value follows a JSON schema; written apart from what it judges."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

FORMATS = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def follows(value: Any, schema: Any, root: Any = None) -> bool:
    root = schema if root is None else root
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema and not follows(value, _target(schema["$ref"], root), root):
        return False
    if not all(follows(value, each, root) for each in schema.get("allOf", [])):
        return False
    for word in ("anyOf", "oneOf"):
        if word in schema and not any(follows(value, each, root) for each in schema[word]):
            return False
    return (
        _has_type(value, schema.get("type"))
        and ("const" not in schema or _same(value, schema["const"]))
        and ("enum" not in schema or any(_same(value, each) for each in schema["enum"]))
        and _limits(value, schema, root)
    )


def _target(reference: str, root: Any) -> Any:
    found = root
    for part in filter(None, reference.removeprefix("#").split("/")):
        found = found[part]
    return found


def _same(left: Any, right: Any) -> bool:
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _has_type(value: Any, named: Any) -> bool:
    if isinstance(named, list):
        return any(_has_type(value, each) for each in named)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        None: True,
        "null": value is None,
        "boolean": isinstance(value, bool),
        "integer": number and value == int(value),
        "number": number,
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }[named]


def _limits(value: Any, schema: Mapping[str, Any], root: Any) -> bool:
    if isinstance(value, str):
        return _text(value, schema)
    if isinstance(value, list):
        return _array(value, schema, root)
    if isinstance(value, dict):
        return _object(value, schema, root)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (
            value >= schema.get("minimum", value)
            and value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
            and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
        )
    return True


def _text(value: str, schema: Mapping[str, Any]) -> bool:
    return (
        _has_format(value, schema.get("format"))
        and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        and re.search(schema.get("pattern", ""), value) is not None
    )


def _has_format(value: str, named: Any) -> bool:
    try:
        FORMATS.get(named, str)(value)
    except ValueError:
        return False
    return True


def _array(value: list[Any], schema: Mapping[str, Any], root: Any) -> bool:
    first = schema.get("prefixItems", [])
    return (
        schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        and all(follows(each, rule, root) for each, rule in zip(value, first, strict=False))
        and all(follows(each, schema.get("items", True), root) for each in value[len(first) :])
    )


def _object(value: dict[str, Any], schema: Mapping[str, Any], root: Any) -> bool:
    properties = schema.get("properties", {})
    extra = schema.get("additionalProperties", True)
    return set(schema.get("required", [])) <= value.keys() and all(
        follows(each, properties.get(name, extra), root) for name, each in value.items()
    )
