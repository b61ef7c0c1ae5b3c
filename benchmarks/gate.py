"""What judging costs: `python -m benchmarks.gate`.

Answers of 200 tokens of several kinds, judged by a gate that has learned from 1,200 answers of two
models; with the two looks at first words that come before. Against the time the answer took to be
written, for engines of several speeds. Beside it: what the lead of each token over the next costs
in the engine, by size of vocabulary, and the worst that an answer made to be slow can do. Times are
those of the processor: what else the computer does is left out.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from time import thread_time
from typing import Final

import numpy as np

from app.domain.chat import ChatMessage
from app.domain.routing import OutcomeRecord, Witness
from app.engines.runner.sampling import top_logprobs
from app.engines.wire import AnswerReader
from app.orchestration.attempt import LOOP_LOOK
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.gate.loops import is_loop
from app.orchestration.gate.validators import LONGEST
from app.orchestration.question import Question
from app.orchestration.router.families import family_of

TOKENS: Final = 200
ROUNDS: Final = 60
ALLOWED: Final = 0.01
SPEEDS: Final = (10.0, 40.0, 150.0, 900.0)  # tokens/s; the last is the starter model
VOCABULARIES: Final = (1_536, 32_000, 152_000)
PROSE: Final = (
    "the house on the hill is not far from the sea and we can see boats when it is clear in the "
    "morning while birds sing over old stone walls that nobody has painted for many years"
)
HOSTILE: Final = {
    "brackets": "[" * LONGEST,
    "one number": "9" * LONGEST,
    "a sum": "1+" * (LONGEST // 2) + "=1",
    "a tower of powers": "```python\nx = 9**9**9**9\n```",
    "quotations": '"a b c d" ' * (LONGEST // 10),
    "nested JSON": '{"a":' * (LONGEST // 5),
    "minus signs": "```python\nx = " + "-" * 90_000 + "1\n```",
}


@dataclass(frozen=True)
class Case:
    """One question with its answer."""

    name: str
    asked: Asked
    answer: Answer


def _case(name: str, question: str, text: str, given: str = "") -> Case:
    thread = [ChatMessage(role="user", content=each) for each in (given, question) if each]
    asked = Question(question, tuple(thread))
    random = Random(name)
    logprobs = tuple(-random.expovariate(4) for _ in range(TOKENS))
    margins = tuple(random.random() for _ in range(TOKENS))
    answer = Answer(text, logprobs, margins, "stop", TOKENS)
    return Case(name, Asked(asked, family_of(asked)), answer)


def cases() -> list[Case]:
    """Return answers of 200 tokens of the kinds that are judged most differently."""
    random, words = Random(1), PROSE.split()
    prose = " ".join(random.choice(words) for _ in range(TOKENS * 3 // 4))
    code = "\n".join(f"    value_{at} = compute({at}, offset={at * 3})" for at in range(14))
    sums = " ".join(f"{at} + {at * 7} = {at * 8}." for at in range(2, 24))
    data = ", ".join(f'"name_{at}": {{"age": {at}, "city": "Bergen"}}' for at in range(18))
    return [
        _case("prose", "Tell me about the house on the hill and the sea.", prose),
        _case("code", "Write a Python function.", f"```python\ndef f():\n{code}\n```"),
        _case("arithmetic", "Show how the row of eight goes on, step by step.", sums),
        _case("JSON", "Return the people as JSON.", f"{{{data}}}"),
        _case("quotation", "Quote what is said about it.", f'It says "{prose[:300]}".', prose * 20),
    ]


def taught(count: int = 600) -> Gate:
    """Return a gate that knows two models well."""
    random, gate = Random(2), Gate()
    rows = []
    for at, case in enumerate([*cases()] * (2 * count // len(cases()))):
        mean = -random.random()
        answer = Answer(case.answer.text, tuple([mean] * 90), (), "stop", 90)
        judged = gate.judge(case.asked, answer, "m", 0.5)
        row = OutcomeRecord(
            at=0.0,
            model_id=f"model {at % 2}",
            family=case.asked.family,
            right=float(random.random() < 1 + mean),
            witness=Witness.VALIDATOR,
            source="probe",
            question=str(at),
            signals=dict(judged.signals),
        )
        rows.append(row)
    gate.refit(rows)
    return gate


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return how long each of some rounds took, in seconds of the processor, rising."""
    work()
    found = []
    for _ in range(rounds):
        started = thread_time()
        work()
        found.append(thread_time() - started)
    return sorted(found)


def judging(gate: Gate, case: Case) -> Callable[[], object]:
    """Return all the gate does about one answer."""
    begun = [
        Answer(
            case.answer.text[: 4 * look], case.answer.logprobs[:look], case.answer.margins[:look]
        )
        for look in (16, 64)
    ]

    def work() -> None:
        for each in begun:
            gate.early(case.asked, each, "model 0", 0.6)
        for _ in range(TOKENS // LOOP_LOOK):
            is_loop(case.answer.text)
        gate.judge(case.asked, case.answer, "model 0", 0.6)

    return work


def margins(vocabulary: int) -> tuple[float, float]:
    """Return the seconds a token takes to be scored, and to be scored with its lead."""
    scores = np.random.default_rng(0).normal(0, 3, vocabulary).astype(np.float32)
    plain = timed(lambda: top_logprobs(scores, 5, 0))
    return plain[len(plain) // 2], _median(timed(lambda: top_logprobs(scores, 5, 2)))


def reading() -> tuple[float, float]:
    """Return the seconds it takes to read a token's event, without and with others beside it."""
    token = '{"token":" the","logprob":-0.3,"bytes":[32,116,104,101]'
    head = '{"choices":[{"index":0,"delta":{"content":" the"},"logprobs":{"content":['
    tail = ']}}],"id":"chatcmpl-1","object":"chat.completion.chunk"}'
    plain = f'{head}{token},"top_logprobs":[]}}{tail}'
    both = f'{head}{token},"top_logprobs":[{token}}},{token.replace("the", "a")}}}]}}{tail}'
    reader = AnswerReader()
    without = timed(lambda: list(reader.read(plain)), 400)
    return _median(without), _median(timed(lambda: list(reader.read(both)), 400))


def _median(rising: Sequence[float]) -> float:
    return rising[len(rising) // 2]


def main() -> None:
    """Print the tables."""
    write = sys.stdout.write
    gate = taught()
    write(f"judging an answer of {TOKENS} tokens, with two looks at its beginning\n")
    worst = 0.0
    for case in cases():
        found = timed(judging(gate, case))
        high = found[int(len(found) * 0.95)]
        worst = max(worst, high)
        write(f"  {case.name:<12} {_median(found) * 1e6:7.0f} us   p95 {high * 1e6:7.0f} us\n")
    write("share of the time the answer takes to be written (worst kind, p95)\n")
    for speed in SPEEDS:
        share = worst / (TOKENS / speed)
        write(f"  {speed:5.0f} tokens/s  {share:.3%}  {'ok' if share <= ALLOWED else 'TOO MUCH'}\n")
    write("the lead of each token over the next, in the engine\n")
    for size in VOCABULARIES:
        plain, both = margins(size)
        write(
            f"  {size:7,d} tokens  scored {plain * 1e6:6.1f} us  with lead {both * 1e6:6.1f} us\n"
        )
    plain, both = reading()
    write(f"and in reading its event: {plain * 1e6:.1f} us without, {both * 1e6:.1f} us with\n")
    write("answers that were made to be slow\n")
    question = Question("JSON and Python please", (ChatMessage(role="user", content="x"),))
    for name, text in HOSTILE.items():
        answer = Answer(text, (), (), "stop", TOKENS)
        found = timed(partial(gate.judge, Asked(question, "code"), answer, "m", 0.5), 3)
        write(f"  {name:<18} {_median(found) * 1e3:6.1f} ms\n")
    fit = timed(gate.refit, 3)
    write(f"learning from 1,200 answers again: {_median(fit):.2f} s, in a thread of its own\n")


if __name__ == "__main__":
    main()
