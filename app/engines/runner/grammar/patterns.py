"""Regular expressions of JSON schemas, as GBNF for the inside of a JSON string."""

import re
from typing import Final

# One character of a string as JSON spells it; escapes stand for exactly one character each.
PLAIN: Final = r'[^"\\\x00-\x1F\x7F]'
ESCAPED: Final = (
    r'"\\" (["\\/bfnrt] | "u" ([0-9a-cA-CefEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))'
)
ANY: Final = "char"  # the rule that holds both
DOT: Final = r'([^"\\\x00-\x1F\x7F\u2028\u2029] | "\\" ["\\/bft])'  # never the end of a line
EMPTY: Final = '""'
MAX_DEPTH: Final = 32
MAX_REPEATS: Final = 1000

CLASSES: Final = {"d": "0-9", "w": "a-zA-Z0-9_", "s": " "}
SPACES: Final = r" \xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF"
WHOLE_CLASSES: Final = {**CLASSES, "s": SPACES}
NEGATED: Final = {"D": "d", "W": "w", "S": "s"}
CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
QUANTIFIER: Final = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}|[*+?]")
ANCHORED_END: Final = re.compile(r"(?<!\\)(?:\\\\)*\$\Z")
UNKNOWN_GROUP: Final = re.compile(r"\(\?(?!:)")


class Unsupported(ValueError):
    """A part of a pattern that cannot be turned into a grammar."""


def literal(text: str) -> str:
    """Return a GBNF literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r").replace("\t", "\\t") + '"'


def pattern(source: str) -> str:
    """Return a grammar for the strings a pattern is found in, without their quotes.

    Raises:
        Unsupported: it uses more than characters, classes, groups, choices and repetitions.
    """
    begins, ends = source.startswith("^"), bool(ANCHORED_END.search(source))
    inner = source[begins : len(source) - ends]
    reader = _Reader(inner)
    body = reader.choices(0)
    if not reader.done:
        raise Unsupported("a ')' too many")
    # Inside a choice an anchor belongs to one branch only.
    if (begins or ends) and reader.chosen:
        raise Unsupported("an anchor beside '|'; put the choice in brackets")
    parts = ("" if begins else f"{ANY}*", body, "" if ends else f"{ANY}*")
    return " ".join(filter(None, parts)) or EMPTY


class _Reader:
    """Translates as it reads."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self.chosen = False

    @property
    def done(self) -> bool:
        return self._at >= len(self._source)

    @property
    def _next(self) -> str:
        return self._source[self._at : self._at + 1]

    def choices(self, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise Unsupported("too many brackets in each other")
        branches = [self._sequence(depth)]
        while self._next == "|":
            self._at += 1
            branches.append(self._sequence(depth))
        if len(branches) == 1:
            return branches[0]
        self.chosen = self.chosen or depth == 0
        return f"({' | '.join(branch or EMPTY for branch in branches)})"

    def _sequence(self, depth: int) -> str:
        parts: list[str] = []
        while not self.done and self._next not in "|)":
            parts.append(self._atom(depth) + self._quantifier())
        return " ".join(parts)

    def _atom(self, depth: int) -> str:
        character = self._next
        if character in "^$*+?{":
            raise Unsupported(f"'{character}' in a place where it is no character")
        if character == "(":
            return self._group(depth)
        if character == "[":
            return self._class()
        self._at += 1
        if character == ".":
            return DOT
        return self._named() if character == "\\" else _spelled(character)

    def _named(self) -> str:
        """What stands behind a backslash."""
        letter = self._take()
        if letter in CLASSES:
            return _set(CLASSES[letter], "", negated=False)
        if letter in NEGATED:
            return _set(WHOLE_CLASSES[NEGATED[letter]], "", negated=True)
        return _spelled(self._escaped(letter))

    def _group(self, depth: int) -> str:
        if UNKNOWN_GROUP.match(self._source, self._at):
            raise Unsupported("groups that look around or have a name")
        self._at += 3 if self._source.startswith("(?:", self._at) else 1
        body = self.choices(depth + 1)
        if self._take() != ")":
            raise Unsupported("a ')' is missing")
        return f"({body or EMPTY})"

    def _class(self) -> str:
        self._at += 1
        negated = self._next == "^"
        self._at += negated
        ranges, special = "", ""
        while self._next != "]":
            first, named = self._member()
            if named:
                ranges += WHOLE_CLASSES[named] if negated else CLASSES[named]
            elif self._next == "-" and self._source[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                last, also_named = self._member()
                if also_named or last < first:
                    raise Unsupported("a range that is none")
                ranges += _range(first, last)
                special += "".join(each for each in '"\\' if first <= each <= last)
            elif first in '"\\' or first < " ":
                special += first
            else:
                ranges += _member(first)
        self._at += 1
        return _set(ranges, special, negated=negated)

    def _member(self) -> tuple[str, str]:
        """A character of a class, or ('', the letter of a named one like d for digits)."""
        character = self._take()
        if character != "\\":
            return character, ""
        named = self._take()
        if named in NEGATED:
            raise Unsupported(f"'\\{named}' among others")
        return ("", named) if named in CLASSES else (self._escaped(named), "")

    def _escaped(self, named: str) -> str:
        if named in "xu":
            digits = self._source[self._at : self._at + (2 if named == "x" else 4)]
            self._at += len(digits)
            if not re.fullmatch("(?![dD][89a-fA-F])[0-9a-fA-F]{4}|[0-9a-fA-F]{2}", digits):
                raise Unsupported(f"'\\{named}' without the number of a character")
            return chr(int(digits, 16))
        if named in CONTROLS:
            return CONTROLS[named]
        if named.isalnum():
            raise Unsupported(f"'\\{named}'")
        return named

    def _quantifier(self) -> str:
        found = QUANTIFIER.match(self._source, self._at)
        if found is None:
            return ""
        self._at = found.end()
        if self._next in {"?", "+"}:
            raise Unsupported("lazy and possessive repetitions")
        low, _, high = found.groups()
        if max(int(low or 0), int(high or 0)) > MAX_REPEATS or (high and int(high) < int(low)):
            raise Unsupported(f"the repetition '{found.group()}'")
        return found.group()

    def _take(self) -> str:
        if self.done:
            raise Unsupported("it ends too early")
        self._at += 1
        return self._source[self._at - 1]


def _spelled(character: str) -> str:
    """A character as JSON spells it."""
    if character in '"\\':
        return literal("\\" + character)
    if character < " " or character == "\x7f":
        short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
        return literal(short.get(character, f"\\u{ord(character):04x}"))
    return literal(character)


def _member(character: str) -> str:
    return f"\\{character}" if character in "]-[" else character.replace("^", "\\x5E")


def _range(first: str, last: str) -> str:
    """The part of a range that JSON spells without an escape."""
    parts = []
    low = max(first, " ")
    for stop in ('"', "\\", "\x7f", chr(ord(last) + 1)):
        high = min(chr(ord(stop) - 1), last)
        if low <= high:
            parts.append(f"{_member(low)}-{_member(high)}")
        low = max(low, chr(ord(stop) + 1))
    return "".join(parts)


def _set(ranges: str, special: str, *, negated: bool) -> str:
    """A class; quotes, backslashes and control characters are spelled with an escape."""
    if negated:
        return f'[^{ranges}"\\\\\\x00-\\x1F\\x7F]'
    choices = [f"[{ranges}]"] if ranges else []
    choices += [_spelled(each) for each in special]
    if not choices:
        raise Unsupported("an empty class")
    return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"
