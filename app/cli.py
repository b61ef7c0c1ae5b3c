"""What each command does: claim the core or attach to the process that owns it, then run."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.domain.errors import AppError, InstanceError
from app.domain.settings import Settings
from app.models.env import load_settings
from app.platform.instance import Attached, Instance, Owner
from app.platform.logs import start_logging
from app.platform.paths import Paths
from app.terminal import INTERRUPTED, OK, Channel, converse, print_answer, report
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


def _claim() -> _Claim:
    settings = load_settings()
    paths = Paths.discover(settings.data_dir)
    paths.ensure()
    start_logging(paths, settings.log_level)
    return _Claim(settings, paths, Instance.acquire(paths))


def ask(question: str, *, role: str) -> int:
    """Answer one question on standard output and return the exit code."""
    text = question if question.strip() or sys.stdin.isatty() else sys.stdin.read()

    async def answer(channel: Channel) -> int:
        return (await print_answer(channel, {"op": "ask", "text": text, "role": role}))[0]

    return _run_in_terminal(answer)


def chat(*, role: str) -> int:
    """Chat in the terminal and return the exit code."""
    return _run_in_terminal(lambda channel: converse(channel, role=role))


def _run_in_terminal(command: Callable[[Channel], Awaitable[int]]) -> int:
    try:
        return asyncio.run(_with_channel(_claim(), command))
    except AppError as error:
        return report(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED


async def _with_channel(claim: _Claim, command: Callable[[Channel], Awaitable[int]]) -> int:
    _end_on_sigterm()
    if isinstance(claim.instance, Attached):
        return await command(claim.instance.request)
    async with build(claim.settings, claim.paths, claim.instance, has_window=False) as app:
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

    claim: _Claim | None = None
    try:
        claim = _claim()
        if isinstance(claim.instance, Attached):
            if asyncio.run(_show(claim.instance)):
                return OK
            claim = asyncio.run(_take_over())
    except InstanceError as error:
        return report(error)
    except AppError:
        claim = None  # the window says it, where it can be read and tried again
    return shell.run(lambda: _core(claim), theme=claim.settings.theme if claim else "system")


@asynccontextmanager
async def _core(claim: _Claim | None) -> AsyncIterator[App]:
    """Run the core for the window; whatever failed before is tried again."""
    ready = claim or _claim()
    if isinstance(ready.instance, Attached):
        raise _occupied()
    async with build(ready.settings, ready.paths, ready.instance, has_window=True) as app:
        yield app


async def _show(attached: Attached) -> bool:
    async for message in attached.request({"op": "show"}):
        return bool(message.get("window"))
    return False


async def _take_over() -> _Claim:
    """Wait for a terminal command that owns the core to end, then claim it."""
    for _ in range(int(_HANDOVER_S / _HANDOVER_STEP_S)):
        claim = _claim()
        if isinstance(claim.instance, Owner):
            return claim
        await asyncio.sleep(_HANDOVER_STEP_S)
    raise _occupied()


def _occupied() -> InstanceError:
    return InstanceError(
        "Echelon is already running in a terminal.",
        remedy="Leave that chat there, then start the window again.",
    )
