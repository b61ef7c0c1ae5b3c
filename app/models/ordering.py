"""From what somebody names to files in the queue: an address, or a model on the hub."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.downloads import Download, Part, Wanted
from app.domain.errors import HubMissing
from app.domain.hub import Bundle, bundles
from app.models.downloads.service import Downloads
from app.models.hub.hub import Hub


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: an address with the hash it must have, or `owner/name:FILE` on the hub.

    `folder` is where it goes; None means where models usually go.
    """

    what: str
    sha256: str | None = None
    folder: Path | None = None


class Orders:
    """Puts what is wanted into the queue; models of the hub come with sizes and hashes."""

    def __init__(self, hub: Hub, downloads: Downloads, folder: Path) -> None:
        """Take models from `hub` and put them, where nothing else is said, into `folder`."""
        self._hub = hub
        self._downloads = downloads
        self._folder = folder

    async def order(self, order: Order) -> Download:
        """Queue what an order names.

        Raises:
            HubError: the hub has no such model, or did not answer.
            DownloadError: the queue cannot take it.
        """
        folder = order.folder or self._folder
        if "://" in order.what:
            return await self._downloads.add(Wanted.of(order.what, folder, order.sha256))
        repo, _, which = order.what.partition(":")
        model = await self._hub.model(repo)
        found = bundles(await self._hub.files(model))
        return await self.take(_chosen(found, which, repo), folder)

    async def take(self, bundle: Bundle, folder: Path | None = None) -> Download:
        """Queue all parts of a model as one item.

        Raises:
            HubMissing: the hub does not have all of them.
            DownloadError: the queue cannot take it.
        """
        if not bundle.is_complete:
            raise HubMissing(f"The hub has only some parts of {bundle.label}.")
        parts = tuple(Part(each.url, each.name, each.size, each.sha256) for each in bundle.files)
        label = bundle.label.rpartition("/")[2]
        return await self._downloads.add(Wanted(label, folder or self._folder, parts))


def _chosen(found: list[Bundle], which: str, repo: str) -> Bundle:
    """Return the one bundle that a file, a label or a quantisation names.

    Raises:
        HubMissing: there is none, or more than one.
    """
    wanted = which.lower().removesuffix(".gguf")
    exact = [each for each in found if wanted in _names(each)]
    models = [each for each in found if each.kind == "model"]
    fitting = exact or [each for each in models if each.quantisation.lower() == wanted]
    if not which and len(models) == 1:
        fitting = models
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(each.quantisation or each.label for each in fitting or models)
    raise HubMissing(
        f"{repo} has {'more than one' if fitting else 'no'} model called “{which}”."
        if which
        else f"{repo} has {len(models)} models.",
        remedy=f"Name one as {repo}:NAME. There are: {names or 'none'}.",
    )


def _names(bundle: Bundle) -> set[str]:
    paths = {file.path for file in bundle.files} | {file.name for file in bundle.files}
    plain = {path.lower().removesuffix(".gguf") for path in paths}
    return {*plain, bundle.label.lower(), bundle.label.rpartition("/")[2].lower()}
