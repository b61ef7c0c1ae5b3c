"""The figures of the cascade as tables, each with what has to be reached."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.routing import Group
from app.orchestration.router.router import MIDDLE
from benchmarks.cascades.judging import ALLOWED, Kept, Worth
from benchmarks.cascades.live import Lived
from benchmarks.cascades.recorded import TIERS
from benchmarks.rig import table
from benchmarks.simulator.baselines import STRONGEST, Score, Yard
from benchmarks.simulator.report import Check, Price, verdicts
from benchmarks.simulator.rows import Row

__all__ = ["verdicts"]

LEAST_QUALITY: Final = 0.97
MOST_COST: Final = 0.45
LEAST_AUROC, LEAST_CHECKED, MOST_ERROR = 0.80, 0.90, 0.05


def policies(rows: Sequence[Row]) -> str:
    """Return the program beside the baselines, as shares of asking the architect always."""
    scores = _scores(rows)
    best = next(each for each in scores if each.name == f"always {STRONGEST}")
    lines = [
        (
            each.name,
            f"{each.right:.3f}",
            f"{each.right / best.right:.1%}",
            f"{each.seconds:.2f}",
            f"{each.seconds / best.seconds:.1%}",
        )
        for each in scores
    ]
    head = ("policy", "right", "of always-architect", "virtual seconds", "of always-architect")
    return table(head, lines)


def tiers(rows: Sequence[Row]) -> str:
    """Return by family who answered, and what share was right."""
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.kind].append(row)
    names = list(rows[0].seen)
    lines = []
    for kind, found in [*sorted(families.items()), ("all", list(rows))]:
        roles = Counter(row.role for row in found)
        right = sum(row.right for row in found) / len(found)
        always = sum(row.seen[STRONGEST].right for row in found) / len(found)
        shares = [f"{roles[name] / len(found):.0%}" for name in names]
        lines.append((kind, *shares, f"{right:.2f}", f"{always:.2f}"))
    head = ("family", *(f"{name} ({TIERS[name]})" for name in names), "right", "architect alone")
    return table(head, lines)


def path_checks(rows: Sequence[Row]) -> list[Check]:
    """Return the demands on quality, cost and shown text."""
    scores = _scores(rows)
    ours = scores[0]
    best = next(each for each in scores if each.name == f"always {STRONGEST}")
    quality, cost = ours.right / best.right, ours.seconds / best.seconds
    withdrawn = sum(row.withdrawn for row in rows)
    return [
        Check(
            f"quality of always-architect: at least {LEAST_QUALITY:.0%}",
            f"{quality:.1%}",
            quality >= LEAST_QUALITY,
        ),
        Check(f"cost of it: at most {MOST_COST:.0%}", f"{cost:.1%}", cost <= MOST_COST),
        Check("characters withdrawn: none", str(withdrawn), withdrawn == 0),
    ]


def gate_checks(found: Worth) -> list[Check]:
    """Return the demands on the gate."""
    return [
        Check(
            f"accept AUROC of all answers: at least {LEAST_AUROC}",
            f"{found.separation:.3f} ({found.count:,} answers)",
            found.separation >= LEAST_AUROC,
        ),
        Check(
            f"accept AUROC where a validator speaks: at least {LEAST_CHECKED}",
            f"{found.checked_separation:.3f} ({found.checked:,} answers)",
            found.checked_separation >= LEAST_CHECKED,
        ),
        Check(
            f"calibration error: at most {MOST_ERROR}",
            f"{found.error:.3f}",
            found.error <= MOST_ERROR,
        ),
    ]


def kept(found: Mapping[tuple[str, Group], Kept], names: Mapping[str, str]) -> str:
    """Return by model and group how often a promise was broken."""
    lines = [
        (
            f"{names[model]}, {group}",
            f"{each.given} of {each.splits}",
            f"{each.share:.1%}",
            f"{each.passed:.1%}",
            f"{each.wrong:.2%}",
        )
        for (model, group), each in found.items()
    ]
    head = ("model and group", "splits with a promise", "broken", "passed", "passed and wrong")
    return table(head, lines)


def promise_check(found: Mapping[tuple[str, Group], Kept]) -> Check:
    """Return the demand on promises: over all splits, and in the worst group."""
    given, broken = (sum(getattr(each, name) for each in found.values()) for name in _COUNTS)
    worst = max((each.share for each in found.values()), default=0.0)
    share = broken / given if given else 0.0
    return Check(
        f"promises broken: at most {ALLOWED:.0%} of the splits",
        f"{share:.1%} of {given:,}; worst group {worst:.1%}",
        share <= ALLOWED,
    )


def live(found: Sequence[Lived], rows: Sequence[Row]) -> str:
    """Return the real run beside the virtual one, for the same questions."""
    virtual = list(rows[: len(found)])
    lines = []
    for role in [*rows[0].seen, "all"]:
        ours = [each for each in found if role in (each.role, "all")]
        theirs = [each for each in virtual if role in (each.role, "all")]
        right = sum(each.right for each in ours) / len(ours) if ours else 0.0
        seconds = sum(each.seconds for each in ours) / len(ours) if ours else 0.0
        lines.append(
            (
                role,
                f"{len(ours)}",
                f"{len(theirs)}",
                f"{right:.2f}",
                f"{seconds:.2f}",
                f"{sum(each.withdrawn for each in ours)}",
            )
        )
    head = ("answered by", "live", "virtual", "right", "real seconds", "withdrawn")
    return table(head, lines)


def _scores(rows: Sequence[Row]) -> list[Score]:
    return Yard(rows, Price(MIDDLE)).all()


_COUNTS: Final = ("given", "broken")
