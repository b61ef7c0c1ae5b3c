"""YAML with the line of every key: what a message about a mistake needs."""

from dataclasses import dataclass

import yaml

Path = tuple[str, ...]

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a file: its line (from 1) and what it is, in words."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values, and the line of every key that leads to them."""

    values: object
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of a key, or of the nearest one above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class YamlMistakes(ValueError):
    """The text is not the YAML we read; `mistakes` says where."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(mistakes[0].text)
        self.mistakes = mistakes


def parse(data: bytes) -> Document:
    """Return the values of a YAML file with their lines.

    Raises:
        YamlMistakes: it is no YAML, repeats a key, or uses anchors (which could grow without end).
    """
    if len(data) > _MAX_BYTES:
        raise YamlMistakes(Mistake(1, "the file is larger than any registry"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlMistakes(Mistake(line, "this is not text in UTF-8")) from error
    try:
        _refuse_anchors(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Path, int] = {}
        _collect(node, (), lines)
        return Document(yaml.safe_load(text), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlMistakes(
            Mistake(mark.line + 1 if mark else 1, f"this is no YAML: {error.problem}")
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, YamlMistakes):
            raise
        raise YamlMistakes(Mistake(1, "this is no YAML")) from error


def _refuse_anchors(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if getattr(event, "anchor", None):
            raise YamlMistakes(_at(event, "anchors and aliases are not used here"))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise YamlMistakes(_at(event, "this is nested too deeply"))


def _at(event: yaml.Event, text: str) -> Mistake:
    return Mistake(event.start_mark.line + 1 if event.start_mark else 1, text)


def _collect(node: yaml.Node | None, path: Path, lines: dict[Path, int]) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    for key_node, value_node in node.value:
        key = (*path, str(key_node.value))
        line = key_node.start_mark.line + 1
        if key in lines:
            raise YamlMistakes(
                Mistake(line, f"the key `{key[-1]}` stands here twice (first in line {lines[key]})")
            )
        lines[key] = line
        _collect(value_node, key, lines)
