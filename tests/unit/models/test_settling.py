"""Big models are read whole at idle, one after the other, and only as long as somebody waits."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.models import ModelSpec
from app.models import identity
from app.models.identity import Identities
from app.models.settling import settle_all


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Identities:
    """Return the ids of two files that are too big to be read at once."""
    monkeypatch.setattr(identity, "WHOLE", 100)
    known = Identities(tmp_path / "ids.json")
    for name in ("one", "two"):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(name.encode() * 100)
        assert known(ModelSpec(name=name, path=path)).startswith("sampled:")
    return known


async def test_every_big_file_goes_by_its_hash_from_the_next_start_on(
    known: Identities, tmp_path: Path
) -> None:
    await settle_all(known)
    assert known.provisional() == []
    again = Identities(tmp_path / "ids.json")
    ids = [again(ModelSpec(name=name, path=tmp_path / f"{name}.gguf")) for name in ("one", "two")]
    assert all(each.startswith("sha256:") for each in ids)


async def test_a_file_that_is_gone_does_not_keep_the_next_one(
    known: Identities, tmp_path: Path
) -> None:
    (tmp_path / "one.gguf").unlink()
    await settle_all(known)
    assert known.provisional() == [tmp_path / "one.gguf"]


async def test_who_comes_back_ends_it(known: Identities, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, told = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def settle(_path: Path, go_on: Callable[[], bool]) -> bool:
        loop.call_soon_threadsafe(begun.set)
        while go_on():
            pass
        told.set()
        return False

    monkeypatch.setattr(known, "settle", settle)
    reading = asyncio.ensure_future(settle_all(known))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await asyncio.to_thread(told.wait, 10)
