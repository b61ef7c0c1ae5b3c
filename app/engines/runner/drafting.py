"""Everything about drafting that answers of one model share: costs, acceptance, who can draft."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.engines.runner import companion
from app.engines.runner.companion import Companion, DraftModel
from app.engines.runner.context import Context
from app.engines.runner.generation import Generation
from app.engines.runner.measuring import (
    FEW_CELLS,
    Measured,
    Notebook,
    key_of,
    measure,
    usable,
)
from app.engines.runner.model import Model
from app.engines.runner.options import Options
from app.engines.runner.rehearsal import Rehearsals
from app.engines.speculation import lookup, prediction
from app.engines.speculation.base import Drafter, NoDrafter
from app.engines.speculation.costs import BUCKETS, Costs, bucket_of
from app.engines.speculation.lookup import Lookup
from app.engines.speculation.prediction import Prediction
from app.engines.speculation.source import Source
from app.engines.speculation.speculator import Speculator
from app.engines.speculation.tuner import MOST_BUSY, WORTH, Tuner

# Rows beyond the first that one evaluation may verify.
MOST_DRAFTED: Final = 63
# Rows at which reading of the draft model is measured.
READ_ROWS: Final = 32
# Evaluations that take longer than this are not timed at idle.
BRIEF_MS: Final = 300.0
# Prompts that are known again.
REMEMBERED: Final = 256
# Scores closer than this are always a tie: what was measured may have missed how far rows differ.
TOLERANCE: Final = 0.02

SWITCHED_OFF: Final = "switched off"
NOT_CUT: Final = "this model's memory ({kind}) cannot take back tokens, or only with much memory"
NOT_MEASURED: Final = "this computer has not been measured for this model"
NO_DRAFT_MODEL: Final = "none is set for this model"
NOT_REHEARSED: Final = "it has not read a finished answer of this model yet"
BUSY: Final = "more than {most} answers at once leave no room for guesses"
TOO_FEW: Final = "{rate:.0%} of its tokens stand; from {needed:.0%} on it would save time here"
SELDOM: Final = "{rate:.0%} of its tokens stand; it drafts only where more than {needed:.0%} may"
NO_GAIN: Final = "checking several tokens takes as long here as writing them"


@dataclass(frozen=True, slots=True)
class Material:
    """What one answer may be drafted from; all in tokens."""

    prompt: tuple[int, ...]
    prediction: tuple[int, ...] = ()
    documents: tuple[tuple[int, ...], ...] = ()
    family: str = "other"


@dataclass
class Drafting:
    """Makes the drafter of each answer; the owner's thread fills in what it measured."""

    off: str = NOT_MEASURED
    room: int = MOST_DRAFTED
    tuner: Tuner = field(default_factory=Tuner)
    tolerance: float = TOLERANCE
    tolerance_short: float = TOLERANCE
    companion: Companion | None = None
    no_companion: str = NO_DRAFT_MODEL
    rehearsals: Rehearsals = field(init=False)
    _notebook: Notebook | None = None
    _key: str = ""  # of what was learned, which hangs on the draft model, too
    _own: str = ""  # of what was measured of the model alone
    _threads: int = 0
    _asked: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.rehearsals = Rehearsals(self.tuner.acceptance)

    @property
    def most(self) -> int:
        """How many tokens one evaluation may verify beyond the one that is due."""
        return 0 if self.off else self.room

    def tolerance_at(self, cells: int) -> float:
        """Return how close two scores may be before their order is chance, by cells in use."""
        return self.tolerance_short if cells <= FEW_CELLS else self.tolerance

    def prepare(self, context: Context, model: Model, options: Options, build: str) -> None:
        """Measure the costs of this model, or read what was measured before."""
        if not options.speculation:
            self.off = SWITCHED_OFF
            return
        self.room = min(MOST_DRAFTED, context.verifies)
        if self.room < 1:
            self.off = NOT_CUT.format(kind=model.memory_kind.value)
            return
        notebook = Notebook(options.costs)
        attention = context.layout["flash attention"]
        past = (options.kv_keys, options.kv_values)
        key = key_of(options.model, (model.gpu_layers, options.threads, attention, *past, build))
        self._threads = options.threads
        found = notebook.read(key)
        if found is None:
            told = usable(options.told.get(0, {}), 1 + self.room)
            found = measure(context, model.n_vocab, 1 + self.room, told)
            if found is None:
                return
            if not told:
                notebook.write(key, found)
        self.tuner.costs = found.costs()
        self._notebook, self._own = notebook, key
        self._key = key + self._draft_key(options, build)
        self._price_companion(found, notebook, self._key)
        self._recall_longer(notebook, options.told)
        learned = notebook.recall(self._key)
        if isinstance(learned, dict):
            self.tuner.acceptance.restore(learned.get("acceptance"))
            self.tuner.costs.restore(learned.get("costs"))
        self.tolerance = max(found.tolerance, TOLERANCE)
        self.tolerance_short = max(found.tolerance_short, TOLERANCE)
        self.off = "" if self.tuner.ceiling() >= WORTH else NO_GAIN

    def _recall_longer(self, notebook: Notebook, told: Mapping[int, Mapping[int, float]]) -> None:
        for edge in BUCKETS[1:]:
            found, costs = notebook.read(f"{self._own}-{edge}"), self.tuner.costs
            kept = usable(told.get(edge, {}), 1 + self.room)
            known = found.milliseconds if found is not None else kept
            if known and costs is not None:
                costs.measured(edge, known)

    def sizes_wanted(self, context: int) -> list[int]:
        """Return how many rows are still to be timed behind a text of that length.

        Those that take long are left out: somebody may ask something at any moment.
        """
        costs = self.tuner.costs
        if self.off or costs is None or not costs.wants(context):
            return []
        known = costs.table(context).items()
        return [
            rows for rows, ms in known if rows <= 1 + self.room and (rows == 1 or ms <= BRIEF_MS)
        ]

    def measured(self, context: int, milliseconds: dict[int, float]) -> None:
        """Take over what evaluations behind a long text take, and keep it."""
        costs = self.tuner.costs
        if costs is None or self._notebook is None:
            return
        costs.measured(context, milliseconds)
        edge = bucket_of(context)
        if edge in costs.longer:
            found = Measured(costs.longer[edge], self.tolerance, self.tolerance_short)
            self._notebook.write(f"{self._own}-{edge}", found)

    def _draft_key(self, options: Options, build: str) -> str:
        path = options.draft_model
        return key_of(path, (options.threads, build)) if path and self.companion else ""

    def _price_companion(self, target: Measured, notebook: Notebook, key: str) -> None:
        """Measure what a token of the draft model costs, written by it and read by it."""
        smaller, costs = self.companion, self.tuner.costs
        if smaller is None or costs is None:
            return
        found = notebook.read(key)
        if found is None:
            found = measure(smaller.context, smaller.n_vocab, READ_ROWS)
            if found is None:
                self.companion, self.no_companion = None, "it could not be measured"
                return
            notebook.write(key, found)
        single = target.milliseconds[1]
        rows = max(found.milliseconds)
        costs.drafting = found.milliseconds[1] / single
        costs.reading = found.milliseconds[rows] / rows / single

    def drafter(self, material: Material, model: Model) -> Drafter:
        """Return the drafter of one answer; from any thread, and after a long text not at once."""
        if self.off:
            return NoDrafter()
        sources: list[Source] = []
        if material.prediction:

            def starts_word(token: int) -> bool:
                return not model.piece(token)[:1].isalnum()

            sources.append(Prediction(material.prediction, len(material.prompt), starts_word))
        earlier = Lookup(material.documents)
        earlier.read(material.prompt)
        sources.append(earlier)
        if self.companion is not None:
            sources.append(DraftModel(self.companion, self.tuner, material.family, model.ends))
        prompt, fresh = len(material.prompt), self._is_fresh(material.prompt)
        return Speculator(self.tuner, sources, prompt, material.family, learns=fresh)

    def _is_fresh(self, prompt: tuple[int, ...]) -> bool:
        """Whether a prompt was not asked lately: the same one again teaches nothing new."""
        key = hash(prompt)
        fresh = key not in self._asked
        if fresh:
            self._asked.append(key)
        return fresh

    def hear(self, generation: Generation) -> None:
        """Take note of a finished answer: it needs no drafts any more, and teaches at idle."""
        drafter = generation.drafter
        if not isinstance(drafter, Speculator):
            return
        if self.companion is not None:
            for source in drafter.sources:
                self.companion.release(source)
        if drafter.learns:
            told = generation.tokens, drafter.prompt, drafter.family
            self.rehearsals.hear(*told, watched=True)

    @property
    def knows_companion(self) -> bool:
        """Whether it is known how often the draft model's tokens stand."""
        return self.tuner.acceptance.rate(companion.NAME) is not None

    def rehearse(self) -> bool:
        """Learn a little from finished answers; False when there is nothing to learn from."""
        return not self.off and self.rehearsals.step(self.companion, READ_ROWS)

    def close(self) -> None:
        """Keep what was learned for the next start, and give the memory back."""
        if self._notebook is not None:
            costs = self.tuner.costs.dump() if self.tuner.costs else {}
            learned = {"acceptance": self.tuner.acceptance.dump(), "costs": costs}
            self._notebook.remember(self._key, learned)
        if self.companion is not None:
            self.companion.close()

    def prices(self) -> dict[str, object]:
        """Return what verifying costs as it was measured, and which sizes are worth it."""
        costs = self.tuner.costs
        measured = costs.milliseconds if costs is not None else {}
        grid = Costs(dict(measured)).grid() if measured else ()
        longer = costs.longer if costs is not None else {}
        told = {"longer": longer, "threads": self._threads}
        return {"milliseconds": measured, "grid": grid, "off": self.off, **told}

    def report(self) -> dict[str, object]:
        """Return for each drafter whether it is on, why not, and how often its tokens stood."""
        names = (lookup.NAME, prediction.NAME, companion.NAME)
        return {name: self._state(name) for name in names}

    def _state(self, name: str) -> dict[str, object]:
        if self.off:
            return {"state": "off", "reason": self.off}
        if name == companion.NAME and self.companion is None:
            return {"state": "off", "reason": self.no_companion}
        if self.tuner.busy > MOST_BUSY:
            return {"state": "off", "reason": BUSY.format(most=MOST_BUSY)}
        rate = self.tuner.acceptance.rate(name)
        if rate is None:
            unknown = name == companion.NAME
            return (
                {"state": "off", "reason": NOT_REHEARSED}
                if unknown
                else {"state": "on", "reason": ""}
            )
        return self._judged(name, rate)

    def _judged(self, name: str, rate: float) -> dict[str, object]:
        """Compare how often a drafter's tokens stood with what is needed here."""
        costs = self.tuner.costs
        own = name == companion.NAME
        needed = self.tuner.needed(costs.drafting if own and costs else 0.0)
        words = TOO_FEW if own else SELDOM
        reason = "" if rate >= needed else words.format(rate=rate, needed=needed)
        return {
            "state": "off" if own and reason else "on",
            "reason": reason,
            "acceptance": round(rate, 3),
            "needed": needed,
        }
