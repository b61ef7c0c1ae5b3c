"""The thread that owns the model: it loads, works off the desk, and gives the memory back."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol

from app.domain.footprint import rollback
from app.domain.gguf import GgufError, read_header
from app.engines.runner import devices, library, weights
from app.engines.runner.companion import Companion
from app.engines.runner.context import CACHE_TYPES, AbortFlag, Context, Shape
from app.engines.runner.desk import Desk
from app.engines.runner.drafting import MOST_DRAFTED, READ_ROWS, Drafting
from app.engines.runner.embedder import Embedder, Embedding
from app.engines.runner.failures import ExitCode, LoadFailed
from app.engines.runner.generation import Generation
from app.engines.runner.library import LogTap
from app.engines.runner.model import MemoryKind, Model
from app.engines.runner.options import Options
from app.engines.runner.scheduler import Scheduler
from app.engines.runner.shelf import Shelf
from app.engines.runner.statefile import fingerprint
from app.engines.runner.states import States
from app.engines.runner.status import Phase, Status
from app.engines.speculation.pairing import pair

EMBEDDING_SEQUENCES: Final = 64  # texts of one evaluation at most
SCORED_ROWS: Final = 15  # of prompts, in one evaluation
NO_WAY_BACK: Final = "what it has written cannot be taken back"
MEASURING: Final = "Measuring once how fast this computer checks several tokens at a time"
MEASURING_LONG: Final = f"{MEASURING} behind a long text"
# With less to do per thread, waking the threads up costs more than they help.
BYTES_PER_THREAD: Final = 24 << 20


class Work(Protocol):
    """What the thread does once the model is there."""

    def step(self) -> bool:
        """Do a piece of it; False when there is nothing to do."""
        ...

    def drain(self) -> None:
        """Turn away everyone who still waits."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """The loaded model, how many tokens one request may have, and how many all together."""

    model: Model
    window: int
    cells: int


class Owner(threading.Thread):
    """Loads the model and serves it until the desk is closed.

    Everything that touches the context happens in this thread; others only leave requests.
    """

    def __init__(
        self,
        options: Options,
        status: Status,
        *,
        log: Callable[[str], object],
        on_failure: Callable[[], None],
    ) -> None:
        super().__init__(name="context-owner", daemon=True)
        self._options = options
        self._log = log
        self._on_failure = on_failure
        self._abort = AbortFlag()
        self.status = status
        self.generations: Desk[Generation] = Desk(self._abort)
        self.embeddings: Desk[Embedding] = Desk(self._abort)
        self.served: Served | None = None
        self.drafting = Drafting()
        self.shelf: Shelf | None = None
        self.scheduler: Scheduler | None = None
        self._tap: LogTap | None = None

    @property
    def desk(self) -> Desk[Generation] | Desk[Embedding]:
        """The desk this process works off."""
        return self.embeddings if self._options.embeddings else self.generations

    def run(self) -> None:
        """Load, serve, and clean up."""
        try:
            model, context = self._load()
        except LoadFailed as failure:
            self.status.fail(failure)
            self._on_failure()
            return
        work = self._work(context)
        self.status.progress = 1.0
        self.status.phase = Phase.READY
        while not self.desk.closed:
            if not (work.step() or self.drafting.rehearse() or self._measure()):
                self.desk.wait()
        work.drain()
        self.drafting.close()
        context.close()
        model.close()
        if self._tap is not None:
            self._tap.close()

    def _measure(self) -> bool:
        """Time evaluations behind a long text, if that is still to be done."""
        more = self.scheduler is not None and self.scheduler.measure()
        self.status.note = MEASURING_LONG if more else ""
        return more

    def close(self) -> None:
        """Stop what runs and end the thread."""
        self.generations.close()
        self.embeddings.close()

    def _load(self) -> tuple[Model, Context]:
        weights.check(self._options.model)
        native = library.load()
        log = self._tap = LogTap(
            native, self._log, verbose=self._options.verbose, hushed=self._abort.is_set
        )
        try:
            layers = devices.choose_layers(
                self._options.gpu_layers,
                devices.graphics(native),
                self._options.model,
                context=self._options.context,
                ubatch=self._options.ubatch,
            )
            model = Model(native, self._options.model, log, self._advance, gpu_layers=layers)
            window, shape = _shape(self._options, model)
            context = self._open_context(model, shape, log)
        except MemoryError as error:
            message = "There is not enough memory for this model."
            raise LoadFailed(ExitCode.OUT_OF_MEMORY, message) from error
        if not self._options.embeddings:
            self._load_companion(native, log)
            self.status.note = MEASURING
            self.drafting.prepare(context, model, self._options, library.BUILD)
            self.status.note = ""
            self.shelf = self._open_shelf(context)
        self.served = Served(model, window, context.cells)
        return model, context

    def _open_context(self, model: Model, shape: Shape, log: LogTap) -> Context:
        """Make the context; where a state has to be kept for each token taken back, if it is small.

        How large that state is, is known once there is one.
        """
        context = Context(model, shape, log, self._abort)
        state = _warm_up(model, context)
        kept = rollback(state, shape.sequences, 1 + MOST_DRAFTED)
        if not self._options.speculation or context.takes_back or not kept:
            return context
        context.close()
        context = Context(model, replace(shape, rollback=kept), log, self._abort)
        _warm_up(model, context)
        return context

    def _open_shelf(self, context: Context) -> Shelf | None:
        """Open the folder of saved conversations; without it everything is read again."""
        options = self._options
        if options.states is None:
            return None
        try:
            own = fingerprint(options.model, **context.layout, engine=library.BUILD)
            states = States(options.states, own, options.states_bytes, can_cut=context.can_cut)
        except OSError as error:
            self._log(f"conversations cannot be saved in {options.states}: {error.strerror}\n")
            return None
        return Shelf(states, self._log, least=options.states_least)

    def _load_companion(self, native: ModuleType, log: LogTap) -> None:
        """Load the draft model; without it the answers come all the same, and `/health` says why.

        It shares nothing with the model but the vocabulary.
        """
        path = self._options.draft_model
        if path is None or not self._options.speculation:
            return
        try:
            reason = _unfit_draft(self._options.model, path)
            if not reason:
                model = Model(native, path, log, lambda _fraction: None)
                if model.memory_kind is not MemoryKind.ATTENTION:
                    reason = NO_WAY_BACK
                    model.close()
            if not reason:
                _, shape = _shape(replace(self._options, model=path, speculation=False), model)
                context = Context(model, replace(shape, outputs=READ_ROWS), log, self._abort)
                self.drafting.companion = Companion(model, context, self._options.sequences)
        except (LoadFailed, MemoryError, OSError) as error:
            reason = str(error)
        self.drafting.no_companion = reason

    def _advance(self, fraction: float) -> None:
        # The last hundredth is for the context and the first evaluation.
        self.status.progress = 0.99 * fraction

    def _work(self, context: Context) -> Work:
        counters = self.status.counters
        if self._options.embeddings:
            return Embedder(context, self.embeddings, counters, sequences=EMBEDDING_SEQUENCES)
        self.scheduler = Scheduler(
            context,
            self.generations,
            counters,
            sequences=self._options.sequences,
            drafting=self.drafting,
            shelf=self.shelf,
        )
        return self.scheduler


def _shape(options: Options, model: Model) -> tuple[int, Shape]:
    """Return how many tokens a request may have, and the sizes of the context."""
    threads = max(1, min(options.threads, model.size // BYTES_PER_THREAD))
    if options.embeddings:
        # A text is evaluated as a whole, which is enough to do for all threads.
        # Encoders see a text whole: one evaluation must hold it. Their positions are learned.
        window = min(options.context, model.n_ctx_train)
        rows = max(window, options.batch)
        return window, Shape(
            context=rows,
            sequences=EMBEDDING_SEQUENCES,
            threads=options.threads,
            batch=rows,
            ubatch=rows,
            outputs=rows,
            embeddings=True,
            flash_attention=options.flash_attention,
        )
    rows = max(options.batch, 2 * options.sequences)
    drafted = MOST_DRAFTED if options.speculation else 0
    return options.context, Shape(
        context=options.context,
        sequences=options.sequences,
        scratch=options.speculation and model.memory_kind is MemoryKind.ATTENTION,
        threads=threads,
        batch=rows,
        ubatch=min(options.ubatch, rows),
        outputs=min(rows, options.sequences + max(SCORED_ROWS, drafted)),
        keys=CACHE_TYPES[options.kv_keys],
        values=CACHE_TYPES[options.kv_values],
        flash_attention=options.flash_attention,
    )


def _unfit_draft(target: Path, draft: Path) -> str:
    """Say in words why one file's model cannot draft for the other's, or ''."""
    weights.check(draft)
    try:
        headers = []
        for path in (target, draft):
            with path.open("rb") as file:
                headers.append(read_header(file, size=path.stat().st_size))
    except GgufError as error:
        return f"{draft.name}: {error}"
    return pair(*headers).obstacle


def _warm_up(model: Model, context: Context) -> int:
    """Evaluate one token, so that the first request does not pay for the first touch.

    Returns the bytes of what a sequence carries along where its memory cannot be cut.
    """
    context.batch.clear()
    context.batch.add(0, [max(model.bos, 0)], 0, 1)
    outcome = context.evaluate()
    carried = 0 if context.can_cut else len(context.snapshot(0))
    context.clear()
    if outcome != 0:
        message = f"The first evaluation failed (llama.cpp code {outcome})."
        raise LoadFailed(ExitCode.CONTEXT_FAILED, message)
    return carried
