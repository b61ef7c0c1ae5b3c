"""What may go wrong on the way, sorted by what helps: waiting, asking again, or nobody but you."""

import email.utils
import time
from collections.abc import Mapping

import httpx

from app.domain.errors import AccessRefused, AppError, FileGone, SourceUnfit


class Hitch(Exception):
    """Something that passes by itself; `wait_s` is when the server wants to be asked again.

    `moved` says that bytes came before.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait_s = wait_s
        self.moved = False


class Stale(Exception):
    """The address we were led to serves no longer; the original one leads to another."""


class Changed(Exception):
    """The server has another file now than the one that was begun."""


def of_status(status: int, headers: Mapping[str, str], host: str, *, led: bool) -> Exception:
    """Return what a refusal means; `led` says that a redirect brought us there."""
    if led and status in {401, 403, 404, 410}:
        return Stale(f"{host} answered {status}")
    if status in {401, 403}:
        return AccessRefused(
            f"{host} does not give this file to us (status {status}).",
            remedy="It may need a token (HF_TOKEN for a hub), or an agreement on the file's page. "
            "Then try again.",
        )
    if status in {404, 410}:
        return FileGone(
            f"{host} has no such file (status {status}).",
            remedy="Look whether the file was moved or renamed.",
        )
    if status == 416:
        return Changed(f"{host} says the file is shorter now")
    if status in {408, 425, 429} or status >= 500:
        return Hitch(f"{host} answered {status}", _wish(headers.get("retry-after", "")))
    return SourceUnfit(
        f"{host} answered {status} instead of the file.", remedy="Check the address."
    )


def of_transport(error: httpx.HTTPError | httpx.InvalidURL, host: str) -> Exception:
    """Return what a broken connection means."""
    behind = error.__context__  # a redirect to no address is told as a broken answer
    told = behind if isinstance(behind, httpx.InvalidURL) else error
    if isinstance(told, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return unfit_address(str(told))
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SourceUnfit(
            f"The certificate of {host} is not trusted.",
            remedy="Check the date of this computer, and whether a proxy stands in between.",
        )
    if isinstance(error, httpx.ConnectError):
        return Hitch(f"{host} cannot be reached")
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Hitch(f"{host} does not answer")
    if isinstance(error, httpx.TimeoutException):
        return Hitch(f"{host} sends nothing")
    return Hitch(f"the connection to {host} broke")


def unfit_address(why: str) -> AppError:
    """Return the error for an address that no file can come from."""
    return SourceUnfit(f"This address cannot be used: {why}.", remedy="Check the address.")


def _wish(text: str) -> float | None:
    """Return the seconds of a Retry-After, which may also be a date."""
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
