"""A parent with one mock engine that says when it is there and then waits to be killed."""

import asyncio
import sys
from pathlib import Path

from tests.fakes.engines import rigged, role


async def _main(folder: Path, *extra: str) -> None:
    async with rigged(folder, *extra) as rig:
        told = False

        def tell(_: float) -> None:
            nonlocal told
            if not told:
                sys.stdout.write("loading\n")
                sys.stdout.flush()
            told = True

        await rig.supervisor.acquire(role(), on_progress=tell)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), *sys.argv[2:]))
