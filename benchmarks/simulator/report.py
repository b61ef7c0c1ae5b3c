"""The figures of all runs as tables, each with what has to be reached."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from benchmarks.rig import table
from benchmarks.simulator.baselines import Yard
from benchmarks.simulator.regret import Group, Recovery, best_starts, by_family, losses, recovery
from benchmarks.simulator.rows import Row, Run
from benchmarks.simulator.thrash import Served

# What has to be reached.
MOST_STEPS, MOST_REPLAYS = 50, 120
MOST_REGRET = 0.010
LEAST_SAVED = 0.60
MOST_LATE = 0.01
SETTLED = 300


@dataclass(frozen=True, slots=True)
class Check:
    """One demand: what, the figure found, and whether it holds."""

    what: str
    figure: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Price:
    """The price of seconds: the time of the slowest answer to a question costs `weight`."""

    weight: float

    def __call__(self, row: Row, seconds: float) -> float:
        """Return the price of some seconds of a row."""
        return self.weight * seconds / max(each.seconds for each in row.seen.values())


def recovered(runs: Sequence[Run], at: int, group: Group = by_family) -> Recovery:
    """Return how regret comes back to its level after the event before a request."""
    best = best_starts(runs, group)
    return recovery([losses(run, best, group) for run in runs], at, settled=SETTLED)


def learning_checks(runs: Sequence[Run], at: int) -> list[Check]:
    """Return the demands on learning, for an event before request `at`."""
    found = recovered(runs, at)
    replays = max(row.replays for run in runs for row in run.rows)
    steps = "never" if found.after is None else str(found.after)
    back = found.after is not None and found.after <= MOST_STEPS
    return [
        Check(
            f"regret of a request before the change: at most {MOST_REGRET}",
            f"{found.steady.mean:.4f} ± {1.96 * found.steady.error:.4f}",
            found.steady.mean <= MOST_REGRET,
        ),
        Check(
            f"back at that level within {MOST_STEPS} requests",
            f"{steps}; the first hundred lose {found.first.mean:.4f}, the last "
            f"{SETTLED} {found.later.mean:.4f}",
            back,
        ),
        Check(
            f"with at most {MOST_REPLAYS} answers replayed at idle",
            str(replays),
            replays <= MOST_REPLAYS,
        ),
    ]


def busy_checks(runs: Sequence[Run]) -> list[Check]:
    """Return the demands on a computer under load."""
    rows = [row for run in runs for row in run.rows]
    feasible = [row for row in rows if row.feasible]
    late = sum(row.late for row in feasible) / len(feasible)
    withdrawn = sum(row.withdrawn for row in rows)
    return [
        Check(
            "deadlines missed where they can be kept: at most 1 %",
            f"{late:.2%} of {len(feasible):,} ({len(rows) - len(feasible):,} cannot be kept)",
            late <= MOST_LATE,
        ),
        Check("characters withdrawn: none", str(withdrawn), withdrawn == 0),
    ]


def thrash_check(ours: Sequence[Served], order: Sequence[Served]) -> Check:
    """Return the demand on loads under a shock."""
    loads, others = (sum(each.loads for each in side) for side in (ours, order))
    longest, longer = (max(each.longest for each in side) for side in (ours, order))
    saved = 1 - loads / others
    return Check(
        "loads under a shock: at least 60 % fewer than in order, nobody waiting longer",
        f"{saved:.1%} ({loads / len(ours):.1f} against {others / len(order):.1f}; longest wait "
        f"{longest:.0f} against {longer:.0f} s)",
        saved >= LEAST_SAVED and longest <= longer,
    )


def policies(runs: Sequence[Run], weight: float) -> str:
    """Return the table of baselines on the requests of all runs."""
    rows = list(chain.from_iterable(run.rows for run in runs))
    scores = Yard(rows, Price(weight)).all()
    lines = [
        (each.name, f"{each.right:.3f}", f"{each.seconds:.2f}", f"{each.gain:.4f}")
        for each in scores
    ]
    return table(("policy", "right", "seconds", "worth"), lines)


def shares(runs: Sequence[Run]) -> str:
    """Return who started and who answered, in percent of requests."""
    rows = list(chain.from_iterable(run.rows for run in runs))
    starts, roles = Counter(row.start for row in rows), Counter(row.role for row in rows)
    lines = [
        (name, f"{starts[name] / len(rows):.1%}", f"{roles[name] / len(rows):.1%}")
        for name in sorted(rows[0].seen)
    ]
    return table(("role", "starts", "answers"), lines)


def verdicts(checks: Sequence[Check]) -> str:
    """Return the demands as a table."""
    lines = [(each.what, each.figure, "yes" if each.holds else "NO") for each in checks]
    return table(("demand", "found", "holds"), lines)
