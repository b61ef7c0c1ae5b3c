"""Jinja for templates nobody has read: a small vocabulary, and a budget of steps and of text."""

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from jinja2 import Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MAX_TEXT: Final = 8_000_000  # characters of any text a template makes
MAX_STEPS: Final = 500_000  # loop rounds and calls of one rendering
MAX_RANGE: Final = 10_000

FILTERS: Final = """
    abs capitalize count d default dictsort e escape first float indent int items join last
    length list lower map max min reject rejectattr replace reverse round safe select selectattr
    sort string sum title trim unique upper"""
TEXT_METHODS: Final = """
    capitalize count endswith find index isalnum isalpha isdigit isspace join lower lstrip
    removeprefix removesuffix replace rfind rsplit rstrip split splitlines startswith strip
    title upper"""
ALLOWED_METHODS: Final = frozenset(TEXT_METHODS.split())
Value = TypeVar("Value")


class Refusal(TemplateError):
    """The template called raise_exception."""


class _Bounded(NodeTransformer):
    """Sends every loop and every joining of text through a counting filter."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        if node.recursive:
            raise SecurityError("recursive loops are not supported")
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "bounded", [], [], None, None)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), "glued", [], [], None, None)


class _Generation(Extension):
    """Marks what an assistant says, for training; here it only lets its content through."""

    tags = {"generation"}  # noqa: RUF012 - as the base class declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the content."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without anything that could cost more than the budget."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            extensions=[LoopControlExtension, _Generation],
        )
        self.steps_left = MAX_STEPS
        allowed = {name: self.filters[name] for name in FILTERS.split()}
        allowed["replace"] = _replace
        allowed["indent"] = _indent
        allowed["join"] = _join
        self.filters = {name: _sized(function) for name, function in allowed.items()}
        self.filters["tojson"] = _sized(_tojson)
        self.filters["bounded"] = self._bounded
        self.filters["glued"] = _sized(lambda parts: "".join(map(str, parts)))
        self.globals = {
            "range": _range,
            "namespace": self.globals["namespace"],
            "dict": self.globals["dict"],
            "raise_exception": _raise_exception,
            "strftime_now": _strftime_now,
        }

    def compiled(self, source: str) -> Template:
        """Return the template with every loop on the budget."""
        return self.from_string(_Bounded().visit(self.parse(source)))

    def spend(self) -> None:
        """Count one step."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise SecurityError("the template takes too many steps")

    def _bounded(self, values: Iterable[object]) -> Iterator[object]:
        for value in values:
            self.spend()
            yield value

    def call(
        self, context: Context, function: Callable[..., object], *args: object, **kwargs: object
    ) -> object:
        """Call a function of the template's world: counted, and sized."""
        self.spend()
        owner = getattr(function, "__self__", None)
        if isinstance(owner, str):
            _check_growth(owner, function.__name__, args)
        return _within(super().call(context, function, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Compute `left operator right` when the result is sure to be small."""
        self.spend()
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "+" or (numbers and operator != "**"):
            return _within(super().call_binop(context, operator, left, right))
        if operator == "*" and {type(left), type(right)} == {str, int}:
            text, times = (left, right) if isinstance(left, str) else (right, left)
            check_length(len(str(text)) * int(str(times)))
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"'{operator}' is not supported between these values")

    def wrap_str_format(self, value: object) -> None:
        """Refuse `str.format`: the width of a field can be anything."""
        if super().wrap_str_format(value) is not None:
            raise SecurityError("formatting text is not supported")

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Allow only the methods of text that cannot blow it up."""
        if isinstance(obj, str) and attr not in ALLOWED_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)


def check_length(length: int) -> None:
    """Refuse text nobody needs.

    Raises:
        SecurityError: it is too long.
    """
    if length > MAX_TEXT:
        raise SecurityError("the template makes too much text")


def _within(value: Value) -> Value:
    if isinstance(value, str | list | tuple):
        check_length(len(value))
    return value


def _check_growth(text: str, method: str, args: Sequence[object]) -> None:
    if method == "replace" and len(args) >= 2:
        check_length(len(text) + (text.count(str(args[0])) + 1) * len(str(args[1])))
    if method == "join" and args and isinstance(args[0], list | tuple):
        check_length(len(text) * len(args[0]) + sum(len(str(each)) for each in args[0]))


def _sized(function: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(function)
    def measured(*args: object, **kwargs: object) -> object:
        return _within(function(*args, **kwargs))

    return measured


def _replace(text: object, old: str, new: str, count: int = -1) -> str:
    _check_growth(str(text), "replace", (old, new))
    return str(text).replace(old, new, count)


def _join(values: Iterable[object], d: object = "", attribute: str | None = None) -> str:
    texts = [
        str(each[attribute] if isinstance(each, Mapping) and attribute else each) for each in values
    ]
    _check_growth(str(d), "join", (texts,))
    return str(d).join(texts)


def _indent(text: object, width: int = 4, first: bool = False) -> str:
    lines = str(text).split("\n")
    check_length(len(str(text)) + len(lines) * min(width, MAX_TEXT + 1))
    pad = " " * width
    return (pad if first else "") + f"\n{pad}".join(lines)


def _tojson(value: object, indent: int | None = None, ensure_ascii: bool = False) -> str:
    if isinstance(value, Undefined):
        raise SecurityError("there is no value to write as JSON")
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=min(indent, 8) if indent else None)


def _range(*bounds: int) -> range:
    values = range(*bounds)
    if len(values) > MAX_RANGE:
        raise SecurityError("a range in the template is too long")
    return values


def _raise_exception(message: object) -> None:
    raise Refusal(str(message)[:500])


def _strftime_now(form: str) -> str:
    if re.search(r"%[^a-zA-Z%-]", form) or len(form) > 100:
        raise SecurityError("a date format in the template is not supported")
    return datetime.now().astimezone().strftime(form)
