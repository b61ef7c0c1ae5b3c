"""What servers, lines and disks do wrong: what heals is waited for, the rest is said."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.downloads import Download, Part, State, Wanted
from app.models.downloads import partfile
from app.models.downloads.item import Item
from app.models.downloads.pieces import PIECE, checksum_of
from app.models.downloads.rawfile import RawFile
from app.models.downloads.wishes import checked
from tests.fakes.downloads import MIB, Queue, queued, wanted
from tests.fakes.files import Files, Served, content, serving

BODY = content(5 * MIB + 777)
# The polynomial of CRC-32: bytes it is laid over keep their checksum.
_UNSEEN = int("100000100110000010001110110110111"[::-1], 2).to_bytes(5, "little")
_ABSURD = f"bytes 0-0/{'9' * 5000}"


async def _fetched(queue: Queue, files: Files, body: bytes | None = BODY) -> Download:
    await queue.downloads.add(wanted(queue.folder, files.url("/file"), body))
    return await queue.ended()


def _all_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def _is_whole(queue: Queue, body: bytes = BODY) -> bool:
    return (queue.folder / "model.gguf").read_bytes() == body


@pytest.mark.parametrize(
    ("served", "code"),
    [
        (Served(BODY, status=401), "access_refused"),
        (Served(BODY, status=403), "access_refused"),
        (Served(BODY, status=404), "file_gone"),
        (Served(BODY, status=410), "file_gone"),
        (Served(BODY, status=416), "source_unfit"),
        (Served(BODY, status=416, headers={"Content-Range": "bytes */5000"}), "source_unfit"),
        (Served(BODY, status=418), "source_unfit"),
        (Served(BODY, kind="text/html; charset=utf-8"), "source_unfit"),
        (Served(b""), "source_unfit"),
        (Served(BODY, headers={"Content-Encoding": "gzip"}), "source_unfit"),
        (Served(b"", location="/file"), "source_unfit"),
        (Served(b"", location="ftp://elsewhere/file"), "source_unfit"),
        (Served(b"", location="http://"), "source_unfit"),
        (Served(b"", location="http://xn--a/file"), "source_unfit"),
        (Served(b"", location="//[::1]]:::"), "source_unfit"),
        (Served(BODY, status=206, headers={"Content-Range": _ABSURD}), "source_unfit"),
        (Served(BODY, status=206, headers={"Content-Range": "bytes 0-0/*"}), "source_unfit"),
        (Served(b"", location="https://files.example/file"), "network_forbidden"),
        (Served(BODY, claims=1 << 40), "disk_full"),
        (Served(BODY, claims=10**15), "disk_full"),
    ],
)
async def test_what_will_not_heal_is_said_before_a_byte_comes(
    served: Served, code: str, tmp_path: Path
) -> None:
    async with serving(file=served) as files, queued(tmp_path) as queue:
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, code)
        assert failed.message
        assert failed.remedy
        assert files.bytes_sent("/file") == 0
        assert not list(queue.folder.glob("*")) if queue.folder.exists() else True


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (Served(BODY, status=429, refusals=3, headers={"Retry-After": "7"}), "answered 429"),
        (Served(BODY, status=503, refusals=6), "answered 503"),
        (Served(BODY, stall_after=MIB // 2, faults=4), "sends nothing"),
        (Served(BODY, cut_after=MIB // 2, faults=5), "broke"),
    ],
)
async def test_what_may_heal_is_tried_again(served: Served, reason: str, tmp_path: Path) -> None:
    async with serving(file=served) as files, queued(tmp_path, stall_s=0.3) as queue:
        done = await _fetched(queue, files)
        assert (done.state, done.message) == (State.DONE, "")
        assert _is_whole(queue)
        assert queue.slept
        told = [each for each in queue.seen if each.state is State.RETRYING]
        assert all(reason in each.message for each in told)
        assert max(queue.slept) >= 7 or served.headers == {}


async def test_waits_grow_and_never_end(tmp_path: Path) -> None:
    served = Served(BODY, status=500, refusals=12)
    async with serving(file=served) as files, queued(tmp_path, connections=1) as queue:
        assert (await _fetched(queue, files)).state is State.DONE
        assert queue.slept[:8] == [2, 4, 8, 16, 32, 60, 60, 60]
        assert State.RETRYING in queue.states


async def test_nobody_there_is_waited_for(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files:
        gone = files.url("/file")
    async with queued(tmp_path) as queue:
        await queue.downloads.add(wanted(queue.folder, gone, BODY))
        told = await queue.until(lambda each: each.state is State.RETRYING)
        assert "cannot be reached" in told.message
        assert (await queue.downloads.cancel(told.id)).message == ""


async def test_a_server_without_ranges_is_good_enough(tmp_path: Path) -> None:
    served = Served(BODY, ranges=False, cut_after=2 * MIB, faults=2)
    async with serving(file=served) as files, queued(tmp_path) as queue:
        assert (await _fetched(queue, files)).state is State.DONE
        assert _is_whole(queue)


async def test_a_file_that_is_longer_than_it_claims_is_never_usable(tmp_path: Path) -> None:
    async with serving(file=Served(BODY, claims=2 * MIB)) as files, queued(tmp_path) as queue:
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "hash_mismatch")
        assert not (queue.folder / "model.gguf").exists()


async def test_a_file_that_ends_before_what_is_wanted_of_it_is_begun_anew(tmp_path: Path) -> None:
    fresh = content(2 * MIB, seed=4)
    served = Served(BODY)

    def shorten(_: str, offset: int) -> None:
        if offset >= 3 * MIB:
            served.body, served.mark = fresh, '"two"'

    async with (
        serving(file=served) as files,
        queued(tmp_path, connections=1) as queue,
    ):
        files.on_body = shorten
        served.cut_after, served.faults = 3 * MIB + 100, 1  # what is asked for next gets a 416
        assert (await _fetched(queue, files, None)).state is State.DONE
        assert _is_whole(queue, fresh)


async def test_a_file_that_grows_shorter_than_it_claims_is_begun_anew(tmp_path: Path) -> None:
    served = Served(BODY, claims=len(BODY) + MIB)
    async with serving(file=served) as files, queued(tmp_path) as queue:
        await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
        told = await queue.until(lambda each: each.state is State.RETRYING)
        assert "broke" in told.message
        served.claims = None
        assert (await queue.ended()).state is State.DONE
        assert _is_whole(queue)


async def test_a_file_that_changes_meanwhile_is_begun_anew(tmp_path: Path) -> None:
    fresh = content(4 * MIB + 5, seed=2)
    served = Served(BODY)

    def change(_: str, offset: int) -> None:
        if offset >= 2 * MIB:
            served.body, served.mark = fresh, '"two"'

    async with serving(file=served) as files, queued(tmp_path) as queue:
        files.on_body = change
        done = await _fetched(queue, files, None)
        assert done.state is State.DONE
        assert _is_whole(queue, fresh)
        assert any("changed at the server" in each.message for each in queue.seen)


async def test_a_file_that_changes_while_we_are_away_is_begun_anew(tmp_path: Path) -> None:
    fresh = content(len(BODY), seed=3)
    served = Served(BODY, stall_after=MIB)
    async with serving(file=served) as files:
        async with queued(tmp_path) as queue:
            await queue.downloads.add(wanted(queue.folder, files.url("/file")))
            await queue.until(lambda each: each.done > MIB)
        served.stall_after, served.body, served.mark = None, fresh, '"two"'
        async with queued(tmp_path) as queue:
            assert (await queue.ended()).state is State.DONE
            assert _is_whole(queue, fresh)


async def test_a_file_that_changes_always_is_given_up(tmp_path: Path) -> None:
    served = Served(BODY)

    def change(_: str, offset: int) -> None:
        served.mark = f'"{offset}"'

    async with serving(file=served) as files, queued(tmp_path) as queue:
        files.on_body = change
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "source_unfit")
        assert "changes all the time" in failed.message


async def test_another_size_than_promised_is_refused(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        part = Part(files.url("/file"), "m.gguf", size=10)
        await queue.downloads.add(Wanted("m", queue.folder, (part,)))
        assert (await queue.ended()).code == "source_unfit"


async def test_redirects_lead_to_a_second_server_that_sees_no_key(tmp_path: Path) -> None:
    async with serving(real=Served(BODY)) as second, serving(file=Served(b"")) as first:
        first.served["/file"].location = second.url("/real")
        asked: list[str] = []

        def key(url: str) -> str:
            asked.append(url)
            return "Bearer secret"

        async with queued(tmp_path, authorise=key) as queue:
            assert (await _fetched(queue, first)).state is State.DONE
        assert {each.authorization for each in first.asked} == {"Bearer secret"}
        assert {each.authorization for each in second.asked} == {""}
        assert set(asked) == {first.url("/file")}


async def test_an_address_that_expires_is_found_again(tmp_path: Path) -> None:
    served = {"old": Served(BODY), "new": Served(BODY), "file": Served(b"", location="/old")}

    def expire(path: str, offset: int) -> None:
        if path == "/old" and offset >= 2 * MIB:
            served["old"].status = 403
            served["file"].location = "/new"

    async with serving(**served) as files, queued(tmp_path) as queue:
        files.on_body = expire
        assert (await _fetched(queue, files)).state is State.DONE
        assert _is_whole(queue)
        assert files.bytes_sent("/new") > 0


async def test_an_address_that_leads_to_a_refusal_is_given_up(tmp_path: Path) -> None:
    served = {"old": Served(BODY, status=403), "file": Served(b"", location="/old")}
    async with serving(**served) as files, queued(tmp_path) as queue:
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "access_refused")


async def test_a_byte_that_came_wrong_is_found_and_fetched_again(tmp_path: Path) -> None:
    served = Served(BODY, spoilt=1, spoil_at=3 * MIB + 5)
    async with serving(file=served) as files, queued(tmp_path) as queue:
        done = await _fetched(queue, files)
        assert (done.state, done.code) == (State.DONE, "")
        assert _is_whole(queue)
        assert files.bytes_sent("/file") <= 2 * len(BODY)


async def test_a_file_that_is_not_what_was_promised_is_never_usable(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        failed = await _fetched(queue, files, b"what was promised")
        assert (failed.state, failed.code) == (State.FAILED, "hash_mismatch")
        assert files.bytes_sent("/file") <= 2 * len(BODY)
        assert not (queue.folder / "model.gguf").exists()


@pytest.mark.parametrize("promised", [True, False])
async def test_damage_on_the_disk_costs_one_piece(promised: bool, tmp_path: Path) -> None:
    served = Served(BODY, stall_after=MIB + MIB // 2)
    async with serving(file=served) as files:
        async with queued(tmp_path, connections=1) as queue:
            await queue.downloads.add(
                wanted(queue.folder, files.url("/file"), BODY if promised else None)
            )
            await queue.until(lambda each: each.done > MIB + MIB // 4)
            part = queue.folder / "model.gguf.part"
        with part.open("r+b") as file:
            file.seek(MIB // 3)
            file.write(b"damage")
        served.stall_after = None
        sent = files.bytes_sent("/file")
        async with queued(tmp_path) as queue:
            assert (await queue.ended()).state is State.DONE
            assert _is_whole(queue)
        assert files.bytes_sent("/file") - sent <= len(BODY) - MIB // 4


async def test_sealed_pieces_that_rot_are_fetched_again_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotten = False
    seal = partfile.PartFile.seal

    async def rot(self: partfile.PartFile) -> None:
        nonlocal rotten
        await seal(self)
        if not rotten:
            rotten = True
            self.data.write(b"rot", 2 * PIECE + 9)

    monkeypatch.setattr(partfile.PartFile, "seal", rot)
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        done = await _fetched(queue, files, None)
        assert done.state is State.DONE
        assert _is_whole(queue)
        assert files.bytes_sent("/file") == len(BODY) + PIECE


async def test_damage_that_keeps_the_checksum_is_found_by_the_hash(tmp_path: Path) -> None:
    served = Served(BODY, stall_after=MIB + MIB // 2)
    async with serving(file=served) as files:
        async with queued(tmp_path, connections=1) as queue:
            await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
            await queue.until(lambda each: each.done > MIB)
        part = queue.folder / "model.gguf.part"
        good = part.read_bytes()
        bad = good[:1000] + bytes(a ^ b for a, b in zip(good[1000:], _UNSEEN, strict=False))
        bad += good[len(bad) :]
        assert checksum_of(bad) == checksum_of(good)
        part.write_bytes(bad)
        served.stall_after = None
        async with queued(tmp_path) as queue:
            assert (await queue.ended()).state is State.DONE
            assert _is_whole(queue)


async def test_another_file_of_that_name_is_never_overwritten(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        queue.folder.mkdir()
        (queue.folder / "model.gguf").write_bytes(b"mine")
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "file_in_the_way")
        assert _is_whole(queue, b"mine")


async def test_what_is_there_already_is_not_fetched(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        queue.folder.mkdir()
        (queue.folder / "model.gguf").write_bytes(BODY)
        assert (await _fetched(queue, files)).state is State.DONE
        assert files.asked == []


async def test_a_link_laid_in_our_way_leads_nowhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep me")
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        queue.folder.mkdir()
        (queue.folder / "model.gguf.part").symlink_to(victim)
        await _fetched(queue, files)
        assert victim.read_bytes() == b"keep me"


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda folder: folder.write_text("a file"), "not_writable"),
        (lambda folder: folder.symlink_to(folder.parent / "nowhere" / "x"), "not_writable"),
    ],
)
async def test_a_folder_that_cannot_be_used_is_said(
    break_it: Callable[[Path], None], code: str, tmp_path: Path
) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        break_it(queue.folder)
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, code)
        assert files.bytes_sent("/file") == 0


async def test_a_disk_that_fills_up_or_goes_is_said_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = RawFile.write

    def full(self: RawFile, data: bytes | memoryview, offset: int) -> None:
        if len(data) > 1000 and offset > 2 * MIB:
            raise OSError(28, "No space left on device")
        write(self, data, offset)

    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        with monkeypatch.context() as patch:
            patch.setattr(RawFile, "write", full)
            failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "disk_full")
        assert failed.done > 0
        sent = files.bytes_sent("/file")
        await queue.downloads.retry(failed.id)
        assert (await queue.ended(State.DONE)).message == ""
        assert _is_whole(queue)
        assert files.bytes_sent("/file") - sent < len(BODY)


async def test_a_folder_that_goes_meanwhile_is_said_and_can_be_filled_again(
    tmp_path: Path,
) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:

        def vanish(_: str, offset: int) -> None:
            if offset >= 4 * MIB:
                shutil.rmtree(queue.folder, ignore_errors=True)

        files.on_body = vanish
        failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "not_writable")
        assert "its disk is there" in failed.remedy
        files.on_body = None
        await queue.downloads.retry(failed.id)
        assert (await queue.ended(State.DONE)).message == ""
        assert _is_whole(queue)


async def test_what_goes_before_it_has_its_name_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        with monkeypatch.context() as patch:
            patch.setattr(Item, "settle", lambda self: self.clear() or self.places[0].settle())
            failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "not_writable")
        await queue.downloads.retry(failed.id)
        assert (await queue.ended(State.DONE)).message == ""
        assert _is_whole(queue)


async def test_a_folder_without_rights_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def forbidden(path: Path, *how: int) -> int:
        if str(path).endswith(".part"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *how)

    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", forbidden)
            failed = await _fetched(queue, files)
        assert (failed.state, failed.code) == (State.FAILED, "not_writable")
        assert "Permission denied" in failed.message
        assert "rights" in failed.remedy
        assert files.bytes_sent("/file") == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../outside.gguf", "outside.gguf"),
        ("..\\..\\outside.gguf", "outside.gguf"),
        ("/etc/outside.gguf", "outside.gguf"),
        ("C:\\outside.gguf", "outside.gguf"),
        ("NUL.gguf", "_NUL.gguf"),
        ("com1", "_com1"),
        ("a\0b\x1b[2J.gguf", "a_b_[2J.gguf"),
        ("田中 Ж.gguf", "田中 Ж.gguf"),
        ("模" * 400 + ".gguf", "模" * 65 + ".gguf"),
    ],
)
async def test_no_name_leads_out_of_the_folder(name: str, kept: str, tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        before = _all_in(tmp_path)
        await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY, name))
        assert (await queue.ended()).state is State.DONE
        assert _all_in(tmp_path) - before == {queue.folder, queue.folder / kept}


async def test_bad_wishes_are_refused_at_once(tmp_path: Path) -> None:
    async with queued(tmp_path) as queue:
        folder = queue.folder
        part = Part("http://127.0.0.1/x", "a.gguf")
        bad = [
            Wanted("none", folder, ()),
            Wanted("twice", folder, (part, Part("http://127.0.0.1/y", "A.GGUF"))),
            Wanted("name", folder, (Part("http://127.0.0.1/x", "../.."),)),
            Wanted("hash", folder, (Part("http://127.0.0.1/x", "a", sha256="xyz"),)),
            Wanted("folder", Path("relative"), (part,)),
        ]
        for wish in bad:
            with pytest.raises(Exception, match=r"\w"):
                await queue.downloads.add(wish)
        assert queue.downloads.all == ()


def test_a_hash_may_be_written_in_other_ways() -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    wish = Wanted("x", Path("/m"), (Part("http://h/x", "x", sha256=f"SHA256:{digest.upper()}"),))
    assert checked(wish).parts[0].sha256 == digest
