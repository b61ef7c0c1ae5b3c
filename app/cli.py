"""What each command does: claim the core or attach to the process that owns it, then run."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from app import records, terminal
from app.domain.errors import AppError, InstanceError
from app.domain.events import NoticeRaised
from app.domain.settings import Settings
from app.models.env import load_settings
from app.orchestration.doctor import lines
from app.orchestration.learning.moves import lines as move_lines
from app.orchestration.router.desk import lines as route_lines
from app.platform.instance import Attached, Instance, Owner
from app.platform.logs import start_logging
from app.platform.paths import Paths
from app.terminal import (
    INTERRUPTED,
    OK,
    AnswerPrinter,
    Channel,
    JsonPrinter,
    Message,
    converse,
    print_answer,
    print_report,
)
from app.wiring import App, build

# Somebody may be attached to a command that is done; it waits for them, but not for ever.
_DRAIN_S = 600.0
# A command that owns the core is usually done within seconds; the window waits that long for it.
_HANDOVER_S = 20.0
_HANDOVER_STEP_S = 0.2


@dataclass(frozen=True, slots=True)
class _Claim:
    """What every command needs first: settings, folders, and a place at the core."""

    settings: Settings
    paths: Paths
    instance: Owner | Attached


def _prepare() -> tuple[Settings, Paths]:
    settings = load_settings()
    paths = Paths.discover(settings.data_dir)
    paths.ensure()
    start_logging(paths, settings.log_level)
    return settings, paths


async def _claim() -> _Claim:
    settings, paths = _prepare()
    return _Claim(settings, paths, await Instance.join(paths))


def ask(
    question: str, *, role: str, load_anyway: bool = False, why: bool = False, as_json: bool = False
) -> int:
    """Answer one question on standard output and return the exit code.

    `why` says on standard error who answered and why; `as_json` prints all of it as one object.
    """
    text = question if question.strip() or sys.stdin.isatty() else sys.stdin.read()

    async def answer(channel: Channel) -> int:
        request = {"op": "ask", "text": text, "role": role, "load_anyway": load_anyway}
        # Who reads from a pipe wants the answer that counts, not the way to it.
        request["whole"] = as_json or not sys.stdout.isatty()
        printer = JsonPrinter() if as_json else AnswerPrinter(why=why)
        return (await print_answer(channel, request, printer))[0]

    return run_in_terminal(answer)


def route(question: str, *, role: str, as_json: bool) -> int:
    """Print what would be planned for a question; return the exit code."""
    request = {"op": "route", "text": question, "role": role}
    return report(request, None if as_json else route_lines)


def export_registry(output: str) -> int:
    """Write the full registry with what was measured; return the exit code."""
    return run_in_terminal(lambda channel: records.export_registry(channel, output))


def export_ledger(output: str) -> int:
    """Write all rows of the ledger to a file or to standard output; return the exit code."""
    return run_in_terminal(lambda channel: records.export(channel, output))


def replay_ledger(policies: Sequence[str], *, as_json: bool) -> int:
    """Print what other policies would have been worth; return the exit code."""
    return run_in_terminal(lambda channel: records.replay(channel, policies, as_json=as_json))


def moves(*, undo: str, as_json: bool) -> int:
    """Print where kinds of tasks begin since their evidence moved that, or take a move back."""
    request = {"op": "undo move", "id": undo} if undo else {"op": "moves"}
    return report(request, None if as_json else move_lines)


def doctor(*, as_json: bool) -> int:
    """Print what every part of the program does, and why; return the exit code."""
    return report({"op": "doctor"}, None if as_json else lines)


def report(request: Message, lines: Callable[[Message], Iterable[str]] | None = None) -> int:
    """Print what the core says to a request with one answer; return the exit code."""
    return run_in_terminal(lambda channel: print_report(channel, request, lines))


def chat(*, role: str, load_anyway: bool = False) -> int:
    """Chat in the terminal and return the exit code."""
    wishes = {"role": role, "load_anyway": load_anyway}
    return run_in_terminal(lambda channel: converse(channel, wishes))


def run_in_terminal(command: Callable[[Channel], Awaitable[int]]) -> int:
    """Run a command with a way to the core and return its exit code."""
    try:
        return asyncio.run(_with_channel(command))
    except AppError as error:
        return terminal.report(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED


async def _with_channel(command: Callable[[Channel], Awaitable[int]]) -> int:
    _end_on_sigterm()
    claim = await _claim()
    if isinstance(claim.instance, Attached):
        return await command(claim.instance.request)
    async with build(claim.settings, claim.paths, claim.instance, has_window=False) as app:
        app.bus.on(NoticeRaised, terminal.notice)
        code = await command(app.door.handle)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await app.door.drained()
        return code


def _end_on_sigterm() -> None:
    """Leave through every `finally` when asked to end, so that no engine stays behind."""
    task = asyncio.current_task()
    assert task is not None
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on loops
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def window() -> int:
    """Open the window, or bring the one that is open to the front."""
    from app.ui import shell  # noqa: PLC0415 - the terminal needs no Qt

    claims: list[_Claim] = []
    try:
        if (claim := asyncio.run(_claim_for_window())) is None:
            return OK
        claims.append(claim)
    except InstanceError as error:
        return terminal.report(error)
    except AppError:
        pass  # the window says it, where it can be read and tried again
    if not claims:
        return shell.run(lambda: _core(claims))
    claimed = claims[0]
    return shell.run(lambda: _core(claims), theme=claimed.settings.theme, paths=claimed.paths)


async def _claim_for_window() -> _Claim | None:
    """Return the ownership of the core, or None when another window came forward instead."""
    deadline = asyncio.get_running_loop().time() + _HANDOVER_S
    while True:
        claim = await _claim()
        if isinstance(claim.instance, Owner):
            return claim
        async with aclosing(claim.instance.request({"op": "show"})) as answers:
            async for answer in answers:
                if answer.get("window"):
                    return None
        # A terminal command has it; those are mostly done soon.
        if asyncio.get_running_loop().time() > deadline:
            raise _occupied()
        await asyncio.sleep(_HANDOVER_STEP_S)


@asynccontextmanager
async def _core(claims: list[_Claim]) -> AsyncIterator[App]:
    """Run the core for the window; a claim serves once, another try makes its own."""
    claim = claims.pop() if claims else await _claim()
    if isinstance(claim.instance, Attached):
        raise _occupied()
    async with build(claim.settings, claim.paths, claim.instance, has_window=True) as app:
        yield app


def _occupied() -> InstanceError:
    return InstanceError(
        "Echelon is already running in a terminal.",
        remedy="Leave that chat there, then start the window again.",
    )
