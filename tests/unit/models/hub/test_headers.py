"""Headers before a download: as little as needed is fetched, whatever server or file do."""

import io
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import AppError, HubAnswerInvalid, HubDown, HubGated, ModelInvalid
from app.domain.gguf import read_header
from app.domain.hub import Bundle, HubFile, bundles
from app.models.hub.headers import FIRST, HeaderReader, Peek
from app.models.hub.hub import Hub
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.fakes.hub_faults import Fault
from tests.unit.models.hub.stage import client, patience_for, repo, starter


async def _bundle(hub: Hub, name: str = "ada/front-GGUF") -> Bundle:
    return bundles(await hub.files(await hub.model(name)))[0]


async def _peek(hub: Hub, most: int = 64 << 20) -> Peek:
    return await HeaderReader(hub.wire, most).peek(await _bundle(hub))


def _ranges(served: FakeHub) -> list[str]:
    return [headers.get("range", "") for _, headers in served.fetched]


async def test_a_short_header_takes_one_request() -> None:
    async with fake_hub(repo()) as served, client(served) as hub:
        peek = await _peek(hub)
    assert peek.header == read_header(io.BytesIO(starter("front")))
    assert peek.fetched == served.sent == FIRST
    assert _ranges(served) == [f"bytes=0-{FIRST - 1}"]


async def test_a_file_at_a_commit_is_read_once() -> None:
    async with fake_hub(repo()) as served, client(served) as hub:
        reader, bundle = HeaderReader(hub.wire), await _bundle(hub)
        assert await reader.peek(bundle) is await reader.peek(bundle)
        assert len(served.fetched) == 1
        (file,) = bundle.files
        moving = replace(bundle, files=(replace(file, revision="main"),))
        assert await reader.peek(moving) is not await reader.peek(moving)
        assert len(served.fetched) == 3


async def test_a_long_header_is_fetched_in_pieces_that_follow_each_other() -> None:
    data = starter("all-MiniLM-L6-v2-q8_0")
    async with fake_hub(repo(files={"e.gguf": data})) as served, client(served) as hub:
        peek = await _peek(hub)
    assert peek.header == read_header(io.BytesIO(data))
    assert _ranges(served) == [
        f"bytes={begin}-{end - 1}" for begin, end in [(0, FIRST), (FIRST, 2 * FIRST),
                                                      (2 * FIRST, 4 * FIRST)]
    ]  # fmt: skip
    assert peek.fetched == 4 * FIRST < len(data) / 20


async def test_a_server_without_ranges_is_read_only_as_far_as_the_header_goes() -> None:
    data = starter("all-MiniLM-L6-v2-q8_0")
    async with (
        fake_hub(repo(files={"e.gguf": data}), bytes="no ranges") as served,
        client(served) as hub,
    ):
        peek = await _peek(hub)
    assert peek.header == read_header(io.BytesIO(data))
    assert len(served.fetched) == 1
    assert peek.fetched < 5 * FIRST < len(data) / 10


@pytest.mark.parametrize("fault", ["", "no ranges"])
async def test_a_header_without_an_end_stops_at_the_limit(fault: str) -> None:
    endless = b"GGUF" + struct.pack("<IQQ", 3, 0, 60_000) + _entry("k", bytes(9000)) * 400
    faults: dict[str, Fault] = {"bytes": "no ranges"} if fault else {}
    async with fake_hub(repo(files={"e.gguf": endless}), **faults) as served, client(served) as hub:
        reader = HeaderReader(hub.wire, 1 << 20)
        with pytest.raises(ModelInvalid, match="longer than 1 MiB"):
            await reader.peek(await _bundle(hub))
    if not fault:
        assert served.sent == 1 << 20


async def test_the_parts_of_a_model_add_up() -> None:
    whole = starter("front")
    files = {f"m-0000{at}-of-00003.gguf": whole for at in (1, 2, 3)}
    async with fake_hub(repo(files=files)) as served, client(served) as hub:
        peek = await _peek(hub)
    one = read_header(io.BytesIO(whole))
    assert len(peek.header.tensors) == 3 * len(one.tensors)
    assert peek.header.parameters == 3 * one.parameters
    assert peek.fetched == 3 * FIRST


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("416", HubAnswerInvalid, "does not give"),
        ("other range", HubAnswerInvalid, "another part"),
        ("empty", HubAnswerInvalid, "gives less"),
        ("html", ModelInvalid, "no GGUF"),
        ("stall", HubDown, "in time"),
        ("500", HubDown, "status 500"),
        ("circle", HubAnswerInvalid, "circles"),
        ("gated", HubGated, "accepted its terms"),
    ],
)
async def test_faults_where_the_bytes_are(fault: Fault, kind: type[AppError], said: str) -> None:
    async with (
        fake_hub(repo(), bytes=fault) as served,
        client(served, patience=patience_for(fault)) as hub,
    ):
        with pytest.raises(kind, match=said):
            await _peek(hub)


async def test_a_file_that_is_shorter_than_its_header() -> None:
    cut = starter("front")[:20_000]
    async with fake_hub(repo(files={"cut.gguf": cut})) as served, client(served) as hub:
        with pytest.raises(ModelInvalid, match="cut short within its header"):
            await _peek(hub)
    assert served.sent == len(cut)


async def test_a_file_that_changed_since_it_was_listed() -> None:
    async with fake_hub(repo()) as served, client(served) as hub:
        (file,) = (await _bundle(hub)).files
        told = HubFile(file.repo, file.revision, file.path, 1 << 40, None, file.url)
        with pytest.raises(HubAnswerInvalid, match="another part"):
            await HeaderReader(hub.wire).peek(Bundle(file.label, "model", (told,)))
    assert served.sent <= FIRST


def _entry(key: str, value: bytes) -> bytes:
    name = key.encode()
    return struct.pack("<Q", len(name)) + name + struct.pack("<IQ", 8, len(value)) + value


HEAD = starter("draft")[:64_000]  # of which the header takes 62,016
MUTATION = st.tuples(
    st.integers(0, len(HEAD) - 1), st.binary(min_size=1, max_size=9), st.booleans()
)


def _broken(mutations: list[tuple[int, bytes, bool]], end: int) -> bytes:
    """Return a header with bytes replaced or put in, and cut off."""
    data = bytearray(HEAD)
    for at, piece, replaces in mutations:
        data[at : at + (len(piece) if replaces else 0)] = piece
    return bytes(data[:end])


async def test_a_broken_header_never_crashes_and_is_never_read_beyond_the_limit() -> None:
    """The server is one for all examples; what it sends is counted for each."""
    most, read = 63 << 10, 0
    async with fake_hub(FakeRepo("ada/broken", {})) as served, client(served) as hub:
        for data in _examples():
            served.repos[0].files = {"b.gguf": data}
            before = served.sent
            try:
                peek = await HeaderReader(hub.wire, most).peek(await _bundle(hub, "ada/broken"))
            except (ModelInvalid, HubAnswerInvalid):
                pass
            else:
                assert peek.fetched <= most
                read += 1
            assert served.sent - before <= most
    assert read, "some of them are harmless"


def _examples() -> list[bytes]:
    found: list[bytes] = []

    @settings(max_examples=80, database=None, derandomize=True)
    @given(st.lists(MUTATION, max_size=6), st.integers(0, 70_000))
    def collect(mutations: list[tuple[int, bytes, bool]], end: int) -> None:
        found.append(_broken(mutations, end))

    collect()
    return found
