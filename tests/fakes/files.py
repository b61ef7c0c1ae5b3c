"""A file server on real sockets that answers with ranges, and with everything servers do wrong."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_WRITE = 16 << 10


def content(size: int, seed: int = 1) -> bytes:
    """Return bytes that are the same every time and that no two pieces share."""
    block = hashlib.shake_256(str(seed).encode()).digest(min(size, 1 << 16))
    marks = (n.to_bytes(8, "big") + block[8:] for n in range(-(-size // (1 << 16)) if size else 0))
    return b"".join(marks)[:size]


@dataclass(frozen=True)
class Asked:
    """One request: its path, its range, and the headers that matter."""

    path: str
    start: int | None
    end: int | None
    authorization: str
    host: str


@dataclass
class Served:
    """One file and what is wrong with it; faults are switched while the server runs."""

    body: bytes
    mark: str = '"one"'
    ranges: bool = True
    status: int = 0  # answer this instead
    headers: dict[str, str] = field(default_factory=dict)
    refusals: int = -1  # how often `status` is answered; -1 for always
    kind: str = "application/octet-stream"
    location: str = ""  # redirect there
    stall_after: int | None = None  # bytes of a body after which nothing more comes
    cut_after: int | None = None  # bytes of a body after which the connection closes
    claims: int | None = None  # the length it says it has
    spoilt: int = 0  # so many bodies have one wrong byte
    spoil_at: int = 0
    rate: float | None = None  # bytes per second for all connections together
    faults: int = -1  # so many bodies stall or are cut; -1 for all


class Link:
    """A line of so many bytes a second, shared by all who wait for it."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def carry(self, count: int, rate: float | None) -> None:
        """Wait until so many bytes had room; without a rate there always is some."""
        if rate is None:
            return
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now - 0.01) + count / rate
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


@dataclass
class Files:
    """What is served, and what was asked and sent; `sent` counts every byte by its offset."""

    served: dict[str, Served] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    sent: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    port: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    on_body: Callable[[str, int], None] | None = None  # told path and offset before each write
    link: Link = field(default_factory=Link)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def bytes_sent(self, path: str) -> int:
        """Return how many bytes of bodies went out."""
        return sum(end - start for start, end in self.sent.get(path, []))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until it ends."""
        writer.transport.set_write_buffer_limits(0)  # what counts as sent has left this process
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, _, rest = head.partition("\r\n")
        path = first.split(" ")[1]
        lines = (line.partition(":") for line in rest.splitlines() if ":" in line)
        headers = {name.lower(): text.strip() for name, _, text in lines}
        asked = _asked(path, headers)
        self.asked.append(asked)
        file = self.served.get(path)
        if file is None:
            return await _say(writer, 404, {}, b"nothing here")
        if file.location:
            return await _say(writer, 302, {"Location": file.location}, b"")
        if file.status and file.refusals != 0:
            file.refusals -= 1
            return await _say(writer, file.status, file.headers, b"no")
        return await self._give(file, asked, writer)

    async def _give(self, file: Served, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        size = file.claims if file.claims is not None else len(file.body)
        headers = {"ETag": file.mark, "Content-Type": file.kind, **file.headers}
        headers = {name: text for name, text in headers.items() if text}
        if not file.ranges or asked.start is None:
            headers["Content-Length"] = str(size)
            writer.write(_head(200, headers))
            return await self._body(file, asked.path, 0, size, writer)
        if asked.start >= size:
            return await _say(writer, 416, {"Content-Range": f"bytes */{size}"}, b"")
        end = min(size, asked.end if asked.end is not None else size)
        headers["Content-Length"] = str(end - asked.start)
        headers["Content-Range"] = f"bytes {asked.start}-{end - 1}/{size}"
        writer.write(_head(206, headers))
        return await self._body(file, asked.path, asked.start, end, writer)

    async def _body(
        self, file: Served, path: str, start: int, end: int, writer: asyncio.StreamWriter
    ) -> bool:
        body, offset = self._spoilt(file, start, end), start
        probe = end - start <= 1
        faulty = not probe and file.faults != 0
        if faulty and (file.stall_after is not None or file.cut_after is not None):
            file.faults -= 1
        while offset < end:
            if faulty and file.stall_after is not None and offset - start >= file.stall_after:
                await asyncio.Event().wait()
            if faulty and file.cut_after is not None and offset - start >= file.cut_after:
                return False
            piece = body[offset : min(end, offset + _WRITE)]
            if not piece:
                return False  # it claimed more than it has
            if self.on_body is not None and not probe:
                self.on_body(path, offset)
            await self.link.carry(len(piece), file.rate)
            writer.write(piece)
            await writer.drain()
            if not probe:
                self.sent.setdefault(path, []).append((offset, offset + len(piece)))
            offset += len(piece)
        return True

    def _spoilt(self, file: Served, start: int, end: int) -> bytes | memoryview:
        if not (file.spoilt and start <= file.spoil_at < end and end - start > 1):
            return memoryview(file.body)
        file.spoilt -= 1
        wrong = bytearray(file.body)
        wrong[file.spoil_at] ^= 0xFF
        return bytes(wrong)


@asynccontextmanager
async def serving(**served: Served) -> AsyncIterator[Files]:
    """Run a server whose files are called like the arguments."""
    files = Files({f"/{name}": file for name, file in served.items()})
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(files.answer(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    files.port = server.sockets[0].getsockname()[1]
    try:
        yield files
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def _asked(path: str, headers: dict[str, str]) -> Asked:
    match = re.fullmatch(r"bytes=(\d+)-(\d+)?", headers.get("range", ""))
    start = int(match[1]) if match else None
    end = int(match[2]) + 1 if match and match[2] else None
    return Asked(path, start, end, headers.get("authorization", ""), headers.get("host", ""))


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode("latin-1")


async def _say(
    writer: asyncio.StreamWriter, status: int, headers: dict[str, str], body: bytes
) -> bool:
    writer.write(_head(status, {**headers, "Content-Length": str(len(body))}) + body)
    await writer.drain()
    return True
