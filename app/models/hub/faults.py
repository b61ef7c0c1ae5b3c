"""What goes wrong with a hub, in words: what its refusals and broken connections mean."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.domain.errors import (
    HubAnswerInvalid,
    HubBusy,
    HubDown,
    HubError,
    HubGated,
    HubMissing,
    HubTokenRefused,
)
from app.models.hub.access import KEYRING_NAME, TOKEN_NAME, Access
from app.models.hub.plain import plain

_AGAIN: Final = "Try again in a moment."
_CONNECTION: Final = (
    "Check the connection, the proxy and HF_ENDPOINT; `echelon models connection` tests them."
)
_PORTAL: Final = (
    "A sign-in page of the network or a proxy may stand between: open the address in a browser. "
    "Else check HF_ENDPOINT."
)
_TOKEN: Final = (
    f"Set {TOKEN_NAME}, or put a token into the keyring: "
    f"python -m keyring set echelon {KEYRING_NAME}"
)
_WAIT: Final = re.compile(r"(?:^|;)\s*t=(\d{1,9})\b")
# Bytes of a refusal that are looked at for its words.
REFUSAL_MOST: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom: the access, the words for it, and the repository, or ''."""

    access: Access
    what: str
    repo: str = ""

    @property
    def page(self) -> str:
        """The address of the repository's page."""
        return f"{self.access.endpoint}/{self.repo}"


@contextmanager
def translated(asked: Asked) -> Iterator[None]:
    """Turn what HTTP raises into errors for people.

    Raises:
        HubDown: nobody answers, or the answer broke off.
        HubAnswerInvalid: the redirects lead nowhere.
    """
    host = asked.access.host
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        raise HubDown(f"{host} does not answer in time.", remedy=_CONNECTION) from error
    except httpx.TooManyRedirects as error:
        raise HubAnswerInvalid(f"{host} sends us round in circles.", remedy=_PORTAL) from error
    except (httpx.UnsupportedProtocol, ValueError) as error:  # hosts that are no names, too
        raise HubAnswerInvalid(f"{host} sends us to no web address.", remedy=_PORTAL) from error
    except (httpx.ReadError, httpx.RemoteProtocolError, httpx.DecodingError) as error:
        message = f"The answer of {host} broke off or is damaged."
        raise HubDown(message, remedy=_AGAIN) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = plain(error) or "the connection was refused"
        message = f"{host} cannot be reached: {why[:1].lower()}{why[1:]}."
        raise HubDown(message, remedy=_CONNECTION) from error


def refused(response: httpx.Response, body: bytes, asked: Asked) -> HubError:
    """Return what a response that is no success means; `body` is its beginning."""
    status, host = response.status_code, asked.access.host
    code, said = response.headers.get("x-error-code", ""), _said(response, body)
    if status == 404 or code in {"RepoNotFound", "EntryNotFound", "RevisionNotFound"}:
        return _missing(asked)
    if status in {401, 403}:
        is_gated = code == "GatedRepo" or "gated" in said.lower()
        return _gated(asked) if is_gated else _unknown(asked, said)
    if status == 429:
        return _busy(response, host)
    if status >= 500:
        message = f"{host} reports an error of its own (status {status})."
        return HubDown(message, remedy=_AGAIN)
    if _is_page(response):
        return a_page(host)
    tail = f": {said}" if said else ""
    message = f"{host} does not give {asked.what} (status {status}){tail}."
    return HubAnswerInvalid(message, remedy=_CONNECTION)


def a_page(host: str) -> HubAnswerInvalid:
    """Return the error for a web page where data was expected."""
    return HubAnswerInvalid(f"{host} sent a web page instead of data.", remedy=_PORTAL)


def no_hub(host: str, what: str) -> HubAnswerInvalid:
    """Return the error for an answer that cannot be a hub's."""
    return HubAnswerInvalid(f"{host} sent {what}.", remedy=f"{_AGAIN} Else check HF_ENDPOINT.")


def parsed(response: httpx.Response, body: bytes, host: str) -> Any:  # noqa: ANN401 - JSON
    """Return the data of an answer.

    Raises:
        HubAnswerInvalid: it is a web page, or half a document.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if _is_page(response):
            raise a_page(host) from error
        raise no_hub(host, "data that cannot be read") from error


def _gated(asked: Asked) -> HubGated:
    token = "" if asked.access.token else f" {_TOKEN}"
    return HubGated(
        f"{asked.repo or 'This model'} is only given to who has accepted its terms.",
        remedy=f"Accept the licence at {asked.page} with your account.{token}",
    )


def _missing(asked: Asked) -> HubMissing:
    return HubMissing(
        f"{asked.access.host} has no {asked.what}, or does not show it to you.",
        remedy="Check how it is written; a private one needs a token. "
        f"`echelon models search` finds what there is.{'' if asked.access.token else ' ' + _TOKEN}",
    )


def _unknown(asked: Asked, said: str) -> HubTokenRefused:
    host = asked.access.host
    if asked.access.token:
        tail = f": {said}" if said else ""
        message = f"{host} does not accept our token for {asked.what}{tail}."
    else:
        message = f"{host} wants a token for {asked.what}."
    return HubTokenRefused(message, remedy=_TOKEN)


def _busy(response: httpx.Response, host: str) -> HubBusy:
    after_s = _wait_s(response)
    wait = f" in {after_s:.0f} seconds" if after_s else " later"
    more = "" if "authorization" in response.request.headers else " With a token more is allowed."
    return HubBusy(
        f"{host} takes no more requests now.", remedy=f"Try again{wait}.{more}", after_s=after_s
    )


def _wait_s(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    found = _WAIT.search(response.headers.get("ratelimit", ""))
    return float(found[1]) if found else 0.0


def _said(response: httpx.Response, body: bytes) -> str:
    told = response.headers.get("x-error-message", "")
    if not told:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        told = data.get("error") if isinstance(data, dict) else ""
    return plain(told).rstrip(".") if isinstance(told, str) else ""


def _is_page(response: httpx.Response) -> bool:
    return "html" in response.headers.get("content-type", "")
