"""What can be asked of the queue from outside."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.downloads import Download, Wanted
from app.domain.errors import AppError, DownloadMissing, NameRefused, RequestInvalid
from app.models.downloads.desk import DownloadsDesk
from app.models.ordering import Order
from tests.fakes.downloads import MIB, Queue, queued
from tests.fakes.files import Served, content, serving

BODY = content(2 * MIB)


async def _ask(queue: Queue, op: str, **request: Any) -> dict[str, Any]:
    async def order(order: Order) -> Download:
        wanted = Wanted.of(order.what, order.folder or queue.folder, order.sha256)
        return await queue.downloads.add(wanted)

    desk = DownloadsDesk(queue.downloads, queue.bus, order)
    answer = await desk.queries()[op](request)
    json.dumps(answer)  # the door speaks JSON
    return answer


async def test_a_pull_is_watched_to_its_end(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(BODY).hexdigest()
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        told = await _ask(queue, "pull", what=files.url("/file"), sha256=sha256, to="")
        states = [told["state"]]
        while told["state"] not in {"done", "failed"}:
            told = await _ask(queue, "watch download", id=told["id"], seen=told["state"])
            states.append(told["state"])
        assert states[-1] == "done"
        assert (queue.folder / "file").read_bytes() == BODY
        (listed,) = (await _ask(queue, "downloads"))["downloads"]
        assert (listed["label"], listed["done"]) == ("file", len(BODY))


async def test_the_folder_can_be_named(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        await _ask(queue, "pull", what=files.url("/file"), to=str(tmp_path / "there"))
        await queue.ended()
        assert (tmp_path / "there" / "file").read_bytes() == BODY


async def test_wishes_name_the_beginning_of_an_id(tmp_path: Path) -> None:
    async with serving(file=Served(BODY, stall_after=10)) as files, queued(tmp_path) as queue:
        told = await _ask(queue, "pull", what=files.url("/file"))
        start = told["id"][:4]
        assert (await _ask(queue, "download", id=start, do="pause"))["state"] == "paused"
        watched = await _ask(queue, "watch download", id=start, seen="paused")
        assert watched["state"] == "paused"
        assert (await _ask(queue, "download", id=start, do="resume"))["state"] != "paused"
        assert (await _ask(queue, "download", id=start, do="cancel"))["state"] == "cancelled"


@pytest.mark.parametrize(
    ("op", "request_", "error"),
    [
        ("download", {"id": "none", "do": "pause"}, DownloadMissing),
        ("download", {"id": "", "do": "pause"}, DownloadMissing),
        ("download", {"id": "x", "do": "explode"}, RequestInvalid),
        ("pull", {"what": "http://127.0.0.1/"}, NameRefused),
        ("pull", {"what": "http://127.0.0.1/x", "sha256": "abc"}, AppError),
    ],
)
async def test_what_cannot_be_is_refused(
    op: str, request_: dict[str, str], error: type[AppError], tmp_path: Path
) -> None:
    async with queued(tmp_path) as queue:
        with pytest.raises(error) as caught:
            await _ask(queue, op, **request_)
        assert caught.value.remedy
