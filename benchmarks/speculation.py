"""What speculation saves, against llama-server too: `python -m benchmarks.speculation MODEL.gguf`.

Six kinds of questions in the style the starter models were trained on, asked in turn of a runner
that does not draft, one that does, a llama-server that does not, and one for each setting of a
stated list, the best of which counts. Every question is fresh: a repeated one flatters drafters.
The bound is what the best fixed length of drafts, found afterwards, would have reached with the
drafts that earlier text offers and the costs measured on this computer. A model grown to a real
size is needed (`python -m benchmarks.grow`).
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import geometric_mean
from typing import Final, Literal

from app.domain.models import ModelSpec
from app.engines.llama_server.builds import PROGRAM, own_folder
from app.engines.speculation.costs import Costs
from app.engines.speculation.lookup import Lookup
from benchmarks.rig import Answered, Engine, costs_in, llama_server, middle, runner, table
from resources.models.recipe.mix import held_out

CONTEXT: Final = 1024
MOST: Final = 120  # tokens of an answer
TICK: Final = 10.0  # milliseconds the processor's time is counted in
FORM: Final = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
WARM: Final = 3  # questions of each kind that only teach the drafters
PLAIN, DRAFTING, PEER = "runner", "runner, drafting", "llama-server"
Clock = Literal["wall", "processor"]
# Ways a llama-server drafts; those with a draft model need one.
NGRAM: Final = ("--spec-ngram-map-k-size-n", "8", "--spec-ngram-map-k-size-m", "15")
SURE: Final = ("--spec-draft-n-max", "7", "--spec-draft-n-min", "0", "--spec-draft-p-min", "0.6")
SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "ngram-map-k 8/15": ("--spec-type", "ngram-map-k", *NGRAM),
    "ngram-map-k 12/48": ("--spec-type", "ngram-map-k"),
    "ngram-simple 4/15": (
        *("--spec-type", "ngram-simple", "--spec-ngram-simple-size-n", "4"),
        *("--spec-ngram-simple-size-m", "15"),
    ),
    "ngram-mod": ("--spec-type", "ngram-mod"),
    "draft 3": ("--spec-type", "draft-simple", "--spec-draft-n-max", "3"),
    "draft 7, sure": ("--spec-type", "draft-simple", *SURE),
    "ngram + draft": ("--spec-type", "ngram-map-k,draft-simple", *NGRAM, *SURE),
}
THINGS: Final = ("river", "stone", "house", "garden", "window", "forest", "bridge", "castle")


def _stories() -> list[str]:
    pairs = [(one, other) for one in THINGS for other in THINGS if one != other]
    Random(0).shuffle(pairs)
    return [f"Tell me a story about a {one} and a {other}." for one, other in pairs]


def _asked(family: str, grade: int, fits: Callable[[str], bool] = bool) -> list[str]:
    texts = [str(item.task.messages[-1]["content"]) for item in held_out(family, grade, 200)]
    return [text for text in texts if fits(text)]


WORKLOADS: Final[Mapping[str, Callable[[], list[str]]]] = {
    "chat": _stories,
    "code-new": lambda: _asked("code", 2, lambda text: "```" not in text),
    "code-edit": lambda: _asked("code", 4, lambda text: "return found" in text),
    "quote": lambda: _asked("quote", 2),
    "json-repeat": lambda: _asked("json-repeat", 2),
    "copy-with-changes": lambda: _asked("copy", 3),
}


@dataclass
class Seen:
    """What was seen of one engine on one workload."""

    milliseconds: list[float] = field(default_factory=list)  # of a token, by question
    tokens: int = 0
    steps: int = 0
    drafted: int = 0
    stood: int = 0

    def add(self, answered: Answered, clock: Clock) -> None:
        """Take in one answer; its first token comes from reading."""
        spent = answered.processor_ms if clock == "processor" else answered.milliseconds
        self.milliseconds.append(max(spent, TICK) / max(1, answered.tokens - 1))
        self.tokens += answered.tokens
        self.steps += answered.steps
        self.drafted += answered.drafted
        self.stood += answered.stood


@dataclass
class Workload:
    """All engines on one workload."""

    seen: dict[str, Seen]
    bounds: list[float] = field(default_factory=list)
    same: int = 0

    def speed(self, name: str) -> float:
        """Return the median, over the questions, of the speed against the runner that is plain."""
        pairs = zip(self.seen[PLAIN].milliseconds, self.seen[name].milliseconds, strict=True)
        return middle([plain / other for plain, other in pairs])


def bound(prompt: Sequence[int], answer: Sequence[int], costs: Costs) -> float:
    """Return the best speed of a fixed draft length behind a match of a least length."""
    lengths = (rows - 1 for rows in costs.grid())
    choices = [(length, least) for length in lengths for least in (2, 3, 6, 12)]
    return max(_replayed(prompt, answer, costs, *choice) for choice in choices)


def _replayed(
    prompt: Sequence[int], answer: Sequence[int], costs: Costs, length: int, least: int
) -> float:
    """Write the answer again with such drafts; return its speed against one token at a time."""
    lookup, text, time, at = Lookup(), [*prompt, *answer[:1]], 0.0, 1
    while at < len(answer):
        guess = lookup.guess(text, min(length, len(answer) - at - 1))
        sure = guess.evidence[:1] >= (least,)
        drafted = guess.tokens if sure else ()
        stood = next(
            (n for n, token in enumerate(drafted) if token != answer[at + n]), len(drafted)
        )
        time += costs.time(1 + len(drafted))
        text += answer[at : at + stood + 1]
        at += stood + 1
    return (len(answer) - 1) / time if time else 1.0


@dataclass(frozen=True)
class Bench:
    """The engines, and how they are measured."""

    engines: Mapping[str, Engine]
    costs: Costs
    clock: Clock

    def run(self, name: str, questions: Sequence[str]) -> Workload:
        """Ask all engines the same questions, in turn."""
        found = Workload({each: Seen() for each in self.engines})
        prompts = [FORM.format(question) for question in questions]
        for prompt in prompts[:WARM]:  # the others learn nothing
            self._ask(DRAFTING, name, prompt)
        for number, prompt in enumerate(prompts[WARM:]):
            order = list(self.engines)
            turn = number % len(order)
            answers = {each: self._ask(each, name, prompt) for each in order[turn:] + order[:turn]}
            if min(each.tokens for each in answers.values()) < 2:
                continue
            for each, answered in answers.items():
                found.seen[each].add(answered, self.clock)
            texts = answers[PLAIN].text, answers[DRAFTING].text
            found.same += texts[0] == texts[1]
            read, written = (self.engines[PLAIN].tokens(text) for text in (prompt, texts[0]))
            found.bounds.append(bound(read, written, self.costs))
        return found

    def _ask(self, engine: str, workload: str, prompt: str) -> Answered:
        own = {"task_family": workload} if engine in (PLAIN, DRAFTING) else {}
        return self.engines[engine].follow(prompt, max_tokens=MOST, **own)


HEAD: Final = (
    *("drafting", "llama-server", "its best setting", "against that"),
    *("tokens that stood", "tokens a step", "bound", "reached", "same text"),
)


def rows(found: Mapping[str, Workload]) -> list[tuple[str, ...]]:
    """Return the lines of the table; speeds are against the runner that does not draft."""
    lines, against = [], []
    for name, workload in found.items():
        drafting, seen = workload.speed(DRAFTING), workload.seen[DRAFTING]
        peers = {each: workload.speed(each) for each in workload.seen if each in SETTINGS}
        peers[PEER] = workload.speed(PEER)
        best = max(peers, key=lambda each: peers[each])
        most = middle(workload.bounds)
        against.append(drafting / peers[best])
        lines.append(
            (
                name,
                f"{drafting:.2f}x",
                f"{peers[PEER]:.2f}x",
                f"{peers[best]:.2f}x ({best})",
                f"{against[-1]:.2f}x",
                f"{seen.stood} of {seen.drafted}",
                f"{seen.tokens / max(1, seen.steps):.2f}",
                f"{most:.2f}x",
                f"{drafting / most:.0%}",
                f"{workload.same} of {len(workload.bounds)}",
            )
        )
    mean = geometric_mean(against)
    return [*lines, ("geometric mean", "", "", "", f"{mean:.2f}x", *("",) * 5)]


def measure(args: argparse.Namespace) -> str:
    """Return the tables for a model."""
    common = ("--context", str(CONTEXT), "--threads", str(args.threads))
    draft = ("--draft-model", str(args.draft)) if args.draft else ()
    spec = ModelSpec(
        name="bench", path=args.model, engine="llama-server",
        context=CONTEXT, sequences=1, threads=args.threads, speculation=False,
    )  # fmt: skip
    with ExitStack() as stack:
        costs = args.costs or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start = stack.enter_context
        drafting = start(runner(args.model, "--costs", str(costs), *draft, *common))
        engines = {
            DRAFTING: drafting,
            PLAIN: start(runner(args.model, "--no-speculation", *common)),
        }
        engines[PEER] = start(llama_server(spec, args.llama_server))
        for name in _settings(args):
            extra = ("--spec-draft-model", str(args.draft)) if "draft" in name else ()
            options = (*SETTINGS[name], *extra)
            engines[name] = start(llama_server(spec, args.llama_server, options))
            if not engines[name].drafts():
                raise SystemExit(f"the llama-server does not draft with {' '.join(options)}")
        bench = Bench(engines, Costs(costs_in(costs)), args.clock)
        found = {}
        for name in args.workloads:
            found[name] = bench.run(name, WORKLOADS[name]()[: WARM + args.questions])
    head = (f"{args.model.name}, threads: {args.threads}, {args.clock} time", *HEAD)
    known = ", ".join(f"{k}: {bench.costs.time(k):.2f}" for k in sorted(bench.costs.milliseconds))
    return f"{table(head, rows(found))}\n\nt(k), in times of one token: {known}"


def _settings(args: argparse.Namespace) -> list[str]:
    return [name for name in args.settings if args.draft or "draft" not in name]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.speculation")
    parser.add_argument("model", type=Path)
    parser.add_argument("--draft", type=Path, help="a draft model, grown or not")
    parser.add_argument("--questions", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall")
    parser.add_argument("--costs", type=Path, help="folder that keeps the measured costs")
    parser.add_argument("--llama-server", type=Path, default=own_folder() / PROGRAM)
    parser.add_argument("--settings", nargs="*", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--workloads", nargs="*", choices=list(WORKLOADS), default=list(WORKLOADS))
    print(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
