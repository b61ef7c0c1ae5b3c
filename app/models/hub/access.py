"""Where the hub is and who we are there: an address, and a token from environment or keyring."""

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from app.domain.errors import HubTokenRefused, SecretsUnavailable, SettingsInvalid
from app.platform.net import is_loopback

ENDPOINT: Final = "https://huggingface.co"
ENDPOINT_NAME: Final = "HF_ENDPOINT"
TOKEN_NAME: Final = "HF_TOKEN"  # noqa: S105 - the name of a variable
KEYRING_NAME: Final = "huggingface"
# What may stand in a header; anything else would be told in the error of whoever sends it.
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")

Keyring = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Access:
    """The address of a hub, without a slash at its end, and the token for it, or ''."""

    endpoint: str = ENDPOINT
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The name of the computer, for people."""
        return urlsplit(self.endpoint).hostname or self.endpoint

    def headers(self) -> dict[str, str]:
        """Return the headers that say who we are. A token is told to nobody in plain text."""
        address = urlsplit(self.endpoint)
        private = address.scheme == "https" or is_loopback(address.hostname or "")
        return {"Authorization": f"Bearer {self.token}"} if self.token and private else {}


def with_mirror(environ: Mapping[str, str], mirror: str) -> Mapping[str, str]:
    """Return an environment in which a mirror that was set takes the place of HF_ENDPOINT."""
    return ChainMap({ENDPOINT_NAME: mirror}, dict(environ)) if mirror else environ


def find_access(environ: Mapping[str, str], keyring: Keyring) -> Access:
    """Return how the hub is reached: the environment beats the keyring, which may block.

    Raises:
        SettingsInvalid: the address is none.
        HubTokenRefused: the token cannot be one.
    """
    return Access(
        _endpoint(environ.get(ENDPOINT_NAME, "").strip()),
        _token(environ.get(TOKEN_NAME, "").strip(), keyring),
    )


def _endpoint(given: str) -> str:
    if not given:
        return ENDPOINT
    try:
        address = urlsplit(given)
        fits = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        fits = False
    if not fits or address.username or address.query or address.fragment:
        raise SettingsInvalid(
            f"{ENDPOINT_NAME} (or ORCHESTRATOR_HUB) is no address of a hub.",
            remedy=f"It looks like {ENDPOINT}: no user name, nothing after the path.",
        )
    return given.rstrip("/")


def _token(given: str, keyring: Keyring) -> str:
    where = f"the environment variable {TOKEN_NAME}"
    if not given:
        where = f"the keyring entry {KEYRING_NAME}"
        try:
            given = (keyring(KEYRING_NAME) or "").strip()
        except SecretsUnavailable:
            return ""  # nobody needs a token for what is public
    return checked_token(given, where)


def checked_token(given: str, where: str) -> str:
    """Return a token, or '', that may stand in a header; `where` says where it came from.

    Raises:
        HubTokenRefused: it may not.
    """
    if given and not _TOKEN.fullmatch(given):
        raise HubTokenRefused(
            f"What stands in {where} is no token: it holds spaces or special characters.",
            remedy=f"Copy the token again from {ENDPOINT}/settings/tokens.",
        )
    return given
