"""Messages as lines of JSON: how processes of this program talk to one another."""

import asyncio
import contextlib
import json
from typing import Any

Message = dict[str, Any]

# The longest line either side accepts.
LINE_BYTES = 8 * 1024 * 1024


async def write_line(writer: asyncio.StreamWriter, message: Message) -> None:
    """Send one message and wait while the other side is slow to read."""
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()


async def read_line(reader: asyncio.StreamReader, limit_s: float | None = None) -> Message | None:
    """Return the next message, or None at the end, too late, or for what is no message of ours."""
    try:
        async with asyncio.timeout(limit_s):
            line = await reader.readline()
        found = json.loads(line) if line else None
    except (ValueError, TimeoutError, RecursionError):  # too long, no JSON, no UTF-8, too deep
        return None
    return found if isinstance(found, dict) else None


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close the connection and wait until it is closed."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
