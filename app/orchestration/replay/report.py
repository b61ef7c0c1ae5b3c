"""A replay for people: one line for every policy, and what the figures can and cannot tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Final

from app.domain.routing import OutcomeRecord, TurnRecord
from app.orchestration.replay.cases import by_witness, judged, timed
from app.orchestration.replay.estimates import Estimate, chances, doubly_robust, snips
from app.orchestration.replay.policies import AS_LOGGED, Policy, as_logged
from app.orchestration.replay.promotion import LEAST_COVERED, LEAST_SIZE, Verdict, compare

# Below this an interval says more about chance than about the policy.
LEAST_TO_SHOW: Final = 30.0
_HEAD: Final[tuple[str, ...]] = (
    "policy",
    "right",
    "90 % interval",
    "robust",
    "seconds",
    "worth turns",
    "covered",
    "",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One policy: right answers by two estimates, seconds, and whether it has earned its say."""

    policy: str
    right: Estimate | None
    robust: Estimate | None
    seconds: Estimate | None
    verdict: Verdict | None

    @property
    def size(self) -> float:
        """On how many judged turns the line rests."""
        return self.right.size if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A replay: how much was there to tell from, and one line for every policy."""

    turns: int
    judged: int
    witnesses: Mapping[str, int]
    lines: tuple[Line, ...]

    def plain(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self)


def replay(
    turns: Sequence[TurnRecord],
    outcomes: Sequence[OutcomeRecord],
    policies: Mapping[str, Policy],
    seed: int = 0,
) -> Report:
    """Return what policies would have been worth; the same rows give the same figures.

    Args:
        turns: what was decided.
        outcomes: how answers turned out.
        policies: by name.
        seed: of the samples of the intervals.
    """
    cases, took = judged(turns, outcomes), timed(turns)

    def line(name: str, policy: Policy) -> Line:
        def dice() -> Random:  # the same samples for every policy: the lines can be compared
            return Random(seed)  # noqa: S311 - no secret

        return Line(
            policy=name,
            right=snips(policy, cases, dice()),
            robust=doubly_robust(policy, cases, chances, dice()),
            seconds=snips(policy, took, dice()),
            verdict=None if name == AS_LOGGED else compare(policy, as_logged, cases, dice()),
        )

    lines = tuple(line(name, policy) for name, policy in policies.items())
    return Report(len(turns), len(cases), by_witness(outcomes, cases), lines)


def table(report: Report) -> list[str]:
    """Return the report as lines for a terminal."""
    told = [_basis(report), ""]
    if not report.judged:
        told.append(
            "No answer has been judged yet, so nothing can be said of any policy. Checks, audits "
            "and what you do with answers judge them."
        )
        return told
    rows = [_HEAD, *(_row(line) for line in report.lines)]
    widths = [max(len(row[at]) for row in rows if len(row) > 2) for at in range(len(_HEAD))]
    widths[0] = max(len(row[0]) for row in rows)
    told += ["  ".join(_padded(row, widths)).rstrip() for row in rows]
    return [*told, "", *_notes(report)]


def _basis(report: Report) -> str:
    said = ", ".join(f"{count} by {name}" for name, count in report.witnesses.items())
    return f"{report.turns} turns, {report.judged} of them judged{f' ({said})' if said else ''}"


def _row(line: Line) -> tuple[str, ...]:
    right, robust, seconds = line.right, line.robust, line.seconds
    if right is None or right.size < LEAST_TO_SHOW:
        words = f"too little to tell ({line.size:.0f} of {LEAST_TO_SHOW:.0f} turns)"
        return line.policy, words
    return (
        line.policy,
        f"{right.value:.1%}",
        f"{right.low:.1%} to {right.high:.1%}",
        f"{robust.value:.1%}" if robust else "",
        f"{seconds.value:.1f}" if seconds else "",
        f"{right.size:.0f}",
        f"{right.covered:.0%}",
        line.verdict.reason if line.verdict else "",
    )


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for at, (text, width) in enumerate(zip(row, widths, strict=False)):
        yield text.ljust(width) if at in {0, len(row) - 1} else text.rjust(width)


def _notes(report: Report) -> Iterable[str]:
    if all(line.size < LEAST_SIZE for line in report.lines):
        yield (
            f"There is too little to decide anything: it takes {LEAST_SIZE:.0f} judged turns, "
            "and those a policy would have begun otherwise count for less."
        )
    elif any(line.right and line.right.covered < LEAST_COVERED for line in report.lines):
        yield (
            "Covered: how much of what a policy would have done had a chance to happen. Of the "
            "rest the past says nothing; figures of policies with little of it hold for other, "
            "mostly easier or harder, questions."
        )
    yield "Right: of answers that were judged. Turns you gave a role yourself are left out."
