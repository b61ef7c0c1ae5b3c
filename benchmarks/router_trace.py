"""How well questions are routed between a weak and a strong model, on a trace of both.

    python -m benchmarks.router_trace TRACE.csv[.gz] [--train 1000] [--blind]

Takes any CSV with `subject,prompt,weak_correct,strong_correct[,weak_response,strong_response]`;
`subject` may be missing or left out of sight (`--blind`): then the kind of task stands for it.
Rows without a prompt or without a word on who was right are left out and counted. Five folds by
question; the product's own predictor learns on four of them and routes the fifth.

APGR is the area under "performance gap recovered" over the share of strong calls (random: 0.5);
CPT50 the share of strong calls that recovers half of the gap. With responses, the gate judges the
weak answers by their text: APGR, AUROC, and what a cascade costs at 95 % and 99 % of the strong
quality, the weak calls counted, thresholds chosen on the other folds.
Published for comparison (RouteLLM, best router on MMLU): APGR 0.603, CPT50 35.4 %.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.traces.figures import auroc, figures, interval
from benchmarks.traces.gating import COST_RATIOS, SHARES, cost_at, judged
from benchmarks.traces.reading import Trace, Unusable, Vector, read
from benchmarks.traces.routers import ROUTERS, expected_of_weak, routed

PUBLISHED = "RouteLLM, published for MMLU"


def lines(trace: Trace, most: int) -> Iterator[str]:
    """Yield the tables of a trace as Markdown."""
    weak, strong = trace.weak, trace.strong
    left = f" ({trace.left_out} rows say nothing and are left out)" if trace.left_out else ""
    yield (
        f"{len(weak)} questions{left}: weak {weak.mean():.3f}, strong {strong.mean():.3f} right; "
        f"learned from {most or 'all'} questions of the other folds.\n"
    )
    yield "| who routes | APGR (90 %) | CPT50 (90 %) | CPT80 |"
    yield "| --- | ---: | ---: | ---: |"
    for name, router in ROUTERS.items():
        yield _row(name, routed(trace.items, router, most), trace)
    yield f"| {PUBLISHED} | 0.603 | 35.4 % | 70.3 % |"
    if trace.has_responses:
        yield from _gate(trace, most)


def _row(name: str, gain: Vector, trace: Trace) -> str:
    found = figures(gain, trace.weak, trace.strong)
    around = interval(gain, trace.weak, trace.strong)
    low, high = around.apgr
    least, most = around.cpt50
    return (
        f"| {name} | {found.apgr:.3f} ({low:.3f} to {high:.3f}) "
        f"| {found.cpt50:.1%} ({least:.1%} to {most:.1%}) | {found.cpt80:.1%} |"
    )


def _gate(trace: Trace, most: int) -> Iterator[str]:
    expected = routed(trace.items, expected_of_weak, most)
    scores = judged(trace.items, expected)
    yield f"\nThe gate, by question and text alone: AUROC {auroc(scores, trace.weak):.3f}\n"
    yield "| who routes | APGR (90 %) | CPT50 (90 %) | CPT80 |"
    yield "| --- | ---: | ---: | ---: |"
    yield _row("the gate", -scores, trace)
    yield (
        "\n| a weak call costs | "
        + " | ".join(f"cost at {share:.0%} (quality)" for share in SHARES)
        + " |"
    )
    yield "| ---: |" + " ---: |" * len(SHARES)
    for ratio in COST_RATIOS:
        found = [cost_at(trace, scores, ratio, share) for share in SHARES]
        cells = " | ".join(f"{cost:.3f} ({right:.1%})" for cost, right in found)
        yield f"| {ratio:g} | {cells} |"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables of a trace; return 1 with a message where that cannot be done."""
    parser = argparse.ArgumentParser(prog="benchmarks.router_trace")
    parser.add_argument("trace", type=Path)
    parser.add_argument("--train", type=int, default=0, help="training questions; 0 takes all")
    parser.add_argument("--blind", action="store_true", help="without the subject")
    args = parser.parse_args(argv)
    if args.train < 0:
        parser.error("--train takes a number of questions, or 0 for all")
    try:
        for line in lines(read(args.trace, blind=args.blind), args.train):
            print(line, flush=True)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
