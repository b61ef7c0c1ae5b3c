"""A hub client that speaks to the fake hub, and files to put there."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.models.hub.hub import Hub
from app.models.hub.wire import Patience, Wire
from app.platform.net import NetworkPolicy
from tests.fakes.hub import FakeHub, FakeRepo

MODELS = Path(__file__).parents[4] / "resources" / "models"
QUICK = Patience(connect_s=5.0, read_s=0.3, whole_s=1.0)
PATIENT = Patience()
# Faults that only end when patience does; the others must not, however busy the computer is.
_NEVER_ENDING = {"stall", "drip"}


def patience_for(fault: str) -> Patience:
    """Return little patience where it has to run out, much of it elsewhere."""
    return QUICK if fault in _NEVER_ENDING else PATIENT


def starter(name: str) -> bytes:
    """Return the bytes of a shipped model."""
    return (MODELS / f"{name}.gguf").read_bytes()


def repo(name: str = "ada/front-GGUF", files: dict[str, bytes] | None = None) -> FakeRepo:
    """Return a repository with a starter model, or with these files."""
    given = files or {"front-Q8_0.gguf": starter("front")}
    return FakeRepo(name, {**given, "README.md": b"# A card"})


def wire(
    url: str,
    *,
    token: str = "",
    keyring: str | None = None,
    patience: Patience = PATIENT,
    local_only: bool = True,
) -> Wire:
    """Return a wire to the hub at `url`; the fakes are on this computer, so nothing may leave."""
    environ = {"HF_ENDPOINT": url} | ({"HF_TOKEN": token} if token else {})
    policy = NetworkPolicy(local_only=local_only, clock=lambda: 7.0)
    return Wire(policy, lambda _: keyring, environ, patience)


@asynccontextmanager
async def client(
    served: FakeHub, *, token: str = "", patience: Patience = PATIENT
) -> AsyncIterator[Hub]:
    """Yield a client of the fake hub."""
    connection = wire(served.url, token=token, patience=patience)
    try:
        yield Hub(connection)
    finally:
        await connection.close()


def nothing_tells(secret: str, error: BaseException, logged: pytest.LogCaptureFixture) -> None:
    """See that a secret stands neither in an error or its causes, nor in the log."""
    seen: BaseException | None = error
    while seen is not None:
        assert secret not in f"{seen!s} {seen!r}"
        seen = seen.__cause__ or seen.__context__
    assert secret not in logged.text
    assert logging.getLogger().isEnabledFor(logging.WARNING)
