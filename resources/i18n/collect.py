"""Collects what the core says to people, so that it can be said in the language of the window.

The core speaks English: its sentences go to terminals, logs, the database and over the api. Here
they are read out of its sources, values as numbered gaps, and `core_*.json` beside this file keep
their translations. `app/ui/said.py` finds a sentence again by its words.
"""

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
APP: Final = HERE.parents[1] / "app"

# Parts of the core whose words reach the window; what only terminals show is not among them.
SPEAKERS: Final = {
    "api": "private",
    "conversations": "rows",
    "domain": "filenames gguf hub",
    "engines": "client exits keeper llamalog process server sse starter supervisor wire",
    "engines/llama_server": "builds client options recipe",
    "engines/remote": "client faults keys probe remotes",
    "engines/residency": "outlook place shortage",
    "engines/runner": "context intake library lifecycle model owner scheduler template weights",
    "engines/speculation": "pairing",
    "memory": "brief changing exchange file intake merging queries",
    "memory/collections": "decoding service walking",
    "memory/index": "backlog embeddings index questions",
    "memory/writing": "writer",
    "models": "editing entries env form loads ordering registry yaml_lines",
    "models/benching": "bench rounds subject",
    "models/builds": "service shelf unpack wire",
    "models/crashes": "applying desk diagnosis remedies",
    "models/downloads": "allowance desk errand faults item "
    "partfile service source transfer verify wishes",
    "models/hub": "access faults headers hub prospects verdict wire",
    "models/sets": "catalogue recommended",
    "models/shelf": "bringing checking desk reading removal shelf walk",
    "orchestration": "attempt chats conductor course eyes "
    "measurements recollection turn vectors window",
    "orchestration/gate": "forms grounding lengths schema validators wordwork",
    "orchestration/learning": "asking moves reading resets",
    "orchestration/ledger": "file",
    "orchestration/router": "router rules starts weighing",
    "platform": "instance lock logs net paths renewed secrets storage",
    "platform/migrations": "__init__",
}
# Words that fill the gap of a sentence alone.
SINGLE: Final = (
    "no No none stay stays waiting running retrying verifying paused done failed cancelled "
    "pause resume cancel retry"
)
# Texts of these files that look like words for people and are none.
_UNSAID: Final = """
memory list
memory search
memory add
memory show
memory forget
memory export
memory import
memory rebuild
couldn't bind
failed to find RPC
context type MTP requested but model doesn't contain MTP layers
error loading model:
quantized V cache requires flash_attn
failed to allocate buffer for kv cache
tool_choice: there is no such tool
prompt_logprobs: cannot be streamed
logit_bias: there is no token %1
conversations cannot be saved in %1: %2
not a migration: %1
migrations are not numbered in a row: %1
rows of %1 refer to rows that do not exist
What is the capital of Japan?
Tell the time.
Say hello.
zero one two three four five six seven eight nine ten eleven twelve
null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
engine log
engine out
engine builds
graphics layers
cache type
cache type of values
Bearer %1
Value error,
%1%2 is %3: %4
undo move
think harder
fall back
the gate
the router
a reader
the check of %1
the meaning of a question
watch download
figures of %1
end of download %1
remote model %1
attached answer
attached process
models crash
models remedy
models list
models folders
models import
models removal
models remove
models verify
and
or
Nothing was moved: every kind of task begins where each question is worth most.
%1 models measured
guessed from file sizes so far
from %1 answers of a kind on, till then the registry's timeouts
ORCHESTRATOR_EXPLORE is 0; quiet time explores instead
"""
# What these are given is for logs, programmers and the machine.
_QUIET_CALLS: Final = (
    "Mechanism debug info warning error exception compile spawn execute executemany ValueError "
    "TypeError RuntimeError note write writelines print"
)
_QUIET_FUNCTIONS: Final = frozenset({"mechanisms"})
_FIELD: Final = re.compile(r"\{\w*(?::[^}]*)?\}")
_GAP: Final = re.compile(r"%\d+")
# Words for people: two with a space between, or one beside a gap; no pattern, no markup, no key.
_WORDS: Final = re.compile(r"[^\W\d_]{2,}[^\W\d_'”`]*[,;:.]? +\S|\S +[^\W\d_]{2,}|^ [^\W\d_]{2,}")
_MACHINE: Final = re.compile(
    r"\\[a-zA-Z(\[.]|\.\*|[<>]|\(\.|\(\?|\{\{|::|\S\|\S| \| |^--|\n|^SELECT "
)


def sources() -> Iterator[Path]:
    """Yield the files that speak."""
    for package, names in SPEAKERS.items():
        yield from (APP / package / f"{name}.py" for name in names.split())


def said_in(text: str) -> list[str]:
    """Return the sentences of one source, each once, in their order."""
    ears = _Ears()
    ears.visit(ast.parse(text))
    return list(dict.fromkeys(ears.heard))


def collected() -> dict[str, str]:
    """Return every sentence of the core with its family: the package that says it first."""
    found = dict.fromkeys(SINGLE.split(), "words")
    for file in sources():
        family = ".".join(file.relative_to(APP).parent.parts)
        for saying in said_in(file.read_text("utf-8")):
            found.setdefault(saying, family)
    return found


def read(file: Path) -> dict[str, str]:
    """Return the translations of a file; '' stands for what nobody has translated."""
    families = json.loads(file.read_text("utf-8")).values()
    return {saying: words for family in families for saying, words in family.items()}


def write(file: Path, sayings: dict[str, str], known: dict[str, str]) -> None:
    """Write what is said now, by families, with the translations there are."""
    families: dict[str, dict[str, str]] = {}
    for saying, family in sayings.items():
        families.setdefault(family, {})[saying] = known.get(saying, "")
    file.write_text(json.dumps(families, ensure_ascii=False, indent=2) + "\n", "utf-8")


class _Ears(ast.NodeVisitor):
    """Hears the texts of a source that are meant for people."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        """Pass over what is told to nobody in the window."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _QUIET_CALLS.split():
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Pass over what only the doctor in a terminal tells."""
        if node.name not in _QUIET_FUNCTIONS:
            self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Pass over docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Hear a text; the fields of a format are its gaps."""
        if isinstance(node.value, str):
            self._hear(_FIELD.split(node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Hear a text with values in it, and what is said inside these."""
        parts = [""]
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts[-1] += str(part.value)
            elif isinstance(part, ast.FormattedValue):
                parts.append("")
                self.visit(part.value)
        self._hear(parts)

    def _hear(self, parts: Iterable[str]) -> None:
        """Keep a text whose gaps stand between `parts`, if it has words."""
        first, *rest = parts
        text = first + "".join(f"%{at}{part}" for at, part in enumerate(rest, start=1))
        words = _WORDS.search(_GAP.sub("%", text)) and not _MACHINE.search(text.rstrip("\n"))
        if words and text.strip() not in _UNSAID.splitlines():
            self.heard.append(text.strip())


def main() -> None:
    """Bring every `core_*.json` up to what is said now."""
    sayings = collected()
    for file in sorted(HERE.glob("core_*.json")):
        known = read(file)
        write(file, sayings, known)
        missing = sum(not known.get(saying) for saying in sayings)
        sys.stdout.write(f"{file.name}: {len(sayings)} sentences, {missing} not translated\n")


if __name__ == "__main__":
    main()
