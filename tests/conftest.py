"""Async tests run under asyncio (on Qt's loop when they ask for it), under a time limit."""

import asyncio
import inspect
import os
import tempfile
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says more about who else uses the computer than about what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# Sockets of tests lie in one folder that is short (their paths may have 104 bytes) and goes away.
_RUNTIME = tempfile.TemporaryDirectory(prefix="ech")
os.environ["XDG_RUNTIME_DIR"] = _RUNTIME.name

ASYNC_LIMIT_S = 60.0
LAST_STEPS_S = 5.0


async def _bounded(test: Coroutine[Any, Any, None]) -> None:
    async with asyncio.timeout(ASYNC_LIMIT_S):
        await test
    leftovers = asyncio.all_tasks() - {asyncio.current_task()}
    if leftovers:  # what has been told to end may need a few more steps
        _, leftovers = await asyncio.wait(leftovers, timeout=LAST_STEPS_S)
    leaked = [task.get_name() for task in leftovers]
    assert not leaked, f"tasks left running: {leaked}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests to their end; nothing they started may outlive them."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames  # the only list of what the test asked for
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    test = _bounded(pyfuncitem.obj(**arguments))
    if "qapp" in pyfuncitem.fixturenames:
        from app.ui.aio import run_until_complete  # Qt is for tests that want it

        run_until_complete(test)
    else:
        asyncio.run(test, debug=True)
    return True
