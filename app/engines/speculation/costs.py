"""What evaluating several tokens at once costs on this machine, in times of a single one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# Rows that are measured; the efficient ones among them may be used.
MEASURED: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
# Tokens of context from which on evaluations are measured and followed by themselves.
BUCKETS: Final = (0, 1024, 4096, 16384)
# How fast what is seen in use replaces what was measured, and how far one step may pull. What all
# sizes have in common, because other programs work too, is followed faster and changes no ratio;
# single rows tell it best, as what several take may also have been measured wrongly.
LEARNING: Final = 0.08
FOLLOWING: Final = 0.25
FOLLOWING_MORE: Final = 0.06
OUTLIER: Final = 1.5


def bucket_of(context: int) -> int:
    """Return where the bucket begins that a context length falls into."""
    return max(edge for edge in BUCKETS if edge <= context)


@dataclass
class Costs:
    """Milliseconds of an evaluation by its rows, learned on; times relative to one row are asked.

    `longer` has what was measured behind long texts, by the begin of the bucket.
    `drafting` is what one token of the draft model costs, in times of a single row of the model.
    `fixed`: what is seen in use changes nothing.
    """

    milliseconds: dict[int, float]
    drafting: float = 0.0
    reading: float = 0.0  # what one token of a long prompt costs the draft model, likewise
    fixed: bool = False
    longer: dict[int, dict[int, float]] = field(default_factory=dict)
    _buckets: dict[int, dict[int, float]] = field(default_factory=dict)
    _pace: float = 1.0  # how much longer everything takes now than when it was measured

    @staticmethod
    def of_ratios(ratios: Mapping[int, float], *, drafting: float = 0.0) -> "Costs":
        """Return costs with the given times relative to one row."""
        return Costs({rows: float(ratio) for rows, ratio in ratios.items()}, drafting)

    def table(self, context: int) -> dict[int, float]:
        """Return milliseconds by rows for a context of that many tokens.

        Until something was measured there, what was measured behind the next shorter text counts.
        """
        bucket = bucket_of(context)
        if bucket not in self._buckets:
            known = max((edge for edge in self.longer if edge <= bucket), default=0)
            self._buckets[bucket] = dict(self.longer.get(known, self.milliseconds))
        return self._buckets[bucket]

    def wants(self, context: int) -> bool:
        """Whether it is still to be measured what evaluations behind such a text cost."""
        bucket = bucket_of(context)
        return bucket > 0 and bucket not in self.longer and not self.fixed

    def measured(self, context: int, milliseconds: Mapping[int, float]) -> None:
        """Take over what was measured behind a long text; larger sizes go up with the largest."""
        sizes = sorted(milliseconds)
        if not sizes or sizes[0] != 1 or not milliseconds.keys() <= self.milliseconds.keys():
            return
        scale = milliseconds[sizes[-1]] / self.milliseconds[sizes[-1]]
        bucket = bucket_of(context)
        self.longer[bucket] = {
            rows: milliseconds.get(rows, scale * ms) / self._pace
            for rows, ms in self.milliseconds.items()
        }
        self._buckets[bucket] = dict(self.longer[bucket])

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
        """Return what was learned of longer contexts: the short one is measured anew in time."""
        return {
            str(bucket): {str(rows): round(ms, 4) for rows, ms in table.items()}
            for bucket, table in self._buckets.items()
            if bucket
        }

    def restore(self, dumped: object) -> None:
        """Take over what `dump` returned; a table of other sizes is left out."""
        if not isinstance(dumped, dict):
            return
        for bucket in BUCKETS[1:]:
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
