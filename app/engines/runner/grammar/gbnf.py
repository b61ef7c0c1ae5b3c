"""Reads GBNF before the library does: on some texts its parser never ends, or ends the process."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

from app.engines.runner.failures import Refused

MAX_TEXT: Final = 256 << 10
MAX_DEPTH: Final = 64
MAX_REPEATS: Final = 2000  # the library reads more as "any number"
MAX_EXPANDED: Final = 4_000_000  # characters, were all repetitions written out
MAX_PATHS: Final = 100_000  # the library walks them all in its own check for left recursion

GAP: Final = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
GAP_WITH_LINES: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
NAME: Final = re.compile(r"[a-zA-Z0-9-]+")
DEFINED_AS: Final = re.compile(r"::=")
ESCAPE: Final = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[trn\\\"\[\]-])"
TERMINAL: Final = re.compile(
    rf'"(?:{ESCAPE}|[^\\"])*"'
    rf"|\[\^?(?:{ESCAPE}|[^\\\]])+\]"
    r"|\."
)
REPEAT: Final = re.compile(r"[*+?]|\{[ \t]*([0-9]+)[ \t]*(?:(,)[ \t]*([0-9]*)[ \t]*)?\}")


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a sequence: a terminal, a rule's name, or a group of alternatives."""

    name: str = ""
    group: "Alternatives | None" = None
    optional: bool = False
    repeated: bool = False


Alternatives = tuple[tuple[Item, ...], ...]
Rules = Mapping[str, Alternatives]


class Reader:
    """Walks through the text of a grammar; every mistake is refused with its line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._expanded = 0

    def rules(self) -> dict[str, Alternatives]:
        """Return all rules by their names."""
        found: dict[str, Alternatives] = {}
        self._skip(GAP_WITH_LINES)
        while self._at < len(self._text):
            name = self._expect(NAME, "the name of a rule")
            self._skip(GAP)
            self._expect(DEFINED_AS, "'::='")
            self._skip(GAP_WITH_LINES)
            found[name] = self._alternatives(0)
            if self._at < len(self._text) and self._text[self._at] not in "\r\n":
                raise self._mistake("the end of the line")
            self._skip(GAP_WITH_LINES)
        return found

    def _alternatives(self, depth: int) -> Alternatives:
        if depth > MAX_DEPTH:
            raise self._mistake("fewer brackets in each other")
        found = [self._sequence(depth)]
        while self._take("|"):
            self._skip(GAP_WITH_LINES)
            found.append(self._sequence(depth))
        return tuple(found)

    def _sequence(self, depth: int) -> tuple[Item, ...]:
        items: list[Item] = []
        gap = GAP_WITH_LINES if depth else GAP
        start = self._at
        while (item := self._item(depth)) is not None:
            self._skip(gap)
            while (bounds := self._repeat(self._at - start)) is not None:
                if item.optional:
                    raise self._mistake("no repetition of what may be nothing")
                self._skip(gap)
                least, most = bounds
                item = Item(group=((item,),), optional=least == 0, repeated=most > 1)
            items.append(item)
            start = self._at
        return tuple(items)

    def _item(self, depth: int) -> Item | None:
        if self._take("("):
            self._skip(GAP_WITH_LINES)
            group = self._alternatives(depth + 1)
            if not self._take(")"):
                raise self._mistake("')'")
            return Item(group=group)
        if found := NAME.match(self._text, self._at):
            self._at = found.end()
            return Item(name=found.group())
        if self._text.startswith(("<", "!<"), self._at):
            # The library allows tokens in places where it then ends the process over them.
            raise self._mistake("characters, not tokens,")
        if found := TERMINAL.match(self._text, self._at):
            self._at = found.end()
            return Item(optional=found.group() == '""')
        return None

    def _repeat(self, length: int) -> tuple[int, int] | None:
        """Read how often the last item may stand there; 'any number' counts as twice."""
        found = REPEAT.match(self._text, self._at)
        if found is None:
            return None
        least, comma, most = found.groups()
        low = int(least) if least else int(found.group() == "+")
        endless = found.group() in "*+" or (comma and not most)
        high = int(most) if most else max(low, 2 if endless else 1) if not least or comma else low
        if low > high or high > MAX_REPEATS:
            raise self._mistake(f"a repetition that goes up and not beyond {MAX_REPEATS}")
        self._expanded += high * length
        if self._expanded > MAX_EXPANDED:
            raise self._mistake("fewer or shorter repetitions")
        self._at = found.end()
        return low, high

    def _skip(self, gap: re.Pattern[str]) -> None:
        found = gap.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, character: str) -> bool:
        there = self._text.startswith(character, self._at)
        self._at += there
        return there

    def _expect(self, pattern: re.Pattern[str], what: str) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise self._mistake(what)
        self._at = found.end()
        return found.group()

    def _mistake(self, wanted: str) -> Refused:
        line = self._text.count("\n", 0, self._at) + 1
        rest = self._text[self._at :].split("\n", 1)[0][:20]
        return refused(f"line {line}: expected {wanted} at '{rest}'")


def refused(message: str) -> Refused:
    """Return the error for a grammar that cannot be used."""
    return Refused(400, "invalid_grammar", f"grammar: {message}")


def check(text: str, root: str = "root") -> None:
    """Make sure that the library can work with a grammar.

    Raises:
        Refused: it cannot; the message says what is wrong and where.
    """
    if len(text) > MAX_TEXT or "\0" in text:
        raise refused(f"longer than {MAX_TEXT} characters, or with a zero in it")
    rules = Reader(text).rules()
    if root not in rules:
        raise refused(f"there is no rule '{root}'")
    for name in rules:
        for missing in _names(rules[name]) - rules.keys():
            raise refused(f"rule '{missing}' is used but not defined")
    _check_ambiguity(rules)


def _names(alternatives: Alternatives) -> set[str]:
    found: set[str] = set()
    for item in (item for sequence in alternatives for item in sequence):
        found |= _names(item.group) if item.group is not None else {item.name} - {""}
    return found


def _may_be_empty(alternatives: Alternatives, empty: set[str]) -> bool:
    return any(all(_skippable(item, empty) for item in sequence) for sequence in alternatives)


def _skippable(item: Item, empty: set[str]) -> bool:
    if item.optional or item.name in empty:
        return True
    return item.group is not None and _may_be_empty(item.group, empty)


def _repeats_nothing(alternatives: Alternatives, empty: set[str]) -> bool:
    groups = [item for sequence in alternatives for item in sequence if item.group is not None]
    return any(
        (item.repeated and _may_be_empty(item.group or (), empty))
        or _repeats_nothing(item.group or (), empty)
        for item in groups
    )


def _first_names(sequences: Iterable[Sequence[Item]], empty: set[str]) -> set[str]:
    """The rules that may stand at the very beginning."""
    found: set[str] = set()
    for sequence in sequences:
        for item in sequence:
            found |= _first_names(item.group, empty) if item.group is not None else {item.name}
            if not _skippable(item, empty):
                break
    return found - {""}


def _check_ambiguity(rules: Rules) -> None:
    empty: set[str] = set()
    while more := {name for name in rules if _may_be_empty(rules[name], empty)} - empty:
        empty |= more
    for name in rules:
        if _repeats_nothing(rules[name], empty):
            # Every character could then be read in so many ways that the engine never ends.
            raise refused(f"rule '{name}' repeats what may be nothing")
    firsts = {name: _first_names(rules[name], empty) for name in rules}
    paths: dict[str, int] = {}
    try:
        for name in TopologicalSorter(firsts).static_order():
            paths[name] = 1 + sum(paths[each] for each in firsts[name])
    except CycleError as error:
        name = error.args[1][0]
        message = f"rule '{name}' leads back to itself without a character before"
        raise refused(message) from error
    if max(paths.values()) > MAX_PATHS:
        raise refused("too many rules begin with each other")
