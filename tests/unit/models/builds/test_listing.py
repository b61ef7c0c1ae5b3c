"""Lists of builds: what they hold for this computer, and everything else they may answer."""

import asyncio
import json
from collections.abc import Callable

import pytest

from app.domain.builds import BuildKind
from app.models.builds.listing import RELEASES, Listing
from app.models.builds.matching import Host
from app.platform.net import NetworkPolicy
from tests.fakes.files import Served
from tests.fakes.releases import Releases, releasing

LINUX = Host("linux", "x64")
NOW = 1_795_000_000.0


def listing(releases: Releases, host: Host = LINUX, *, local_only: bool = False) -> Listing:
    policy = NetworkPolicy(local_only=local_only, clock=lambda: NOW)
    return Listing(policy, releases.places, host, lambda: NOW)


async def test_the_newest_of_each_backend_and_the_pinned_wheels_are_offered() -> None:
    async with releasing() as releases:
        releases.publish("b9000", {"llama-b9000-bin-ubuntu-vulkan-x64.zip": b"old"})
        releases.publish(
            "b9001",
            {
                "llama-b9001-bin-ubuntu-x64.tar.gz": b"new",
                "llama-b9001-bin-ubuntu-arm64.tar.gz": b"other",
                "llama-b9001-bin-win-cpu-x64.zip": b"other",
            },
        )
        releases.offer_wheel("cu124", b"wheel")
        found = await listing(releases).offers()
        assert [each.id for each in found.offers] == [
            "server-b9001-cpu",
            "server-b9000-vulkan",
            "library-0.3.36-cu124",
        ]
        server, _, library = found.offers
        assert (server.hashed, server.size, server.kind) == (True, 3, BuildKind.SERVER)
        assert not library.hashed
        proven = await listing(releases).proven(library)
        assert proven.hashed
        assert found.reasons == ()


async def test_windows_gets_the_runtime_with_a_cuda_build() -> None:
    async with releasing() as releases:
        releases.publish(
            "b9001",
            {
                "llama-b9001-bin-win-cuda-12.4-x64.zip": b"build",
                "cudart-llama-bin-win-cuda-12.4-x64.zip": b"runtime",
            },
        )
        (offer,) = (await listing(releases, Host("windows", "x64")).offers()).offers
        assert [len(each.name.split("-")) > 3 for each in offer.assets] == [True, True]
        assert offer.size == len(b"buildruntime")


async def test_that_nothing_fits_is_said_with_what_there_is() -> None:
    async with releasing() as releases:
        releases.publish("b9001", {"llama-b9001-bin-ubuntu-x64.tar.gz": b"x"})
        found = await listing(releases, Host("linux", "riscv64")).offers()
        assert found.offers == ()
        assert (
            "for linux riscv64. b9001 holds llama-b9001-bin-ubuntu-x64.tar.gz" in found.reasons[0]
        )


FAULTS: dict[str, tuple[Callable[[Releases], Served], str]] = {
    "limit": (
        lambda _: Served(b"", status=403, headers={"X-RateLimit-Reset": str(int(NOW) + 600)}),
        "takes no more questions now. Try again in 11 minutes.",
    ),
    "busy": (lambda _: Served(b"", status=429, headers={"Retry-After": "90"}), "in 2 minutes"),
    "refused": (lambda _: Served(b"", status=403), "refuses to say (status 403)"),
    "gone": (lambda _: Served(b"", status=404), "has no such list"),
    "broken": (lambda _: Served(b"", status=502), "an error of its own (status 502)"),
    "page": (lambda _: Served(b"<!doctype html>", kind="text/html", ranges=False), "else than a"),
    "deep": (lambda _: Served(b"[" * 200_000, ranges=False), "else than a list"),
    "nothing of ours": (lambda _: Served(b'{"a": 1}', ranges=False), "holds no releases"),
    "odd entries": (lambda _: Served(b'[1, null, {"tag_name": 3}]', ranges=False), "no releases"),
    "circle": (lambda each: Served(b"", location=each.files.url(RELEASES)), "leads in circles"),
    "cut": (lambda _: Served(b"[1,2]", claims=900, ranges=False), "cannot be reached"),
    "endless": (lambda _: Served(b" " * (17 << 20), ranges=False), "more than any list"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_a_list_does_wrong_is_a_reason(fault: str) -> None:
    serve, words = FAULTS[fault]
    async with releasing() as releases:
        releases.offer_wheel("vulkan", b"wheel")
        releases.files.served[RELEASES] = serve(releases)
        found = await listing(releases).offers()
        assert [each.backend for each in found.offers] == ["vulkan"]
        assert words in found.reasons[0]
        assert "None" not in found.reasons[0]


async def test_nobody_is_asked_where_that_is_forbidden() -> None:
    async with releasing() as releases:
        places = releases.places
        policy = NetworkPolicy(local_only=True, clock=lambda: NOW)
        elsewhere = type(places)("https://api.example.invalid", "https://whl.example.invalid")
        found = await asyncio.wait_for(Listing(policy, elsewhere, LINUX).offers(), 10)
        assert found.offers == ()
        assert all("local only" in reason for reason in found.reasons)
        assert len(found.reasons) == 2


async def test_drafts_and_half_entries_are_left_out() -> None:
    async with releasing() as releases:
        releases.publish("b9001", {"llama-b9001-bin-ubuntu-x64.zip": b"x"})
        releases.releases[0]["draft"] = True
        releases.listed.body = json.dumps(releases.releases).encode()
        assert "no releases" in (await listing(releases).offers()).reasons[0]
