"""Builds of the engine: what can be had for this computer, what is here, what goes wrong."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from app.domain.errors import AppError
from app.domain.models import Frozen


class BuildKind(StrEnum):
    """What is built: a llama-server, or the library inside the runner."""

    SERVER = "server"
    LIBRARY = "library"


class Asset(Frozen):
    """One file of an offer; `sha256` is what its publisher says, or '' where nobody says it."""

    name: str
    url: str
    size: int | None = None
    sha256: str = ""


class Offer(Frozen):
    """A build that can be had. `note` says what this computer seems to lack for it, or ''."""

    id: str
    kind: BuildKind
    backend: str
    version: str
    assets: tuple[Asset, ...]
    note: str = ""

    @property
    def hashed(self) -> bool:
        """Whether the publisher names the hash of every file."""
        return all(each.sha256 for each in self.assets)

    @property
    def size(self) -> int | None:
        """The bytes to download, where that is known."""
        sizes = [each.size for each in self.assets]
        return None if None in sizes else sum(size or 0 for size in sizes)


@dataclass(frozen=True, slots=True)
class Offers:
    """All that can be had; `reasons` say in words what cannot, and why."""

    offers: tuple[Offer, ...] = ()
    reasons: tuple[str, ...] = ()


class Build(Frozen):
    """A build that is here.

    `seal` is the hash of all its files as they were unpacked. `usable` means that it answered
    from a starter model on this computer; else `why` says what was in the way. `proven` names the
    models it has loaded.
    """

    id: str
    kind: BuildKind
    backend: str
    version: str
    seal: str
    size: int
    assets: tuple[Asset, ...]
    usable: bool = False
    why: str = ""
    proven: tuple[str, ...] = ()


class BuildBook(Frozen):
    """All that is kept about builds. Of each kind: which is in use, and the good one before.

    A kind without an entry uses what came with Echelon or was installed by its user.
    """

    builds: tuple[Build, ...] = ()
    ordered: tuple[Offer, ...] = ()
    used: dict[BuildKind, str] = Field(default_factory=dict)
    before: dict[BuildKind, str] = Field(default_factory=dict)

    def find(self, build_id: str) -> Build | None:
        """Return the build of that id, or None."""
        return next((each for each in self.builds if each.id == build_id), None)

    def in_use(self, kind: BuildKind) -> Build | None:
        """Return the chosen build of a kind; None stands for what is there anyway."""
        return self.find(self.used.get(kind, ""))

    def good_before(self, kind: BuildKind) -> Build | None:
        """Return the usable build that was in use before, or None."""
        build = self.find(self.before.get(kind, ""))
        return build if build is not None and build.usable else None


class BuildError(AppError):
    """A build of the engine could not be had or used."""

    code = "build"


class BuildsUnlisted(BuildError):
    """The place that lists builds did not say what there is."""

    code = "builds_unlisted"


class BuildMissing(BuildError):
    """There is no build of that name, or more than one."""

    code = "build_missing"


class BuildStands(BuildError):
    """The build is in a state in which that cannot be done."""

    code = "build_stands"


class BuildUnproven(BuildError):
    """Nobody says what the bytes of the build have to be."""

    code = "build_unproven"


class ArchiveUnfit(BuildError):
    """An archive is damaged, or would do more than leave files in its folder."""

    code = "archive_unfit"
