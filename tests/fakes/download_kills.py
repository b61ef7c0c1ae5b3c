"""One download whose process is killed again and again; counts what had to be sent twice.

What lay in the system's own buffers when the process was killed had been sent, but nobody had it
yet; it is counted apart, because no program can keep it.
"""

import asyncio
import hashlib
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.files import Files, Served, serving

MIB = 1 << 20
ROOT = Path(__file__).parents[2]
SOCKETS = Path("/proc/net/tcp")
RATE = 4 * MIB


@dataclass
class Outcome:
    """How often it was killed, how many bytes went out twice, and what came of it.

    `buffered` bytes of them lay in the system's buffers; `rotten` pieces were spoilt on the disk.
    """

    kills: int = 0
    again: int = 0
    buffered: int = 0
    rotten: int = 0
    same: bool = False


async def killed(
    folder: Path, served: Served, chance: random.Random, kills: int, *, rots: bool = False
) -> Outcome:
    """Download a file while the process is killed up to so many times, then let it end.

    With `rots`, a byte of what is on the disk is another one after each kill.
    """
    sha256 = hashlib.sha256(served.body).hexdigest()
    outcome = Outcome()
    async with serving(file=served) as files:
        moments = (chance.randrange(1 << 16, 2 * MIB) for _ in range(kills))
        while (after := next(moments, 0)) and await _strike(folder, files, sha256, after, outcome):
            outcome.kills += 1
            outcome.rotten += rots and _rot(folder / "models" / "model.gguf.part", chance)
        files.on_body = None
        process = await _started(folder, files.url("/file"), sha256)
        await process.wait()
        outcome.again = files.bytes_sent("/file") - len(served.body) - outcome.buffered
    whole = folder / "models" / "model.gguf"
    outcome.same = process.returncode == 0 and whole.read_bytes() == served.body
    return outcome


def _rot(part: Path, chance: random.Random) -> bool:
    """Change one byte of what was fetched; say whether there was any."""
    if not part.exists() or not (size := part.stat().st_size):
        return False
    with part.open("r+b") as file:
        at = chance.randrange(size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))
    return True


def in_buffers(port: int) -> int:
    """Return the bytes a server on this port has sent that nobody has read yet."""
    if not SOCKETS.exists():
        return 0
    waiting = 0
    for line in SOCKETS.read_text().splitlines()[1:]:
        local, remote, _, queues = line.split()[1:5]
        sent, unread = (int(each, 16) for each in queues.split(":"))
        waiting += sent if int(local[-4:], 16) == port else 0
        waiting += unread if int(remote[-4:], 16) == port else 0
    return waiting


def when_sent(files: Files, count: int) -> asyncio.Event:
    """Return an event for the moment when so many bytes have gone out."""
    reached = asyncio.Event()

    def look(path: str, _: int) -> None:
        if files.bytes_sent(path) >= count:
            reached.set()

    files.on_body = look
    return reached


async def _strike(folder: Path, files: Files, sha256: str, after: int, outcome: Outcome) -> bool:
    """Kill a fresh process after so many more bytes; say whether it came to that."""
    reached = when_sent(files, files.bytes_sent("/file") + after)
    process = await _started(folder, files.url("/file"), sha256)
    ended = asyncio.ensure_future(process.wait())
    struck = asyncio.ensure_future(reached.wait())
    await asyncio.wait({ended, struck}, return_when=asyncio.FIRST_COMPLETED)
    struck.cancel()
    if ended.done():
        return False
    process.send_signal(signal.SIGSTOP)  # so that it reads nothing while we look
    outcome.buffered += in_buffers(files.port)
    process.kill()
    await ended
    return True


async def _started(folder: Path, url: str, sha256: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.download_process", str(folder), url, sha256),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
