"""Writes a full registry: what the file says, in its own words, and what was measured beside it.

The text is edited in place, so comments and order stay. A simplified registry becomes a full one
with the models that the library has given it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from app.domain.models import Measured, ModelSpec, RoleSpec, Roster
from app.domain.registry import RegistryFile
from app.models.library import STARTER_PREFIX
from app.models.yaml_lines import parse

_PATHS: Final = frozenset({"path", "binary", "mmproj"})
_LEFT_OUT: Final = "# The library has no model for this role:"


@dataclass(frozen=True, slots=True)
class _Edit:
    """A piece of text in place of another one."""

    begin: int
    end: int
    text: str


def full_registry(
    text: str, roster: Roster, measured: Mapping[str, Measured], *, resources: Path
) -> str:
    """Return a full registry with everything that was measured.

    Args:
        text: the registry the roster was read from.
        roster: its roles with their models.
        measured: what is known, by model name.
        resources: where the shipped models are.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    registry = RegistryFile.model_validate(parse(text.encode()).values)
    folder = Path(roster.source).parent
    if registry.full:
        return _edited(text, [*_noted(text, root, measured), *_anchored(root, folder)])
    edits = [*_joined(text, root, roster), *_named_full(root)]
    block = _models_block(roster, measured, resources)
    edited = f"{_edited(text, edits).rstrip()}\n\n{block}"
    return edited if _is_full(edited) else f"{_beginning(text)}{_plain(registry, roster)}\n{block}"


def _edited(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, key=lambda each: each.begin, reverse=True):
        text = text[: edit.begin] + edit.text + text[edit.end :]
    return text


def _noted(text: str, root: yaml.MappingNode, measured: Mapping[str, Measured]) -> Iterator[_Edit]:
    """Yield what writes down the measurements of every model."""
    for name, model in _entries(root, "models"):
        told = measured.get(name)
        if told is not None and isinstance(model, yaml.MappingNode):
            yield _with_key(text, model, "measured", _flow(told))


def _with_key(text: str, node: yaml.MappingNode, key: str, value: str) -> _Edit:
    """Return what sets a key of a mapping, in whatever style it is written."""
    for key_node, value_node in node.value:
        if key_node.value == key:
            return _Edit(key_node.end_mark.index, _end(value_node), f": {value}")
    if node.flow_style:
        inside = text[: node.end_mark.index - 1].rstrip()
        comma = " " if inside.endswith(",") else ", " if node.value else ""
        return _Edit(len(inside), len(inside), f"{comma}{key}: {value}")
    last = _end(node)
    line_end = text.find("\n", last - 1)
    at = line_end if line_end >= 0 else len(text)
    indent = " " * node.start_mark.column
    return _Edit(at, at, f"\n{indent}{key}: {value}")


def _anchored(root: yaml.MappingNode, folder: Path) -> Iterator[_Edit]:
    """Yield what makes the paths of models lead to the same files from any other folder."""
    for _, model in _entries(root, "models"):
        for place in (model, _value(model, "llama_server")):
            if not isinstance(place, yaml.MappingNode):
                continue
            for key, value in place.value:
                if key.value in _PATHS and _is_relative(str(value.value)):
                    path = json.dumps(str(folder / value.value), ensure_ascii=False)
                    yield _Edit(value.start_mark.index, value.end_mark.index, path)


def _is_relative(path: str) -> bool:
    named = path.startswith(("~", STARTER_PREFIX))
    return bool(path) and not named and not Path(path).is_absolute()


def _joined(text: str, root: yaml.MappingNode, roster: Roster) -> Iterator[_Edit]:
    """Yield what gives every role its model, and leaves those out that have none."""
    for name, entry in _entries(root, "roles"):
        role = roster.find(name)
        if role is not None and isinstance(entry, yaml.MappingNode):
            yield _with_key(text, entry, "model", role.model.name)
        elif isinstance(entry, yaml.MappingNode) and not entry.flow_style:
            begin = text.rfind("\n", 0, text.rfind("\n", 0, entry.start_mark.index)) + 1
            lines = text[begin : _end(entry)].splitlines()
            yield _Edit(
                begin, _end(entry), "\n".join((_LEFT_OUT, *(f"# {each}" for each in lines)))
            )


def _named_full(root: yaml.MappingNode) -> Iterator[_Edit]:
    mode = _value(root, "mode")
    if mode is not None:
        yield _Edit(mode.start_mark.index, mode.end_mark.index, "full")


def _models_block(roster: Roster, measured: Mapping[str, Measured], resources: Path) -> str:
    lines = ["models:"]
    for model in {role.model.name: role.model for role in roster.roles}.values():
        lines.append(f"  {model.name}:")
        lines += [f"    {key}: {value}" for key, value in _fields(model, resources)]
        if model.name in measured:
            lines.append(f"    measured: {_flow(measured[model.name])}")
    return "\n".join(lines) + "\n"


def _fields(model: ModelSpec, resources: Path) -> Iterator[tuple[str, str]]:
    shipped = model.path.parent == resources / "models"
    path = f"{STARTER_PREFIX}{model.path.name}" if shipped else str(model.path)
    yield "path", json.dumps(path, ensure_ascii=False)
    yield "context", str(model.context)
    yield "sequences", str(model.sequences)
    if model.embeddings:
        yield "embeddings", "true"


def _plain(registry: RegistryFile, roster: Roster) -> str:
    """Return mode and roles where the text could not be edited."""
    plain = registry.model_dump(mode="json", exclude_defaults=True, exclude={"models", "mode"})
    kept: dict[str, RoleSpec] = {role.name: role for role in roster.roles}
    roles = plain.pop("roles")
    plain["roles"] = {
        name: {**entry, "model": kept[name].model.name}
        for name, entry in roles.items()
        if name in kept
    }
    return yaml.safe_dump({"mode": "full", **plain}, sort_keys=False, allow_unicode=True)


def _beginning(text: str) -> str:
    """Return the comments a file begins with."""
    lines = []
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    return "".join(lines)


def _is_full(text: str) -> bool:
    try:
        registry = RegistryFile.model_validate(parse(text.encode()).values)
    except (ValidationError, ValueError):
        return False
    return registry.full and all(role.model for role in registry.roles.values())


def _flow(measured: Measured) -> str:
    """Return measurements as they stand in a registry, on one line."""
    return _table(measured.model_dump(exclude_none=True))


def _table(fields: Mapping[Any, Any]) -> str:
    told = (
        f"{key}: {_table(value) if isinstance(value, dict) else _rounded(value)}"
        for key, value in fields.items()
    )
    return "{" + ", ".join(told) + "}"


def _rounded(value: float) -> str:
    """Return a number with three digits that count; bytes as they are."""
    return str(value) if isinstance(value, int) else f"{float(f'{value:.3g}'):g}"


def _entries(root: yaml.MappingNode, key: str) -> Iterator[tuple[str, yaml.Node]]:
    """Yield name and entry of everything in one section."""
    section = _value(root, key)
    if isinstance(section, yaml.MappingNode):
        for name, entry in section.value:
            yield str(name.value), entry


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _end(node: yaml.Node) -> int:
    """Return where the last word of a node ends; what YAML calls its end is the next word."""
    inner = node.value if isinstance(node, yaml.CollectionNode) and not node.flow_style else ()
    if not inner:
        return int(node.end_mark.index)
    last = inner[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
