"""A hub of models on two real HTTP servers: one with the API, another one that holds the bytes.

It has the shape of Hugging Face's: https://huggingface.co/docs/hub/api. Faults are switched on by
name: `hub.faults["tree"] = "html"` makes the listing of files answer a web page.
"""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.files import Link
from tests.fakes.hub_faults import ON_THE_WAY, Door, Fault, carried, claimed, refusal, wrong

COMMIT = "5" * 40
CARD = "---\nlicense: mit\n---\n# A card\n<script>alert(1)</script>\nIt answers.\n"
TOKEN = "hf_" + "a" * 24


@dataclass
class FakeRepo:
    """One repository and its files."""

    repo: str
    files: dict[str, bytes]
    card: str = CARD
    gated: bool | str = False
    fields: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return what the API tells of it."""
        return {
            "_id": "1",
            "id": self.repo,
            "modelId": self.repo,
            "author": self.repo.split("/")[0],
            "sha": COMMIT,
            "lastModified": "2026-10-01T12:00:00.000Z",
            "private": False,
            "gated": self.gated,
            "downloads": 1200,
            "likes": 34,
            "tags": ["gguf", "text-generation", "license:apache-2.0", "region:us"],
            "pipeline_tag": "text-generation",
            "gguf": {"total": 1_000_000, "architecture": "llama", "context_length": 512},
            **self.fields,
        }

    def tree(self) -> list[dict[str, Any]]:
        """Return the listing of its files, folders too."""
        folders = sorted({path.rpartition("/")[0] for path in self.files if "/" in path})
        found: list[dict[str, Any]] = [
            {"type": "directory", "oid": "0" * 40, "size": 0, "path": path} for path in folders
        ]
        for path, data in self.files.items():
            digest = _sha256(data)
            found.append(
                {
                    "type": "file",
                    "oid": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
                    "size": len(data),
                    "path": path,
                    "lfs": {"oid": digest, "size": len(data), "pointerSize": 134},
                    "xetHash": digest,
                }
            )
        return found


@dataclass
class FakeHub:
    """What the hub holds, what it was asked, and what it does wrong."""

    repos: list[FakeRepo] = field(default_factory=list)
    faults: dict[Door, Fault] = field(default_factory=dict)
    url: str = ""
    store: str = ""
    # Names that repositories had, and have.
    renamed: dict[str, str] = field(default_factory=dict)
    page: int = 100
    token: str = TOKEN
    # Method and path with its query, and headers, of the hub and of the place of the bytes.
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    fetched: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0
    rate: float | None = None  # bytes per second for all connections together
    link: Link = field(default_factory=Link)

    def find(self, request: Request) -> FakeRepo | None:
        """Return the repository a request is about."""
        return next((each for each in self.repos if each.repo == _name(request)), None)

    async def search(self, request: Request) -> Response:
        """List models, in pages."""
        self._note(request)
        words = request.query_params.get("search", "").lower()
        found = [each.plain() for each in self.repos if words in each.repo.lower()]
        key = request.query_params.get("sort", "")
        found.sort(key=lambda each: (each.get(key) or 0, each["id"]), reverse=True)
        return self._paged(request, found, int(request.query_params.get("limit", "1000")))

    async def model(self, request: Request) -> Response:
        """Tell one repository."""
        self._note(request)
        repo = self.find(request)
        if fresh := self.renamed.get(_name(request)):
            return RedirectResponse(f"/api/models/{fresh}", 307)
        return JSONResponse(repo.plain()) if repo else self._unknown(request)

    async def tree(self, request: Request) -> Response:
        """List the files of a repository, in pages."""
        self._note(request)
        repo = self.find(request)
        if repo is None:
            return self._unknown(request)
        if request.path_params["revision"] not in {COMMIT, "main"}:
            return refusal(404, "RevisionNotFound", "Invalid rev id")
        return self._paged(request, repo.tree(), self.page)

    async def card(self, request: Request) -> Response:
        """Give the card."""
        self._note(request)
        repo = self.find(request)
        if repo is None or not repo.card:
            return refusal(404, "EntryNotFound", "Entry not found")
        return Response(repo.card, media_type="text/plain; charset=utf-8")

    async def whoami(self, request: Request) -> Response:
        """Say whose token it is."""
        self._note(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refusal(401, "", "Invalid credentials in Authorization header")
        return JSONResponse({"type": "user", "name": "ada"}, headers=_LIMITS)

    async def resolve(self, request: Request) -> Response:
        """Send on to where the bytes are."""
        self._note(request)
        repo = self.find(request)
        data = repo.files.get(request.path_params["path"]) if repo else None
        if repo is None or data is None:
            return refusal(404, "EntryNotFound", "Entry not found")
        if repo.gated and request.headers.get("authorization") != f"Bearer {self.token}":
            return refusal(401, "GatedRepo", "Access to model is restricted.")
        digest = _sha256(data)
        headers = {
            "X-Repo-Commit": COMMIT,
            "X-Linked-Size": str(len(data)),
            "X-Linked-ETag": f'"{digest}"',
            "Accept-Ranges": "bytes",
        }
        return RedirectResponse(f"{self.store}/{digest}", 302, headers)

    async def content(self, request: Request) -> Response:
        """Give bytes, or a range of them."""
        self.fetched.append((str(request.url), dict(request.headers)))
        wanted = request.path_params["digest"]
        files = (data for repo in self.repos for data in repo.files.values())
        data = next((each for each in files if _sha256(each) == wanted), None)
        if data is None:
            return Response("AccessDenied", 403)
        fault = self.faults.get("bytes")
        size = claimed(fault, len(data))
        begin, end = _range(request.headers.get("range", ""), size)
        mark = f"{wanted}-{len(self.fetched)}" if fault == "changed" else wanted
        headers = {"ETag": f'"{mark}"', "Accept-Ranges": "bytes"}
        if fault == "no ranges" or "range" not in request.headers:
            return self._streamed(data, 200, headers | {"Content-Length": str(size)})
        if fault == "416" or begin >= size:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
        if fault == "other range":
            begin = begin + 1
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
        body = b"" if fault == "empty" else data[begin:end]
        headers["Content-Length"] = str(0 if fault == "empty" else end - begin)
        return self._streamed(body, 206, headers)

    def _streamed(self, data: bytes, status: int, headers: dict[str, str]) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            async for piece in carried(self.faults.get("bytes"), data):
                await self.link.carry(len(piece), self.rate)
                self.sent += len(piece)
                yield piece

        return StreamingResponse(pieces(), status, headers, "application/octet-stream")

    def _paged(self, request: Request, found: list[dict[str, Any]], most: int) -> Response:
        begin = int(request.query_params.get("cursor", "0"))
        response = JSONResponse(found[begin : begin + most], headers=_LIMITS)
        if begin + most < len(found):
            query = [each for each in request.query_params.multi_items() if each[0] != "cursor"]
            following = urlencode([*query, ("cursor", str(begin + most))])
            # As a mirror does that passes on what the real one says.
            address = f"https://huggingface.co{request.url.path}?{following}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response

    def _unknown(self, request: Request) -> Response:
        if request.headers.get("authorization") == f"Bearer {self.token}":
            return refusal(404, "RepoNotFound", "Repository not found")
        return refusal(401, "RepoNotFound", "Invalid username or password.")

    def _note(self, request: Request) -> None:
        line = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.asked.append((line, dict(request.headers)))

    def app(self) -> Starlette:
        """Return the API."""
        repo = "{owner}/{name}"
        return Starlette(
            routes=[
                self._route("search", "/api/models", self.search),
                self._route("whoami", "/api/whoami-v2", self.whoami),
                self._route("tree", f"/api/models/{repo}/tree/{{revision}}", self.tree),
                self._route("model", f"/api/models/{repo}", self.model),
                self._route("card", f"/{repo}/raw/{{revision}}/README.md", self.card),
                self._route("resolve", f"/{repo}/resolve/{{revision}}/{{path:path}}", self.resolve),
            ]
        )

    def bytes_app(self) -> Starlette:
        """Return the place of the bytes."""
        return Starlette(routes=[self._route("bytes", "/{digest}", self.content)])

    def _route(self, door: Door, path: str, answer: Any) -> Route:
        async def faulty(request: Request) -> Response:
            fault = self.faults.get(door)
            late = door == "bytes" and fault in ON_THE_WAY
            instead = wrong(fault, request) if fault and not late else None
            if instead is None:
                response: Response = await answer(request)
                return response
            self._note(request)
            return instead

        return Route(path, faulty)


_LIMITS = {"RateLimit": '"api";r=499;t=120', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}


def _name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['name']}"


@lru_cache(maxsize=256)
def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _range(header: str, size: int) -> tuple[int, int]:
    first, _, last = header.removeprefix("bytes=").partition("-")
    return int(first or 0), min(int(last or size - 1), size - 1) + 1


class _Http(uvicorn.Server):
    """uvicorn that sleeps until it is stopped, and leaves signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopped = asyncio.Event()

    async def main_loop(self) -> None:
        await self.stopped.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _serving(app: Starlette, host: str, port: int = 0) -> AsyncIterator[int]:
    listening = socket.create_server((host, port))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Http(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.stopped.set()
        await task
        listening.close()


@asynccontextmanager
async def serving_hub(
    hub: FakeHub, *, port: int = 0, also: Sequence[Route] = ()
) -> AsyncIterator[None]:
    """Serve a hub, with other doors besides its own, as long as the block lasts."""
    api = hub.app()
    api.routes[:0] = also
    async with (
        _serving(api, "127.0.0.1", port) as ours,
        _serving(hub.bytes_app(), "127.0.0.1") as other,
    ):
        hub.url = f"http://127.0.0.1:{ours}"
        hub.store = f"http://localhost:{other}"
        yield


@asynccontextmanager
async def fake_hub(*repos: FakeRepo, **faults: Fault) -> AsyncIterator[FakeHub]:
    """Serve these repositories as long as the block lasts."""
    hub = FakeHub(list(repos), cast("dict[Door, Fault]", dict(faults)))
    async with serving_hub(hub):
        yield hub
