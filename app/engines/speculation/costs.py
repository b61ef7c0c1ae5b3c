"""What evaluating several tokens at once costs on this machine, in times of a single one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# Rows that are measured; the efficient ones among them may be used.
MEASURED: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
# Tokens of context from which on a bucket of its own is kept.
BUCKETS: Final = (0, 4096, 16384)
# How fast what is seen in use replaces what was measured, and how far one step may pull. What all
# sizes have in common, because other programs work too, is followed faster and changes no ratio;
# single rows tell it best, as what several take may also have been measured wrongly.
LEARNING: Final = 0.08
FOLLOWING: Final = 0.25
FOLLOWING_MORE: Final = 0.06
OUTLIER: Final = 1.5


def bucket_of(context: int) -> int:
    """Return the number of the bucket a context length falls into."""
    return sum(context >= edge for edge in BUCKETS) - 1


@dataclass
class Costs:
    """Milliseconds of an evaluation by its rows, learned on; times relative to one row are asked.

    `drafting` is what one token of the draft model costs, in times of a single row of the model.
    `fixed`: what is seen in use changes nothing.
    """

    milliseconds: dict[int, float]
    drafting: float = 0.0
    reading: float = 0.0  # what one token of a long prompt costs the draft model, likewise
    fixed: bool = False
    _buckets: dict[int, dict[int, float]] = field(default_factory=dict)
    _pace: float = 1.0  # how much longer everything takes now than when it was measured

    @staticmethod
    def of_ratios(ratios: Mapping[int, float], *, drafting: float = 0.0) -> "Costs":
        """Return costs with the given times relative to one row."""
        return Costs({rows: float(ratio) for rows, ratio in ratios.items()}, drafting)

    def table(self, context: int) -> dict[int, float]:
        """Return milliseconds by rows for a context of that many tokens."""
        return self._buckets.setdefault(bucket_of(context), dict(self.milliseconds))

    def time(self, rows: int, context: int = 0) -> float:
        """Return the time of `rows` rows relative to one row; in between, a line is drawn."""
        table = self.table(context)
        return _between(table, rows) / table[1]

    def grid(self, context: int = 0) -> tuple[int, ...]:
        """Return the efficient sizes: each cheaper by the row than all smaller ones."""
        table = self.table(context)
        found: list[int] = []
        best = float("inf")
        for rows in sorted(table):
            if table[rows] / rows < best * 0.999:
                best = table[rows] / rows
                found.append(rows)
        return tuple(found)

    def observe(self, rows: int, context: int, milliseconds: float) -> None:
        """Learn from an evaluation of exactly `rows` rows of one answer."""
        table = self.table(context)
        if rows not in table or self.fixed:
            return
        off = min(max(milliseconds / (table[rows] * self._pace), 1 / OUTLIER), OUTLIER)
        self._pace *= off ** (FOLLOWING if rows == 1 else FOLLOWING_MORE)
        table[rows] *= off**LEARNING

    def dump(self) -> dict[str, dict[str, float]]:
        """Return what was learned of longer contexts: measured is only a short one."""
        return {
            str(bucket): {str(rows): round(ms, 4) for rows, ms in table.items()}
            for bucket, table in self._buckets.items()
            if bucket
        }

    def restore(self, dumped: object) -> None:
        """Take over what `dump` returned; a table of other sizes is left out."""
        if not isinstance(dumped, dict):
            return
        for bucket in range(1, len(BUCKETS)):
            table = dumped.get(str(bucket), {})
            try:
                times = {int(rows): float(ms) for rows, ms in table.items()}
            except (AttributeError, TypeError, ValueError):
                continue
            if times.keys() == self.milliseconds.keys() and min(times.values()) > 0:
                self._buckets[bucket] = times

    def observe_draft(self, tokens: int, milliseconds: float) -> float:
        """Learn from the writing of so many tokens by the draft model; return what it was worth."""
        self.drafting, worth = self._followed(self.drafting, tokens, milliseconds)
        return worth

    def observe_reading(self, tokens: int, milliseconds: float) -> float:
        """Learn from the reading of so many tokens by the draft model; return what it was worth."""
        self.reading, worth = self._followed(self.reading, tokens, milliseconds)
        return worth

    def _followed(self, each: float, count: int, milliseconds: float) -> tuple[float, float]:
        """Return a price by the token after what was seen, and what was seen within bounds."""
        believed = count * each
        if self.fixed or not believed:
            return each, believed
        off = min(max(self.singles(milliseconds) / believed, 1 / OUTLIER), OUTLIER)
        return each * off**LEARNING, believed * off

    def singles(self, milliseconds: float, context: int = 0) -> float:
        """Return a time in times of a single row, as long as one takes now."""
        return milliseconds / (self.table(context)[1] * self._pace)


def _between(table: Mapping[int, float], rows: int) -> float:
    if rows in table:
        return table[rows]
    sizes = sorted(table)
    below = max((size for size in sizes if size < rows), default=sizes[0])
    above = min((size for size in sizes if size > rows), default=0)
    if not above:
        return table[below] * rows / below
    share = (rows - below) / (above - below)
    return table[below] + share * (table[above] - table[below])
