"""Answers requests about the library with plain data."""

import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.domain.errors import RequestInvalid
from app.domain.shelf import FolderReport, Item, Survey, copies
from app.models.shelf.checking import Check
from app.models.shelf.removal import Removal
from app.models.shelf.scan import used, wasted
from app.models.shelf.shelf import Shelf

# Answers one request with plain data.
Query = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class LibraryRequest(BaseModel):
    """Asks for something of the library.

    `name` is a model's, `token` that of a removal that was shown, `path` a whole path; `add` says
    whether a folder comes or goes, and `copy_it` that an import copies instead of linking.
    """

    model_config = ConfigDict(extra="forbid")

    op: str
    name: str = ""
    token: str = ""
    path: str = ""
    add: bool = True
    copy_it: bool = False


class LibraryDesk:
    """What can be asked of the library, attached or not."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def queries(self) -> dict[str, Query]:
        """Return what can be asked, by operation."""
        return {
            "models list": self.listed,
            "models folders": self.folders,
            "models import": self.taken,
            "models removal": self.removal,
            "models remove": self.removed,
            "models verify": self.verified,
        }

    async def listed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return all models and folders."""
        LibraryRequest.model_validate(request)
        return plain(await self._shelf.survey())

    async def folders(self, request: dict[str, Any]) -> dict[str, Any]:
        """Add or take out a folder if one is named; return all folders."""
        asked = LibraryRequest.model_validate(request)
        if asked.path:
            path = _path(asked.path)
            await (self._shelf.add_folder(path) if asked.add else self._shelf.remove_folder(path))
        return {"folders": plain(await self._shelf.survey())["folders"]}

    async def taken(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make a file part of the library; return how it came in."""
        asked = LibraryRequest.model_validate(request)
        item, brought = await self._shelf.take(_path(asked.path), copy=asked.copy_it)
        files = [shown(file) for file in brought.files]
        return {"model": _model(item, 1), "way": brought.way, "files": files}

    async def removal(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what would go with a model, and the token that makes it go."""
        asked = LibraryRequest.model_validate(request)
        return _removal(await self._shelf.plan_removal(asked.name))

    async def removed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete what was shown under a token; return what went."""
        asked = LibraryRequest.model_validate(request)
        return _removal(await self._shelf.remove(asked.token))

    async def verified(self, request: dict[str, Any]) -> dict[str, Any]:
        """Read one model or all as a whole; return what was found."""
        asked = LibraryRequest.model_validate(request)
        return {"checks": [_check(each) for each in await self._shelf.verify(asked.name)]}


def plain(survey: Survey) -> dict[str, Any]:
    """Return a survey as plain data."""
    same = copies(survey.items)
    return {
        "models": [_model(item, len(same.get(item.id, [item]))) for item in survey.items],
        "folders": [_folder(each) for each in survey.folders],
        "used": used(survey.items),
        "wasted": wasted(survey.items),
    }


def shown(path: Path) -> str:
    """Return a path as text that can be written anywhere; names need not be text."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _path(text: str) -> Path:
    if "\0" in text or not Path(text).is_absolute():
        raise RequestInvalid("This is no whole path.", remedy="Name a file or folder by its path.")
    return Path(text)


def _model(item: Item, count: int) -> dict[str, Any]:
    card = item.card
    return {
        "name": item.name,
        "handle": item.handle,
        "id": item.id,
        "kind": card.kind.value if card else "",
        "architecture": card.architecture if card else "",
        "quantisation": card.quantisation if card else "",
        "context": card.context if card else 0,
        "parameters": card.parameters if card else 0,
        "vocabulary": card.vocabulary if card else "",
        "size": item.size,
        "path": shown(item.path),
        "files": len(item.found.files),
        "origin": item.found.origin.value,
        "owner": item.found.origin.label,
        "copies": count,
        "problem": item.problem,
        "remedy": item.remedy,
    }


def _folder(report: FolderReport) -> dict[str, Any]:
    return {
        "path": shown(report.folder.path),
        "origin": report.folder.origin.value,
        "owner": report.folder.origin.label,
        "state": report.state.value,
        "detail": report.detail,
        "models": report.models,
        "used": report.used,
        "free": report.free,
    }


def _removal(removal: Removal) -> dict[str, Any]:
    return {
        "token": removal.token,
        "name": removal.item.name,
        "size": removal.item.size,
        "files": [shown(file) for file in removal.files],
        "freed": removal.freed,
        "roles": list(removal.roles),
        "reference": removal.reference,
    }


def _check(found: Check) -> dict[str, Any]:
    return {
        "name": found.item.name,
        "path": shown(found.item.path),
        "verdict": found.verdict.value,
        "detail": found.detail,
        "remedy": found.remedy,
        "digests": list(found.digests),
    }


def any_damage(checks: Iterable[dict[str, Any]]) -> bool:
    """Whether a model was found that is not as it should be."""
    return any(each["verdict"] in {"damaged", "unread"} for each in checks)
