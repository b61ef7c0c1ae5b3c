"""A process with a queue of downloads that is there to be killed: folder, address, hash, name."""

import asyncio
import sys
from pathlib import Path

from app.domain.downloads import Part, State, Wanted
from app.models.downloads.patience import Pace
from tests.fakes.downloads import queued

# Long enough for a server on a busy computer, short enough to be waited for.
STALL_S = 2.0


async def _main(folder: Path, url: str, sha256: str) -> None:
    real = Pace()
    async with queued(folder, tick_s=real.tick_s, stall_s=STALL_S) as queue:
        wish = Wanted("killed", queue.folder, (Part(url, "model.gguf", sha256=sha256),))
        await queue.downloads.add(wish)
        done = await queue.ended()
        sys.stdout.write(f"{done.state} {done.message}\n")
        assert done.state is State.DONE


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
