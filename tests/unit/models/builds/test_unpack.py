"""Archives of strangers leave plain files in their folder, or nothing is used of them."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.builds import ArchiveUnfit
from app.models.builds.unpack import Limits, unpack
from tests.fakes.releases import bomb, long_header, server_build, tarball, zipped

_LINK = stat.S_IFLNK | 0o777


def opened(tmp_path: Path, body: bytes, limits: Limits | None = None) -> Path:
    archive, folder = tmp_path / "build.archive", tmp_path / "out" / "here"
    archive.write_bytes(body)
    folder.mkdir(parents=True)
    unpack(archive, folder, limits or Limits())
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="there are neither modes nor links")
def test_a_release_keeps_its_programs_and_links(tmp_path: Path) -> None:
    folder = opened(tmp_path, server_build()) / "llama-b9001"
    assert os.access(folder / "llama-server", os.X_OK)
    assert (folder / "libllama.so").readlink() == Path("libllama.so.0")
    assert (folder / "libllama.so").read_bytes() == b"library"


def test_files_of_a_zip_keep_their_folders_and_are_no_programs(tmp_path: Path) -> None:
    wheel = zipped({"llama_cpp/lib/libllama.so": b"1", "some.libs/libgomp.so": b"2"})
    folder = opened(tmp_path, wheel)
    assert (folder / "some.libs" / "libgomp.so").read_bytes() == b"2"
    library = folder / "llama_cpp" / "lib" / "libllama.so"
    assert not os.access(library, os.X_OK) or sys.platform == "win32"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "way out": lambda: tarball({"../evil": b"x"}),
    "way out in a zip": lambda: zipped({"../evil": b"x"}),
    "way out in the middle": lambda: tarball({"a/../../evil": b"x"}),
    "whole path": lambda: tarball({"/evil": b"x"}),
    "whole path of windows": lambda: tarball({"C:\\evil": b"x"}),
    "backslashes": lambda: zipped({"..\\evil": b"x"}),
    "drive": lambda: tarball({"c:evil": b"x"}),
    "device": lambda: tarball({"bin/nul.txt": b"x"}),
    "stream": lambda: zipped({"llama-server:hidden": b"x"}),
    "end with a dot": lambda: tarball({"llama-server.": b"x"}),
    "link out": lambda: tarball({}, {"lib": "../../evil"}),
    "link to a whole path": lambda: tarball({}, {"lib": "/etc/passwd"}),
    "link to a folder": lambda: tarball({"a/b": b"x"}, {"c": "a"}),
    "link to nothing": lambda: tarball({}, {"lib": "none"}),
    "links in a circle": lambda: tarball({}, {"a": "b", "b": "a"}),
    "link of a zip": lambda: zipped({"lib": b"/etc/passwd"}, _LINK),
    "same name": lambda: tarball({"Llama": b"x", "llama": b"y"}),
    "special file": lambda: zipped({"pipe": b""}, stat.S_IFIFO | 0o644),
    "too deep": lambda: tarball({"a/" * 40 + "b": b"x"}),
    "bomb": lambda: bomb(80 << 20),
    "bomb in a zip": lambda: zipped({"llama-server": bytes(80 << 20)}),
    "endless header": lambda: long_header(9 << 20),
    "no archive": lambda: b"<!doctype html><title>Sign in</title>",
    "cut": lambda: server_build()[:200],
    "cut zip": lambda: zipped({"a": b"x" * 900})[:40],
    "empty": lambda: b"",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_or_broken_is_refused(tmp_path: Path, what: str) -> None:
    with pytest.raises(ArchiveUnfit) as caught:
        opened(tmp_path, HOSTILE[what]())
    assert caught.value.remedy
    assert not list(tmp_path.rglob("evil"))
    outside = {each.name for each in tmp_path.iterdir()} - {"build.archive", "out"}
    assert outside == set()
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["here"]


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = tarball({f"f{n}": b"" for n in range(30)})
    with pytest.raises(ArchiveUnfit, match="more than 20 files"):
        opened(tmp_path, many, Limits(files=20))


def test_what_claims_less_than_it_holds_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnfit, match="more than"):
        opened(tmp_path, zipped({"a": bytes(5000)}), Limits(free=1000, ratio=1))
