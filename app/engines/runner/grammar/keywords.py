"""JSON schemas before they become grammars: references followed, `allOf` merged, words checked."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from app.engines.runner.failures import Refused

Json = object
Schema = Mapping[str, Json]

# What says something about a value but does not limit it.
WORDS: Final = """
    title description default example examples deprecated readOnly writeOnly $comment $schema $id id
    $anchor $defs definitions strict contentEncoding contentMediaType"""
ANNOTATIONS: Final = frozenset(WORDS.split())
BY_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
}
COMPOSING: Final = frozenset({"type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"})
KNOWN: Final = ANNOTATIONS | COMPOSING | frozenset().union(*BY_TYPE.values())
# Without effect at these values.
HARMLESS: Final[Mapping[str, Json]] = {
    "uniqueItems": False,
    "minProperties": 0,
    "unevaluatedProperties": False,
    "unevaluatedItems": False,
}
MAX_STEPS: Final = 64


def unsupported(word: str, why: str) -> Refused:
    """Return the error for a schema we cannot follow; it names the keyword."""
    return Refused(400, "unsupported_schema", f"schema: '{word}' {why}")


class Document:
    """A whole schema, in which references point from place to place."""

    def __init__(self, root: Json) -> None:
        self._root = root

    def resolve(self, reference: Json) -> Json:
        """Return what a reference points to.

        Raises:
            Refused: nothing is there, or it is outside of this schema.
        """
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise unsupported("$ref", f"can only point into the schema itself, not to {reference}")
        found = self._root
        for part in filter(None, unquote(reference[1:]).split("/")):
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            else:
                raise unsupported("$ref", f"points to nothing: {reference}")
        return found

    def flat(self, schema: Schema, steps: int = MAX_STEPS) -> Schema:
        """Return a schema without `$ref` and `allOf`: what they say is merged into it."""
        if steps <= 0:
            raise unsupported("$ref", "leads back to itself")
        parts = list(_listed(schema, "allOf")) if "allOf" in schema else []
        if "$ref" in schema:
            parts.append(self.resolve(schema["$ref"]))
        merged: Schema = {
            word: value for word, value in schema.items() if word not in {"$ref", "allOf"}
        }
        for part in parts:
            if part is True:
                continue
            merged = merge(merged, self.flat(mapping(part, "allOf"), steps - 1))
        return merged


def mapping(schema: Json, word: str) -> Schema:
    """Return a schema that has to be an object."""
    if not isinstance(schema, Mapping):
        raise unsupported(word, f"needs an object here, not {schema!r}")
    return schema


def _listed(schema: Schema, word: str) -> list[Json]:
    value = schema[word]
    if not isinstance(value, list) or not value:
        raise unsupported(word, "needs a list that is not empty")
    return value


def branches(schema: Schema, word: str) -> list[Schema]:
    """Return the branches of `anyOf` or `oneOf`, each with what is said beside them."""
    beside = {key: value for key, value in schema.items() if key not in ANNOTATIONS | {word}}
    listed = [mapping({} if part is True else part, word) for part in _listed(schema, word)]
    return [{**beside, "allOf": [part]} if beside else part for part in listed]


def merge(left: Schema, right: Schema) -> Schema:
    """Return a schema that says what both say.

    Raises:
        Refused: they say different things about the same.
    """
    merged = dict(left)
    for word, value in right.items():
        if word in ANNOTATIONS or word not in merged or merged[word] == value:
            merged.setdefault(word, value)
        elif word == "properties":
            merged[word] = _merged_properties(mapping(merged[word], word), mapping(value, word))
        elif word == "required":
            merged[word] = [*_listed(merged, word), *_listed(right, word)]
        else:
            raise unsupported(word, "is said twice and differently")
    return merged


def _merged_properties(left: Schema, right: Schema) -> Schema:
    both = {
        name: {"allOf": [left[name], schema]} if left.get(name, schema) != schema else schema
        for name, schema in right.items()
    }
    return {**left, **both}


def check_words(schema: Schema) -> None:
    """Make sure that every word of a schema is one we follow."""
    for word, value in schema.items():
        if word in KNOWN or (word in HARMLESS and value == HARMLESS[word]):
            continue
        raise unsupported(word, "is not supported")


def types(schema: Schema) -> list[str]:
    """Return the types a schema allows; without any word about it, those its words are about."""
    named = schema.get("type")
    if named is not None:
        listed = named if isinstance(named, list) else [named]
        if not all(isinstance(each, str) for each in listed) or not listed:
            raise unsupported("type", f"cannot be {named!r}")
        return list(dict.fromkeys(map(str, listed)))
    return [kind for kind, words in BY_TYPE.items() if words & schema.keys()][:1]
