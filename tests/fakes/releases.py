"""Places that list builds, on real sockets: GitHub's interface and an index of wheels.

Files are given from a second host name, after a redirect, as GitHub does. What goes wrong is set
on what is served: `releases.files.served[path]` has a status, headers, another kind of body.
"""

import gzip
import hashlib
import io
import json
import stat
import sys
import tarfile
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.engines.runner.library import BINDING_VERSION
from app.models.builds.listing import RELEASES, Places
from tests.fakes.files import Files, Served, serving
from tests.unit.engines.llama_server.help_texts import NEW

LLAMA = "/ggml-org/llama.cpp/releases/download"
BINDING = "/abetlen/llama-cpp-python/releases/download"
WHEEL = f"llama_cpp_python-{BINDING_VERSION}-py3-none-manylinux_2_17_x86_64.whl"


@dataclass
class Releases:
    """What is published, and what was asked."""

    files: Files
    releases: list[dict[str, Any]] = field(default_factory=list)

    @property
    def places(self) -> Places:
        """Where it all is listed."""
        return Places(self.files.url(""), self.files.url("/whl"))

    @property
    def listed(self) -> Served:
        """The listing of the releases."""
        return self.files.served[RELEASES]

    def publish(self, tag: str, assets: Mapping[str, bytes], *, digests: bool = True) -> None:
        """Publish a release before all others."""
        listed = [self._asset(LLAMA, tag, name, body, digests) for name, body in assets.items()]
        self.releases.insert(0, {"tag_name": tag, "draft": False, "assets": listed})
        body = json.dumps(self.releases).encode()
        self.files.served[RELEASES] = Served(body, ranges=False, kind="application/json")

    def offer_wheel(self, backend: str, body: bytes, *, digest: bool = True) -> None:
        """Put a wheel of the pinned version into the index of a backend."""
        tag = f"v{BINDING_VERSION}-{backend}"
        asset = self._asset(BINDING, tag, WHEEL, body, digest)
        page = f'<html><body><h1>Links</h1><a href="{asset["browser_download_url"]}">x</a></body>'
        self.files.served[f"/whl/{backend}/llama-cpp-python/"] = Served(
            page.encode(), ranges=False, kind="text/html"
        )
        release = json.dumps({"tag_name": tag, "assets": [asset]}).encode()
        path = f"/repos/abetlen/llama-cpp-python/releases/tags/{tag}"
        self.files.served[path] = Served(release, ranges=False, kind="application/json")

    def _asset(self, base: str, tag: str, name: str, body: bytes, digest: bool) -> dict[str, Any]:
        path, store = f"{base}/{tag}/{name}", f"/store/{tag}/{name}"
        other_host = self.files.url(store).replace("127.0.0.1", "localhost")
        self.files.served[path] = Served(b"", location=other_host)
        self.files.served[store] = Served(body)
        return {
            "name": name,
            "size": len(body),
            "digest": f"sha256:{hashlib.sha256(body).hexdigest()}" if digest else None,
            "browser_download_url": self.files.url(path),
        }


@asynccontextmanager
async def releasing() -> AsyncIterator[Releases]:
    """Run a place that lists builds and gives them."""
    async with serving() as files:
        yield Releases(files)


def program(mode: str = "good") -> bytes:
    """Return a llama-server that is a script."""
    source = Path(__file__).with_name("scripted_llama_server.py").read_text("utf-8")
    text = source.replace('MODE = "good"', f"MODE = {mode!r}").replace(
        'HELP = ""', f"HELP = {NEW!r}"
    )
    return f"#!{sys.executable}\n{text}".encode()


def tarball(files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    """Return a .tar.gz whose files may all be run."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(body), 0o755
            packed.addfile(info, io.BytesIO(body))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            packed.addfile(info)
    return out.getvalue()


def zipped(
    files: Mapping[str, bytes], mode: int = stat.S_IFREG | 0o644, *, quick: bool = False
) -> bytes:
    """Return a .zip whose files all have one mode; `quick` leaves them as large as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_STORED if quick else zipfile.ZIP_DEFLATED
            packed.writestr(info, body)
    return out.getvalue()


def server_build(mode: str = "good", tag: str = "b9001") -> bytes:
    """Return a release archive as llama.cpp makes them, with a scripted program."""
    return tarball(
        {f"llama-{tag}/llama-server": program(mode), f"llama-{tag}/libllama.so.0": b"library"},
        {f"llama-{tag}/libllama.so": "libllama.so.0"},
    )


def bomb(size: int) -> bytes:
    """Return a .tar.gz out of which many more bytes come than went in."""
    return tarball({"llama-server": bytes(size)})


def long_header(size: int) -> bytes:
    """Return a .tar.gz whose first header claims to be followed by a name of that length."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, size
    return gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(size))
