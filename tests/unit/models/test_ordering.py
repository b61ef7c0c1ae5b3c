"""From a name to files in the queue: addresses, and models of the hub by what people call them."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.domain.downloads import State
from app.domain.errors import HubMissing, NameRefused
from app.models.ordering import Order, Orders
from tests.fakes.downloads import Queue, queued
from tests.fakes.hub import FakeRepo, fake_hub
from tests.unit.models.hub.stage import client

SMALL = {"small-Q8_0.gguf": b"eight", "README.md": b"# A card", "mmproj-small-F16.gguf": b"eyes"}
TWO = {"two-Q4_K_M.gguf": b"four", "two-Q8_0.gguf": b"eight!"}
PARTS = {f"Q8_0/big-Q8_0-0000{at}-of-00002.gguf": b"part %d" % at for at in (1, 2)}
TWICE = {"a/one-Q8_0.gguf": b"one", "b/other-Q8_0.gguf": b"other"}
LACKING = {"big-Q8_0-00001-of-00002.gguf": b"part 1"}


@asynccontextmanager
async def orders(folder: Path, **repos: dict[str, bytes]) -> AsyncIterator[tuple[Orders, Queue]]:
    """Yield orders to a hub with the repositories `ada/NAME`, and the queue they end in."""
    given = (FakeRepo(f"ada/{name}", files) for name, files in repos.items())
    async with fake_hub(*given) as served, client(served) as hub, queued(folder) as queue:
        yield Orders(hub, queue.downloads, queue.folder), queue


async def test_an_address_is_taken_as_it_is(tmp_path: Path) -> None:
    async with orders(tmp_path, small=SMALL) as (taken, queue):
        sha256 = hashlib.sha256(b"x").hexdigest()
        elsewhere = tmp_path / "there"
        order = Order("http://127.0.0.1:9/files/model.gguf?a=1", sha256, elsewhere)
        download = await taken.order(order)
        assert (download.names, download.folder) == (("model.gguf",), elsewhere)
        with pytest.raises(NameRefused):
            await taken.order(Order("http://127.0.0.1:9/"))
        await queue.downloads.cancel(download.id)


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("ada/small", "small-Q8_0.gguf"),
        ("ada/small:Q8_0", "small-Q8_0.gguf"),
        ("ada/two:q4_k_m", "two-Q4_K_M.gguf"),
        ("ada/two:two-Q8_0.gguf", "two-Q8_0.gguf"),
        ("ada/two:two-Q8_0", "two-Q8_0.gguf"),
        ("ada/twice:b/other-Q8_0.gguf", "other-Q8_0.gguf"),
        ("ada/small:mmproj-small-F16.gguf", "mmproj-small-F16.gguf"),
    ],
)
async def test_one_model_of_the_hub_is_fetched_and_verified(
    what: str, name: str, tmp_path: Path
) -> None:
    async with orders(tmp_path, small=SMALL, two=TWO, twice=TWICE) as (taken, queue):
        assert (await taken.order(Order(what))).names == (name,)
        assert (await queue.ended()).state is State.DONE
        held = {path.rpartition("/")[2]: data for path, data in (SMALL | TWO | TWICE).items()}
        assert (queue.folder / name).read_bytes() == held[name]


async def test_all_parts_of_a_model_are_one_item(tmp_path: Path) -> None:
    async with orders(tmp_path, big=PARTS) as (taken, queue):
        download = await taken.order(Order("ada/big:Q8_0"))
        assert (download.label, download.total) == ("big-Q8_0", 12)
        assert (await queue.ended()).state is State.DONE
        for path, data in PARTS.items():
            assert (queue.folder / path.rpartition("/")[2]).read_bytes() == data


@pytest.mark.parametrize(
    ("what", "message", "remedy"),
    [
        ("ada/two", "has 2 models", "Q4_K_M, Q8_0"),
        ("ada/two:Q2_K", "no model called “Q2_K”", "Q4_K_M, Q8_0"),
        ("ada/twice:Q8_0", "more than one model called “Q8_0”", "ada/twice:NAME"),
        ("ada/lacking:Q8_0", "only some parts", ""),
        ("ada/empty", "has 0 models", "none"),
        ("ada/nowhere", "", ""),
    ],
)
async def test_what_names_no_one_model_is_refused(
    what: str, message: str, remedy: str, tmp_path: Path
) -> None:
    repos = {"two": TWO, "twice": TWICE, "lacking": LACKING, "empty": {"README.md": b"#"}}
    async with orders(tmp_path, **repos) as (taken, queue):
        with pytest.raises(HubMissing) as caught:
            await taken.order(Order(what))
        assert message in caught.value.message
        assert remedy in caught.value.remedy
        assert not queue.downloads.all
