"""The hub: what can be found there, of which files it is made, and whether we can reach it."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from app.domain.errors import HubAnswerInvalid, HubGated, HubMissing
from app.domain.hub import HubFile, HubModel, Sort
from app.models.hub import answers
from app.models.hub.card import shown
from app.models.hub.plain import plain
from app.models.hub.wire import Answer, Wire

_SORTS: Final = {
    Sort.TRENDING: "trendingScore",
    Sort.DOWNLOADS: "downloads",
    Sort.LIKES: "likes",
    Sort.UPDATED: "lastModified",
}
# Only what we show; whole answers hold the names of all files.
_WANTED: Final = [
    "author", "downloads", "gated", "gguf", "lastModified", "likes", "pipeline_tag", "sha", "tags",
]  # fmt: skip
PAGE_MOST: Final = 100
# So many pages of a thousand files each; nobody looks through more.
_TREE_PAGES: Final = 20
_CARD_MOST: Final = 256 << 10
_LIMIT: Final = re.compile(r"r=(\d{1,9});t=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what was found; `cursor` leads to the next one, '' after the last."""

    models: tuple[HubModel, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a test of the connection found: who we are there ('' without a token), what is left.

    `remaining` requests are allowed within the next `resets_s` seconds; None where it is unsaid.
    """

    endpoint: str
    user: str
    has_token: bool
    remaining: int | None = None
    resets_s: int | None = None


class Hub:
    """Finds models on Hugging Face or a mirror of it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def search(
        self, text: str, *, sort: Sort = Sort.TRENDING, cursor: str = "", limit: int = 20
    ) -> Page:
        """Return models that there are GGUF files of.

        Args:
            text: words of the name; empty finds all.
            sort: what comes first.
            cursor: of the page before, or ''.
            limit: how many at the most.

        Raises:
            HubError: the hub did not answer.
        """
        query: dict[str, str | list[str]] = {
            "filter": "gguf",
            "sort": _SORTS[sort],
            "direction": "-1",
            "limit": str(max(1, min(limit, PAGE_MOST))),
            "expand": _WANTED,
        }
        query |= {"search": text} if text else {}
        query |= {"cursor": cursor} if cursor else {}
        answer = await self.wire.get("/api/models", query, "list of models")
        if not isinstance(answer.data, list):
            raise await self._foreign()
        found = tuple(answers.models(answer.data))[:PAGE_MOST]
        following = answers.cursor(answer.next_url)
        return Page(found, following if following != cursor else "")

    async def model(self, repo: str) -> HubModel:
        """Return one repository as it stands now.

        Args:
            repo: its name, or the address of its page.

        Raises:
            HubError: there is none of that name, or the hub did not answer.
        """
        name = _repo(repo, (await self.wire.access()).endpoint)
        answer = await self.wire.get(f"/api/models/{name}", {}, f"repository {name}", name)
        found = answers.model(answer.data)
        if found is None:
            raise await self._foreign()
        return found

    async def files(self, model: HubModel) -> list[HubFile]:
        """Return all files of a repository, at the commit it was asked for at.

        Raises:
            HubError: the hub did not answer.
        """
        access, revision = await self.wire.access(), model.revision or "main"
        found: list[HubFile] = []
        async for answer in self._tree(model.repo, revision):
            found += answers.files(answer.data, model.repo, revision, access.endpoint)
        return found

    async def card(self, model: HubModel) -> str:
        """Return the model's card as Markdown that is safe to show, '' if it has or gives none.

        Raises:
            HubError: the hub did not answer.
        """
        endpoint, revision = (await self.wire.access()).endpoint, model.revision or "main"
        url = f"{endpoint}/{model.repo}/raw/{quote(revision, safe='')}/README.md"
        try:
            text = await self.wire.text(url, f"card of {model.repo}", model.repo, _CARD_MOST)
        except (HubMissing, HubGated):
            return ""
        return await asyncio.to_thread(shown, text)

    async def page(self, repo: str) -> str:
        """Return the address of a repository's page, for a browser.

        Raises:
            AppError: the address of the hub is none.
        """
        return f"{(await self.wire.access()).endpoint}/{repo}"

    async def reach(self) -> Reach:
        """Test the connection, with the token as it stands now.

        Raises:
            HubError: the hub cannot be reached, or does not know the token.
        """
        access = await self.wire.access(renew=True)
        answer = await self.wire.get("/api/models", {"limit": "1"}, "list of models")
        if not isinstance(answer.data, list):
            raise await self._foreign()
        user = ""
        if access.token:
            answer = await self.wire.get("/api/whoami-v2", {}, "account")
            name = answer.data.get("name") if isinstance(answer.data, dict) else None
            user = plain(name) if isinstance(name, str) else ""
        found = _LIMIT.search(answer.headers.get("ratelimit", ""))
        left = (int(found[1]), int(found[2])) if found else (None, None)
        return Reach(access.endpoint, user, bool(access.token), *left)

    async def _tree(self, repo: str, revision: str) -> AsyncIterator[Answer]:
        path = f"/api/models/{repo}/tree/{quote(revision, safe='')}"
        cursor = ""
        for _ in range(_TREE_PAGES):
            query = {"recursive": "true"} | ({"cursor": cursor} if cursor else {})
            answer = await self.wire.get(path, query, f"list of files of {repo}", repo)
            if not isinstance(answer.data, list):
                raise await self._foreign()
            yield answer
            following = answers.cursor(answer.next_url)
            if not following or following == cursor:
                return
            cursor = following

    async def _foreign(self) -> HubAnswerInvalid:
        host = (await self.wire.access()).host
        return HubAnswerInvalid(
            f"{host} sent something else than a hub would.", remedy="Check HF_ENDPOINT."
        )


def _repo(text: str, endpoint: str) -> str:
    """Return the name of a repository, also from the address of its page."""
    name = text.strip()
    if "://" in name:
        path = urlsplit(name).path.removeprefix(urlsplit(endpoint).path)
        name = "/".join(path.strip("/").split("/")[:2])
    if not answers.is_repo(name):
        raise HubMissing(
            f"“{plain(text, 80)}” is no name of a repository.",
            remedy="They look like owner/name; `echelon models search` finds them.",
        )
    return name
