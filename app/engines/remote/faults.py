"""What goes wrong with a remote, in words, and whether the same request may go well later."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from app.domain.errors import (
    AppError,
    EngineAnswerInvalid,
    EngineDied,
    RemoteBusy,
    RemoteDown,
    RemoteKeyRefused,
    RemoteUnfit,
)
from app.engines.wire import parse_object, refusal

_OVERFLOW = re.compile(r"maximum context length|context window|context size", re.IGNORECASE)
_TRY_AGAIN = "Try again in a moment, or choose another role."
_ADDRESS = "Check `remote.url` in the model registry; such addresses usually end in /v1."


class Fault(Exception):
    """One failed request: the error a person would see, and what trying again may bring."""

    def __init__(
        self, error: AppError, *, again: bool = False, after_s: float = 0.0, status: int = 0
    ) -> None:
        """Carry `error`.

        Args:
            error: what a person would be told.
            again: whether the same request may go well later.
            after_s: how long the remote asks to wait for that.
            status: the HTTP status, 0 where there was none.
        """
        super().__init__(error.message)
        self.error = error
        self.again = again
        self.after_s = after_s
        self.status = status


@dataclass(frozen=True, slots=True)
class Place:
    """Who is spoken to: the model's name in the registry, and the computer."""

    model: str
    host: str

    @property
    def words(self) -> str:
        """Both, as a person would say it."""
        return f"{self.model} ({self.host})"

    def unreachable(self, error: httpx.HTTPError) -> Fault:
        """Return that nobody could be spoken to."""
        slow = isinstance(error, httpx.TimeoutException)
        why = "it does not react" if slow else str(error) or "the connection was refused"
        message = f"{self.words} cannot be reached: {why}."
        return Fault(
            RemoteDown(message, remedy=f"Start it there, or {_lower(_ADDRESS)}"), again=True
        )

    def broken(self, *, visible: bool) -> Fault:
        """Return that an answer broke off; what was visible of it stays."""
        message = f"The connection to {self.words} broke in the middle of the answer."
        if visible:
            return Fault(EngineDied(message, remedy="What it wrote is kept. Ask again."))
        return Fault(RemoteDown(message, remedy=_TRY_AGAIN), again=True)

    def foreign(self, what: str) -> Fault:
        """Return that something else than the expected interface answered."""
        message = f"{self.words} sent {what} instead of an answer."
        return Fault(EngineAnswerInvalid(message, remedy=_ADDRESS))

    def refused(self, response: httpx.Response) -> Fault:
        """Return what a response that is no answer means; its content was read."""
        status = response.status_code
        body = _body(response)
        said = _said(body) or f"status {status}"
        if status in (401, 403):
            return Fault(
                RemoteKeyRefused(
                    f"{self.words} does not accept our key: {said}",
                    remedy="Check `remote.key` in the model registry and the key it names.",
                )
            )
        if status == 429:
            return self._busy(said, _retry_after(response))
        if status >= 500:
            message = f"{self.words} reported an error of its own: {said}"
            return Fault(RemoteDown(message, remedy=_TRY_AGAIN), again=True, status=status)
        if body is None:
            return self.foreign(_kind(response))
        return Fault(self._declined(status, said, body), status=status)

    def _declined(self, status: int, said: str, body: dict[str, Any]) -> AppError:
        if status in (404, 405):
            return RemoteUnfit(
                f"{self.words} does not know what was asked for: {said}",
                remedy=f"{_ADDRESS} Check `remote.model` too.",
            )
        error = body.get("error")
        facts = error if isinstance(error, dict) else {}
        code = "context_length_exceeded" if _OVERFLOW.search(said) else facts.get("code")
        return refusal(status, {"error": {**facts, "code": code, "message": said}})

    def _busy(self, said: str, after_s: float) -> Fault:
        wait = f" It asks to wait {after_s:.0f} seconds." if after_s else ""
        message = f"{self.words} takes no more requests now: {said}{wait}"
        return Fault(RemoteBusy(message, remedy=_TRY_AGAIN), again=True, after_s=after_s)


def is_answer(response: httpx.Response) -> bool:
    """Return whether a response is JSON or a stream of events, as far as its head tells."""
    kind = response.headers.get("content-type", "")
    return response.is_success and ("json" in kind or kind.startswith("text/event-stream"))


def _body(response: httpx.Response) -> dict[str, Any] | None:
    try:
        return parse_object(response.content)
    except AppError:
        return None


def _said(body: dict[str, Any] | None) -> str:
    """Return the message in one of the shapes servers give their refusals."""
    error = (body or {}).get("error") or body or {}
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or ""
    return error if isinstance(error, str) else ""


def _kind(response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "")
    return "a web page" if "html" in kind else "something"


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds a server asks us to wait; it may say a number or a date."""
    value = response.headers.get("retry-after", "")
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (moment - datetime.now(moment.tzinfo or UTC)).total_seconds())


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
