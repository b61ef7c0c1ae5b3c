"""A real core without a front-end: questions on standard input, every event as a JSON line."""

import asyncio
import json
import sys
from contextlib import aclosing
from typing import Any

from app import cli
from app.engines.supervisor import Supervisor
from app.platform.instance import Owner
from app.wiring import build


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _engine_pids(supervisor: Supervisor) -> list[int]:
    return [server.pid for server in supervisor.servers]


async def _main() -> None:
    claim = await cli._claim()
    assert isinstance(claim.instance, Owner)
    async with build(claim.settings, claim.paths, claim.instance, has_window=False) as app:
        _tell({"kind": "open"})
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            question = {"op": "ask", "text": line.strip(), "keep": True}
            async with aclosing(app.door.handle(question)) as messages:
                async for message in messages:
                    _tell({**message, "engines": _engine_pids(app.supervisor)})


if __name__ == "__main__":
    asyncio.run(_main())
