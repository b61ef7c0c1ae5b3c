"""One download whose process is killed again and again; counts what had to be sent twice."""

import asyncio
import hashlib
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.files import Files, Served, serving

MIB = 1 << 20
ROOT = Path(__file__).parents[2]
# Slow enough that what is under way in the system's buffers stays small beside what is counted.
RATE = 4 * MIB


@dataclass(frozen=True)
class Outcome:
    """How often it was killed, how many bytes went out twice, and what came of it."""

    kills: int
    again: int
    same: bool


async def killed(folder: Path, served: Served, chance: random.Random, kills: int) -> Outcome:
    """Download a file while the process is killed up to so many times, then let it end."""
    sha256 = hashlib.sha256(served.body).hexdigest()
    async with serving(file=served) as files:
        done = 0
        moments = (chance.randrange(1 << 16, 2 * MIB) for _ in range(kills))
        while (after := next(moments, 0)) and await _strike(folder, files, sha256, after):
            done += 1
        files.on_body = None
        process = await _started(folder, files.url("/file"), sha256)
        await process.wait()
        again = files.bytes_sent("/file") - len(served.body)
    whole = folder / "models" / "model.gguf"
    same = process.returncode == 0 and whole.read_bytes() == served.body
    return Outcome(done, again, same)


def when_sent(files: Files, count: int) -> asyncio.Event:
    """Return an event for the moment when so many bytes have gone out."""
    reached = asyncio.Event()

    def look(path: str, _: int) -> None:
        if files.bytes_sent(path) >= count:
            reached.set()

    files.on_body = look
    return reached


async def _strike(folder: Path, files: Files, sha256: str, after: int) -> bool:
    """Kill a fresh process after so many more bytes; say whether it came to that."""
    reached = when_sent(files, files.bytes_sent("/file") + after)
    process = await _started(folder, files.url("/file"), sha256)
    ended = asyncio.ensure_future(process.wait())
    struck = asyncio.ensure_future(reached.wait())
    await asyncio.wait({ended, struck}, return_when=asyncio.FIRST_COMPLETED)
    struck.cancel()
    if ended.done():
        return False
    process.kill()
    await ended
    return True


async def _started(folder: Path, url: str, sha256: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.download_process", str(folder), url, sha256),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
