"""What can be had for this computer: llama-server releases, and libraries for the runner."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from pydantic import BaseModel, ValidationError

from app.domain.builds import Asset, BuildKind, BuildsUnlisted, Offer, Offers
from app.domain.errors import AppError, NetworkForbidden
from app.engines.runner.library import BINDING_VERSION
from app.models.builds.devices import lacking
from app.models.builds.matching import (
    WHEEL_BACKENDS,
    Host,
    release_asset,
    runtime_for,
    wheel_fits,
)
from app.models.builds.wire import Wire
from app.platform.net import NetworkPolicy

RELEASES: Final = "/repos/ggml-org/llama.cpp/releases?per_page=10"
_API_SETTING: Final = "ORCHESTRATOR_RELEASE_API"
_INDEX_SETTING: Final = "ORCHESTRATOR_WHEEL_INDEX"
_LINK: Final = re.compile(r"""<a\s[^>]*?href\s*=\s*["']([^"'<>\s]{1,2000})["']""", re.IGNORECASE)
_HASH: Final = re.compile(r"(?:sha256[:=])([0-9a-f]{64})")
# Where the wheels of the index lie: files of a release, whose listing knows their hashes.
_OF_RELEASE: Final = re.compile(r"/([\w.-]+/[\w.-]+)/releases/download/([\w.+-]+)/[^/]+")
_SHOWN: Final = 6


class _Asset(BaseModel):
    """An asset as a release lists it; what is not needed is not read."""

    name: str
    browser_download_url: str
    size: int | None = None
    digest: str | None = None

    def plain(self) -> Asset:
        """Return it as everybody else knows it."""
        found = _HASH.fullmatch(self.digest or "")
        size = self.size if self.size and self.size > 0 else None
        return Asset(
            name=self.name,
            url=self.browser_download_url,
            size=size,
            sha256=found[1] if found else "",
        )


class _Release(BaseModel):
    """A release as it is listed."""

    tag_name: str
    draft: bool = False
    assets: list[_Asset]


@dataclass(frozen=True, slots=True)
class Places:
    """Where builds are listed: GitHub's interface, and the index of wheels."""

    api: str
    index: str


class Listing:
    """Knows where builds are listed and what their lists mean for this computer."""

    def __init__(
        self,
        policy: NetworkPolicy,
        places: Places,
        host: Host | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Ask at `places` for builds that suit `host`, by default this computer."""
        self._wire = Wire(policy, clock)
        self._api = places.api.rstrip("/")
        self._index = places.index.rstrip("/")
        self._host = host or Host.here()

    async def offers(self) -> Offers:
        """Return all that can be had; a list that cannot be read is a reason, no error."""
        servers, libraries = await asyncio.gather(self._servers(), self._libraries())
        return Offers(servers.offers + libraries.offers, servers.reasons + libraries.reasons)

    async def proven(self, offer: Offer) -> Offer:
        """Return an offer with the hashes that its publisher names elsewhere than in the list.

        The index of wheels names none, but the releases where the wheels lie do.

        Raises:
            BuildsUnlisted: they could not be asked.
        """
        if offer.kind is BuildKind.SERVER:
            return offer
        assets = [await self._proven(each) for each in offer.assets]
        return offer.model_copy(update={"assets": tuple(assets)})

    async def _proven(self, asset: Asset) -> Asset:
        found = _OF_RELEASE.fullmatch(urlsplit(asset.url).path)
        if asset.sha256 or found is None:
            return asset
        url = f"{self._api}/repos/{found[1]}/releases/tags/{found[2]}"
        release = _release(await self._wire.data(url, _API_SETTING))
        listed = (each.plain() for each in (release.assets if release else ()))
        return next((each for each in listed if each.name == asset.name), asset)

    async def _servers(self) -> Offers:
        try:
            told = await self._wire.data(self._api + RELEASES, _API_SETTING)
        except (BuildsUnlisted, NetworkForbidden) as error:
            return Offers(reasons=(f"llama-server builds: {error}",))
        releases = [each for each in map(_release, told if isinstance(told, list) else ()) if each]
        offers: dict[str, Offer] = {}
        for release in releases:
            for offer in self._of_release(release):
                offers.setdefault(offer.backend, offer)  # the newest one comes first
        if offers:
            return Offers(tuple(offers.values()))
        return Offers(reasons=(self._no_server(releases),))

    def _of_release(self, release: _Release) -> list[Offer]:
        names = {each.name: each.plain() for each in release.assets}
        found = []
        for name, asset in names.items():
            named = release_asset(name, self._host)
            if named is None:
                continue
            runtime = runtime_for(named.backend, names, self._host)
            assets = (asset, names[runtime]) if runtime else (asset,)
            found.append(_offer(BuildKind.SERVER, named.backend, named.version, assets))
        return found

    def _no_server(self, releases: list[_Release]) -> str:
        if not releases:
            return "llama-server builds: the list holds no releases; it is another one than ours."
        held = [each.name for each in releases[0].assets if "-bin-" in each.name]
        shown = ", ".join(held[:_SHOWN]) or "no builds at all"
        return (
            f"llama-server builds: none of the newest {len(releases)} releases is for "
            f"{self._host}. {releases[0].tag_name} holds {shown}."
        )

    async def _libraries(self) -> Offers:
        backends = WHEEL_BACKENDS[self._host.system]
        answers = await asyncio.gather(*(self._library(each) for each in backends))
        found = tuple(each for each in answers if isinstance(each, Offer))
        if found:
            return Offers(found)
        told = [str(each) for each in answers if isinstance(each, AppError)]
        why = told[0] if len(told) == len(answers) else "other versions or computers only."
        return Offers(reasons=(f"Libraries of version {BINDING_VERSION} for {self._host}: {why}",))

    async def _library(self, backend: str) -> Offer | AppError | None:
        try:
            page = await self._wire.page(
                f"{self._index}/{backend}/llama-cpp-python/", _INDEX_SETTING
            )
        except (BuildsUnlisted, NetworkForbidden) as error:
            return error
        for link in _LINK.findall(page.text):
            url, _, mark = urljoin(page.url, unescape(link)).partition("#")
            name = unquote(urlsplit(url).path).rpartition("/")[2]
            if wheel_fits(name, BINDING_VERSION, self._host):
                found = _HASH.fullmatch(mark)
                asset = Asset(name=name, url=url, sha256=found[1] if found else "")
                return _offer(BuildKind.LIBRARY, backend, BINDING_VERSION, (asset,))
        return None


def _release(told: Any) -> _Release | None:  # noqa: ANN401 - JSON
    """Return a release, or None for what is none or is not published."""
    try:
        release = _Release.model_validate(told)
    except ValidationError:
        return None
    return None if release.draft else release


def _offer(kind: BuildKind, backend: str, version: str, assets: tuple[Asset, ...]) -> Offer:
    return Offer(
        id=f"{kind}-{version}-{backend}",
        kind=kind,
        backend=backend,
        version=version,
        assets=assets,
        note=lacking(backend),
    )
