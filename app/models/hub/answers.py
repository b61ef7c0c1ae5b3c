"""A hub's answers as plain data. They come from strangers: what does not fit is left out."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from app.domain.hub import Gated, HubFile, HubModel
from app.models.hub.plain import plain

# Text the other way round: what a path may not hold on any of our systems, or to deceive the eye.
_PATH_MOST: Final = 1024
_UNSAFE: Final = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]')
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_REVISION: Final = re.compile(r"[0-9a-f]{40,64}")
_LICENCE: Final = "license:"
_TAGS_MOST: Final = 200
_MOST: Final = 1 << 53


def models(data: Any) -> Iterator[HubModel]:  # noqa: ANN401 - JSON
    """Yield the repositories of a listing."""
    for each in data if isinstance(data, list) else []:
        found = model(each)
        if found is not None:
            yield found


def model(data: Any) -> HubModel | None:  # noqa: ANN401 - JSON
    """Return one repository, or None if that is none."""
    if not isinstance(data, dict):
        return None
    repo = data.get("id") or data.get("modelId")
    if not isinstance(repo, str) or not is_repo(repo):
        return None
    tags = tuple(plain(tag) for tag in _items(data.get("tags")) if isinstance(tag, str))
    revision = data.get("sha")
    return HubModel(
        repo=repo,
        author=_text(data.get("author")) or repo.partition("/")[0],
        downloads=_count(data.get("downloads")),
        likes=_count(data.get("likes")),
        updated=_text(data.get("lastModified")),
        gated=_gated(data.get("gated")),
        licence=_licence(data, tags),
        tags=tags,
        pipeline=_text(data.get("pipeline_tag")),
        revision=revision if isinstance(revision, str) and _REVISION.fullmatch(revision) else "",
        parameters=_count(_fields(data.get("gguf")).get("total")),
    )


def files(data: Any, repo: str, revision: str, endpoint: str) -> Iterator[HubFile]:  # noqa: ANN401
    """Yield the files of one page of a tree; names that lead elsewhere are left out."""
    for each in data if isinstance(data, list) else []:
        if not isinstance(each, dict) or each.get("type") != "file":
            continue
        path, stored = each.get("path"), _fields(each.get("lfs"))
        if not isinstance(path, str) or not is_safe(path):
            continue
        digest = stored.get("oid") or stored.get("sha256")
        size = stored.get("size") if "size" in stored else each.get("size")
        yield HubFile(
            repo=repo,
            revision=revision,
            path=path,
            size=_count(size),
            sha256=digest if isinstance(digest, str) and _SHA256.fullmatch(digest) else None,
            url=f"{endpoint}/{repo}/resolve/{quote(revision, safe='')}/{quote(path)}",
        )


def is_repo(text: str) -> bool:
    """Return whether a text can be the name of a repository."""
    return bool(re.fullmatch(r"[\w-][\w.-]{0,95}/[\w-][\w.-]{0,95}", text, re.ASCII))


def is_safe(path: str) -> bool:
    """Return whether a path stays where it is put, on every system."""
    pieces = path.split("/")
    return (
        0 < len(path) <= _PATH_MOST
        and not _UNSAFE.search(path)
        and all(piece.strip(". ") and piece == piece.rstrip(". ") for piece in pieces)
    )


def cursor(next_url: str) -> str:
    """Return what leads to the next page; the address itself may name a host we do not ask."""
    try:
        found = parse_qs(urlsplit(next_url).query).get("cursor", [])
    except ValueError:
        return ""
    return found[0] if found else ""


def _licence(data: dict[str, Any], tags: tuple[str, ...]) -> str:
    told = _fields(data.get("cardData")).get("license")
    if isinstance(told, list) and told:
        told = told[0]
    if isinstance(told, str):
        return plain(told)
    return next((tag.removeprefix(_LICENCE) for tag in tags if tag.startswith(_LICENCE)), "")


def _gated(value: object) -> Gated:
    if value in {"auto", "manual"}:
        return "auto" if value == "auto" else "manual"
    return "manual" if value is True else ""


def _items(value: object) -> list[Any]:
    return value[:_TAGS_MOST] if isinstance(value, list) else []


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""


def _count(value: object) -> int:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    return int(value) if fits and isinstance(value, int) else 0
