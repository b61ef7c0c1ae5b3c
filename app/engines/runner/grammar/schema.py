"""From a JSON schema to GBNF: whatever follows the grammar is valid by the schema."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.engines.runner.grammar import keywords, numbers, patterns
from app.engines.runner.grammar.keywords import Document, Json, Schema, unsupported
from app.engines.runner.grammar.patterns import literal

BLOCK: Final = 250
ENDLESS: Final = 250_000  # more than any answer has
MAX_RULES: Final = 5000
MAX_DEPTH: Final = 100
MAX_NAME: Final = 200
MAX_BOUND: Final = 10**19

_DAY: Final = '("0" [1-9] | "1" [0-9] | "2" [0-8])'
_SIXTY: Final = "[0-5] [0-9]"
_HOUR: Final = '([01] [0-9] | "2" [0-3])'
BASICS: Final[Mapping[str, str]] = {
    "ws": '(" " | "\\n" [ \\t]{0,20})?',
    "char": f"{patterns.PLAIN} | {patterns.ESCAPED}",
    "string": '"\\"" char* "\\""',
    "number": numbers.ANY,
    "integer": '"-"? ("0" | [1-9] [0-9]{0,14})',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "value": "object | array | string | number | boolean | null",
    "object": '"{" ws (string ws ":" ws value ws ("," ws string ws ":" ws value ws)*)? "}"',
    "array": '"[" ws (value ws ("," ws value ws)*)? "]"',
    "date": (
        f'[12] [0-9]{{3}} "-" (("0" [13578] | "1" [02]) "-" ({_DAY} | "29" | "3" [01])'
        f' | ("0" [469] | "11") "-" ({_DAY} | "29" | "30") | "02-" {_DAY})'
    ),
    "time": (
        f'{_HOUR} ":" {_SIXTY} ":" {_SIXTY} ("." [0-9]{{1,6}})? ("Z" | [+-] {_HOUR} ":" {_SIXTY})'
    ),
    "date-time": 'date "T" time',
    "uuid": "[0-9a-f]{8} " + '"-" [0-9a-f]{4} ' * 3 + '"-" [0-9a-f]{12}',
    "octet": '"25" [0-5] | "2" [0-4] [0-9] | "1" [0-9]{2} | [1-9] [0-9] | [0-9]',
    "ipv4": 'octet "." octet "." octet "." octet',
}
FORMATS: Final = frozenset({"date", "time", "date-time", "uuid", "ipv4"})
REFERENCE: Final = re.compile(r"(?<![\w-])([a-z][a-zA-Z0-9-]*)")
LITERALS: Final = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]')


def schema_grammar(schema: Json) -> str:
    """Return the grammar of all texts a schema allows; the answer is nothing but such a text.

    Raises:
        Refused: the schema uses what cannot be turned into a grammar; the message names it.
    """
    builder = Builder()
    builder.rules["root"] = builder.document(schema, "schema")
    return builder.text()


class Builder:
    """Collects the rules of one grammar; several schemas may share it."""

    def __init__(self) -> None:
        self.rules: dict[str, str] = {}
        self._document = Document(None)
        self._references: dict[str, str] = {}
        self._depth = 0

    def text(self) -> str:
        """Return the grammar with all rules it needs."""
        rules = dict(self.rules)
        waiting = list(rules.values())
        while waiting:
            for name in REFERENCE.findall(LITERALS.sub("", waiting.pop())):
                if name in BASICS and name not in rules:
                    rules[name] = BASICS[name]
                    waiting.append(BASICS[name])
        return "".join(f"{name} ::= {body}\n" for name, body in rules.items())

    def document(self, schema: Json, name: str) -> str:
        """Add the rule for a schema that stands on its own and return the rule's name."""
        self._document = Document(schema)
        self._references = {}
        return self.rule(schema, name)

    def rule(self, schema: Json, name: str) -> str:
        """Add the rule for the values of a schema and return its name."""
        if isinstance(schema, Mapping) and schema.keys() - keywords.ANNOTATIONS == {"$ref"}:
            return self._referenced(schema["$ref"])
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise unsupported("properties", "and other schemas stand in each other too deeply")
        body = self._body(schema, name)
        self._depth -= 1
        return body if body in BASICS else self.add(name, body)

    def add(self, name: str, body: str) -> str:
        """Add a rule under this or a similar name."""
        name = self._reserve(name)
        self.rules[name] = body
        return name

    def _reserve(self, name: str) -> str:
        plain = re.sub("[^a-zA-Z0-9]+", "-", name)[-60:].strip("-") or "x"
        unique = f"s-{plain}" if f"s-{plain}" not in self.rules else f"s-{plain}-{len(self.rules)}"
        if len(self.rules) > MAX_RULES:
            raise unsupported("properties", "and other parts are too many")
        self.rules[unique] = ""
        return unique

    def _referenced(self, reference: Json) -> str:
        key = str(reference)
        if key not in self._references:
            target = self._document.resolve(reference)
            name = self._references[key] = self._reserve(f"ref {key.rpartition('/')[2]}")
            self.rules[name] = self.rule(target, key.rpartition("/")[2])
        return self._references[key]

    def _body(self, schema: Json, name: str) -> str:
        if schema is True:
            return "value"
        flat = self._document.flat(keywords.mapping(schema, "schema"))
        keywords.check_words(flat)
        if "const" in flat or "enum" in flat:
            return _constants(flat)
        for word in ("anyOf", "oneOf"):
            if word in flat:
                parts = keywords.branches(flat, word)
                names = [self.rule(part, f"{name} {place}") for place, part in enumerate(parts)]
                return " | ".join(names)
        kinds = keywords.types(flat)
        if len(kinds) > 1:
            parts = [{**flat, "type": kind} for kind in kinds]
            return " | ".join(self.rule(part, f"{name} {part['type']}") for part in parts)
        return self._typed(kinds[0], flat, name) if kinds else "value"

    def _typed(self, kind: str, schema: Schema, name: str) -> str:
        if kind in {"boolean", "null"}:
            return kind
        if kind == "string":
            return self._string(schema, name)
        if kind in {"number", "integer"}:
            return _numeric(kind, schema)
        if kind == "array":
            return self._array(schema, name)
        if kind == "object":
            return self._object(schema, name)
        raise unsupported("type", f"cannot be '{kind}'")

    def _string(self, schema: Schema, name: str) -> str:
        low, high = _count(schema, "minLength"), _count(schema, "maxLength")
        limited = bool(low) or high is not None
        if "pattern" in schema:
            if limited:
                raise unsupported("pattern", "beside a length is not supported")
            return self._patterned(schema["pattern"])
        if limited:
            return f'"\\"" {self._repeated("char", low or 0, high, name)} "\\""'
        kind = schema.get("format")
        return f'"\\"" {kind} "\\""' if kind in FORMATS else "string"

    def _patterned(self, source: Json) -> str:
        try:
            return f'"\\"" {patterns.pattern(str(source))} "\\""'
        except ValueError as error:
            raise unsupported("pattern", f"is not supported: {error}") from error

    def _array(self, schema: Schema, name: str) -> str:
        first = schema.get("prefixItems", [])
        if not isinstance(first, list):
            raise unsupported("prefixItems", "needs a list")
        rest = schema.get("items", not first)
        low, high = _count(schema, "minItems") or 0, _count(schema, "maxItems")
        if rest is False:
            high = len(first) if high is None else min(high, len(first))
        if high is not None and low > high:
            raise unsupported("minItems", f"asks for {low} items where at most {high} are allowed")
        if not first and low == 0 and high is None and rest in (True, {}):
            return "array"
        if high == 0:
            return '"[" ws "]"'
        items = [self.rule(each, f"{name} {place}") for place, each in enumerate(first)]
        further = "" if rest is False else self.rule(rest, f"{name} item")
        return f'"[" ws {self._listed(items, further, (low, high), name)} "]"'

    def _listed(
        self, first: Sequence[str], rest: str, count: tuple[int, int | None], name: str
    ) -> str:
        """Items with commas between: fixed ones first, then as many as `count` leaves."""
        low, high = count
        body = ""
        if rest and (high is None or high > len(first)):
            most = None if high is None else high - len(first)
            least = max(0, low - len(first))
            if first:
                more = self.add(f"{name} more", f'"," ws {rest} ws')
                body = self._repeated(more, least, most, name)
            else:
                more = self.add(f"{name} more", f'"," ws {rest} ws')
                others = self._repeated(more, max(0, least - 1), most and most - 1, name)
                body = f"{rest} ws {others}"
                return body if low else f"({body})?"
        for place in range(min(len(first), high or len(first)) - 1, -1, -1):
            comma = '"," ws ' if place else ""
            body = f"{comma}{first[place]} ws {body}"
            if place >= low:
                body = f"({body})?"
        return body

    def _object(self, schema: Schema, name: str) -> str:
        properties = dict(keywords.mapping(schema.get("properties", {}), "properties"))
        required = schema.get("required", [])
        if not isinstance(required, list):
            raise unsupported("required", "needs a list")
        extra = schema.get("additionalProperties", not properties)
        unnamed = schema.get("additionalProperties", True)
        for missing in (str(each) for each in required if each not in properties):
            if unnamed is False:
                raise unsupported("required", f"names '{missing}', which is not allowed")
            properties[missing] = unnamed
        if not properties and extra in (True, {}):
            return "object"
        pairs = [
            (self._pair(key, value, f"{name} {key}"), key in required)
            for key, value in properties.items()
        ]
        more = "" if extra is False else self._extra(extra, list(properties), name)
        return f'"{{" ws {self._members(pairs, more, name)} "}}"'

    def _pair(self, key: str, schema: Json, name: str) -> str:
        return f'{literal(_dumped(key))} ws ":" ws {self.rule(schema, name)} ws'

    def _extra(self, schema: Json, names: Sequence[str], name: str) -> str:
        """A rule for a member with another name than these."""
        key = f'"\\"" {self._other_than(names, 0, name)} "\\""' if names else "string"
        value = self.rule(schema, f"{name} other")
        return self.add(f"{name} extra", f'{key} ws ":" ws {value} ws')

    def _other_than(self, names: Sequence[str], at: int, name: str) -> str:
        """A rule for the inside of a string that is none of these names."""
        if at > MAX_NAME:
            raise unsupported("properties", f"with names beyond {MAX_NAME} characters")
        heads: dict[str, list[str]] = {}
        for each in names:
            if len(each) > at:
                heads.setdefault(each[at], []).append(each)
        # What needs an escape is in no further name: these are written without any.
        plain = {
            head: rest for head, rest in heads.items() if head not in '"\\\x7f' and head >= " "
        }
        choices = [
            f"{literal(head)} {self._other_than(rest, at + 1, name)}"
            for head, rest in plain.items()
        ]
        excluded = "".join(f"\\U{ord(head):08x}" for head in plain)
        choices.append(f'[^{excluded}"\\\\\\x00-\\x1F\\x7F] {patterns.PLAIN}*')
        taken = any(len(each) == at for each in names)
        return self.add(f"{name} not", " | ".join(choices if taken else [*choices, '""']))

    def _members(self, pairs: Sequence[tuple[str, bool]], more: str, name: str) -> str:
        """All members in order; what is not required may be left out, further ones come last."""
        after = f'("," ws {more})*' if more else ""
        first = f"({more} {after})?" if more else ""
        for place in range(len(pairs) - 1, -1, -1):
            pair, needed = pairs[place]
            if needed:
                first = f"{pair} {after}"
                after = f'"," ws {pair} {after}'
            else:
                tail = self.add(f"{name} after {place}", after) if after else ""
                skipped = self.add(f"{name} from {place + 1}", first) if first else '""'
                first = f"({pair} {tail} | {skipped})"
                after = f'("," ws {pair})? {tail}'
        return first

    def _repeated(self, item: str, low: int, high: int | None, name: str) -> str:
        """A rule, so and so many times; long repetitions are built of blocks."""
        if high is not None and high < low:
            raise unsupported("minLength", "or 'minItems' is above its maximum")
        high = None if high is None or high > ENDLESS else high
        if max(low, high or 0) <= 2 * BLOCK:
            return f"{item}{{{low},{'' if high is None else high}}}"
        if low > ENDLESS:
            raise unsupported("minLength", f"or 'minItems' above {ENDLESS} is not supported")
        block = self.add(f"{name} block", f"{item}{{{BLOCK}}}")
        fixed = f"{block}{{{low // BLOCK}}} {item}{{{low % BLOCK}}} "
        if high is None:
            return f"{fixed}{item}*"
        blocks, rest = divmod(high - low, BLOCK)
        if not blocks:
            return f"{fixed}{item}{{0,{rest}}}"
        some = f"{block}{{0,{blocks - 1}}} {item}{{0,{BLOCK - 1}}}"
        return f"{fixed}({some} | {block}{{{blocks}}} {item}{{0,{rest}}})"


def _dumped(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _constants(schema: Schema) -> str:
    if beside := schema.keys() - keywords.ANNOTATIONS - {"const", "enum", "type"}:
        raise unsupported(min(beside), "beside 'enum' or 'const' is not supported")
    listed = schema.get("enum", [schema.get("const")])
    if not isinstance(listed, list):
        raise unsupported("enum", "needs a list")
    kinds = keywords.types(schema)
    fitting = [
        value
        for value in listed
        if schema.get("const", value) == value and (not kinds or _kinds(value) & set(kinds))
    ]
    if not fitting:
        raise unsupported("enum", "allows no value at all")
    return " | ".join(literal(_dumped(value)) for value in fitting)


def _kinds(value: Json) -> set[str]:
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, float):
        return {"number", "integer"} if value.is_integer() else {"number"}
    named = {int: {"number", "integer"}, str: {"string"}, list: {"array"}, dict: {"object"}}
    return named.get(type(value), {"null"})


def _count(schema: Schema, word: str) -> int | None:
    value = schema.get(word)
    if value is None or (type(value) is int and value >= 0):
        return value
    raise unsupported(word, f"cannot be {value!r}")


def _numeric(kind: str, schema: Schema) -> str:
    try:
        low = _bound(schema, "minimum", "exclusiveMinimum", kind)
        high = _bound(schema, "maximum", "exclusiveMaximum", kind)
        if low is None and high is None:
            return kind
        if kind == "number":
            return numbers.numbers(low, high)
        return numbers.integers(
            None if low is None else low.value + low.open,
            None if high is None else high.value - high.open,
        )
    except ValueError as error:
        raise unsupported("minimum", f"and 'maximum': {error}") from error


def _bound(schema: Schema, word: str, exclusive: str, kind: str) -> numbers.Bound | None:
    closed, opened = schema.get(word), schema.get(exclusive)
    if isinstance(opened, bool):  # as in the older drafts
        closed, opened = (None, closed) if opened else (closed, None)
    if closed is not None and opened is not None:
        raise unsupported(exclusive, f"beside '{word}' is not supported")
    value = closed if opened is None else opened
    if value is None:
        return None
    if not isinstance(value, int | float) or not -MAX_BOUND <= value <= MAX_BOUND:
        raise unsupported(word, f"cannot be {value!r}")
    if value == int(value):
        return numbers.Bound(int(value), opened is not None)
    if kind == "number":
        raise unsupported(word, f"has to be a whole number, not {value!r}")
    return numbers.Bound(math.ceil(value) if word == "minimum" else math.floor(value))
