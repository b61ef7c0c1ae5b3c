"""Downloads against curl: the same file from the same server, in turn, plain, slow and secured.

`python -m benchmarks.download`. Both sides write to the same disk and nobody hashes but us: our
time ends when the file is verified and has its name. The server is a process of its own; it sends
from memory with as little work as it can, and shapes the link for all connections together.
"""

import argparse
import asyncio
import hashlib
import multiprocessing
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from tests.fakes.certificates import CERTIFICATE, secured
from tests.fakes.downloads import queued, wanted

_SLICE = 256 << 10
_BLOCK = hashlib.shake_256(b"block").digest(1 << 20)


@dataclass(frozen=True)
class Took:
    """What one download cost: seconds on the wall and of the processor."""

    wall: float
    processor: float


def body(size: int) -> bytes:
    """Return the file that is fetched; every MiB is another."""
    count = -(-size // len(_BLOCK))
    return b"".join(n.to_bytes(8, "big") + _BLOCK[8:] for n in range(count))[:size]


@dataclass(frozen=True)
class Link:
    """How the server is reached; `rate` is bytes a second, shared by all connections."""

    name: str
    rate: float | None = None
    secured: bool = False

    @property
    def origin(self) -> str:
        """The address of the server without its port."""
        return "https://localhost" if self.secured else "http://127.0.0.1"


_LINKS = (Link("125 MB/s", 125e6), Link("unshaped"), Link("unshaped, TLS", secured=True))


class _Server:
    """One server with one link."""

    def __init__(self, data: bytes, rate: float | None) -> None:
        self._data = memoryview(data)
        self._rate = rate
        self._free_at = 0.0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until it ends."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                await self._send(head, writer)
        writer.close()

    async def _send(self, head: str, writer: asyncio.StreamWriter) -> None:
        size = len(self._data)
        start, end, status, extra = 0, size, "200 OK", ""
        if "range: bytes=" in head:
            first, _, last = (
                head.split("range: bytes=")[1].split("\r\n", maxsplit=1)[0].partition("-")
            )
            start, end = int(first), int(last) + 1 if last else size
            status, extra = "206 Partial", f"Content-Range: bytes {start}-{end - 1}/{size}\r\n"
        length = f"Content-Length: {end - start}\r\n"
        writer.write(f'HTTP/1.1 {status}\r\nETag: "x"\r\n{extra}{length}\r\n'.encode())
        for at in range(start, end, _SLICE):
            await self._wait(min(_SLICE, end - at))
            writer.write(self._data[at : min(at + _SLICE, end)])
            await writer.drain()

    async def _wait(self, count: int) -> None:
        if self._rate is None:
            return
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now - 0.005) + count / self._rate
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


def _serve(size: int, link: "Link", told: Connection) -> None:
    async def run() -> None:
        server = await asyncio.start_server(
            _Server(body(size), link.rate).answer,
            *("127.0.0.1", 0),
            ssl=secured() if link.secured else None,
        )
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _spent() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.RUSAGE_CHILDREN
    child = resource.getrusage(children)
    return own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime


def _timed(work: Callable[[], None]) -> Took:
    wall, spent = time.perf_counter(), _spent()
    work()
    return Took(time.perf_counter() - wall, _spent() - spent)


def by_curl(url: str, folder: Path) -> None:
    """Fetch with curl, as fast as it can."""
    subprocess.run(["curl", "-sf", "-o", str(folder / "curl.bin"), url], check=True)


async def _by_us(url: str, folder: Path, sha256: str) -> None:
    async with queued(folder, tick_s=0.25) as queue:
        wish = wanted(queue.folder, url)
        part = type(wish.parts[0])(url, "ours.bin", sha256=sha256)
        await queue.downloads.add(type(wish)("ours", queue.folder, (part,)))
        done = await queue.ended()
        assert done.state == "done", done.message


def _round(url: str, sha256: str) -> tuple[Took, Took]:
    with tempfile.TemporaryDirectory() as folder:
        curl = _timed(lambda: by_curl(url, Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        ours = _timed(lambda: asyncio.run(_by_us(url, Path(folder), sha256)))
    return curl, ours


def compare(size: int, link: Link, rounds: int) -> str:
    """Fetch in turn and return the row of a table."""
    mine, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(size, link, theirs))
    server.start()
    try:
        url = f"{link.origin}:{mine.recv()}/ours.bin"
        sha256 = hashlib.sha256(body(size)).hexdigest()
        pairs = [_round(url, sha256) for _ in range(rounds)]
    finally:
        server.terminate()
        server.join()
    speeds = [median(size / took.wall / 1e6 for took in side) for side in zip(*pairs, strict=True)]
    ratio = median(curl.wall / ours.wall for curl, ours in pairs)
    spent = [median(took.processor for took in side) for side in zip(*pairs, strict=True)]
    return (
        f"| {link.name} | {speeds[0]:.0f} | {speeds[1]:.0f} | {ratio:.2f}x "
        f"| {spent[0] / size * 1e9:.2f} | {spent[1] / size * 1e9:.2f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    print("| link | curl, MB/s | ours, MB/s | ratio | curl, CPU s/GB | ours, CPU s/GB |")
    print("|---|---:|---:|---:|---:|---:|")
    with _believed():
        for link in _LINKS:
            print(compare(args.size_mb * 1_000_000, link, args.rounds), flush=True)


@contextmanager
def _believed() -> Iterator[None]:
    """Let us and curl believe the server's certificate."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(CERTIFICATE)
        file.flush()
        os.environ.update(SSL_CERT_FILE=file.name, CURL_CA_BUNDLE=file.name)
        yield


if __name__ == "__main__":
    main()
