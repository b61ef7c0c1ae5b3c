"""Who we are at a hub: the token is found, goes to the hub alone, and is told to nobody."""

import pytest

from app.domain.errors import HubTokenRefused, SecretsUnavailable
from app.domain.hub import bundles
from app.models.hub.access import Access, find_access, with_mirror
from app.models.hub.headers import HeaderReader
from tests.fakes.hub import TOKEN, fake_hub
from tests.unit.models.hub.stage import client, repo, wire


def test_the_environment_beats_the_keyring() -> None:
    asked: list[str] = []

    def keyring(name: str) -> str:
        asked.append(name)
        return "hf_kept"

    assert find_access({"HF_TOKEN": " hf_told\n"}, keyring).token == "hf_told"
    assert asked == []
    assert find_access({}, keyring).token == "hf_kept"
    assert asked == ["huggingface"]


def test_a_mirror_that_was_set_beats_the_environment() -> None:
    environ = {"HF_ENDPOINT": "https://one.example", "HF_TOKEN": "hf_told"}
    set_here = find_access(with_mirror(environ, "https://two.example/"), lambda _: None)
    assert set_here == Access("https://two.example", "hf_told")
    assert with_mirror(environ, "") is environ


def test_without_a_keyring_there_is_no_token() -> None:
    def keyring(_: str) -> str:
        raise SecretsUnavailable("none")

    assert find_access({}, keyring) == Access("https://huggingface.co", "")


@pytest.mark.parametrize("token", ["hf_two words", "hf_line\nbreak", "hf_ünicode", "hf_\x00"])
def test_what_cannot_stand_in_a_header_is_no_token(token: str) -> None:
    with pytest.raises(HubTokenRefused, match="is no token") as caught:
        find_access({"HF_TOKEN": token}, lambda _: None)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "sent"),
    [
        ("https://mirror.example", True),
        ("http://mirror.example", False),
        ("http://10.0.0.7:8080", False),
        ("http://127.0.0.1:8080", True),
    ],
)
def test_a_token_is_never_sent_in_plain_text(endpoint: str, *, sent: bool) -> None:
    assert bool(Access(endpoint, "hf_x").headers()) is sent


def test_a_token_does_not_show_where_an_access_is_printed() -> None:
    assert TOKEN not in repr(Access(token=TOKEN))


async def test_the_hub_gets_the_token_and_the_place_of_the_bytes_does_not() -> None:
    async with fake_hub(repo()) as served, client(served, token=TOKEN) as hub:
        served.repos[0].gated = "auto"
        files = await hub.files(await hub.model("ada/front-GGUF"))
        await HeaderReader(hub.wire).peek(bundles(files)[0])
    bearer = f"Bearer {TOKEN}"
    assert {headers.get("authorization") for _, headers in served.asked} == {bearer}
    assert served.fetched
    assert all("authorization" not in headers for _, headers in served.fetched)


async def test_the_connection_can_be_tested_also_after_the_token_changed() -> None:
    kept: dict[str, str] = {}
    async with fake_hub() as served:
        connection = wire(served.url)
        connection._find = lambda: find_access({"HF_ENDPOINT": served.url}, kept.get)
        async with client(served) as hub:
            hub.wire = connection
            first = await hub.reach()
            kept["huggingface"] = TOKEN
            second = await hub.reach()
        await connection.close()
    assert (first.endpoint, first.user, first.has_token) == (served.url, "", False)
    assert (first.remaining, first.resets_s) == (499, 120)
    assert (second.user, second.has_token) == ("ada", True)


@pytest.mark.parametrize(
    ("endpoint", "url", "told"),
    [
        ("https://hub.example", "https://hub.example/ada/m/resolve/main/m.gguf", True),
        ("https://hub.example/mirror", "https://hub.example/other", True),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/m.gguf", True),
        ("https://hub.example", "https://hub.example:8443/m.gguf", False),
        ("https://hub.example", "http://hub.example/m.gguf", False),
        ("https://hub.example", "https://cdn.hub.example/m.gguf", False),
        ("https://hub.example", "https://hub.example@evil.example/m.gguf", False),
        ("https://hub.example", "https://hub.example.evil.example/m.gguf", False),
        ("http://hub.example", "http://hub.example/m.gguf", False),
        ("http://127.0.0.1:9", "http://127.0.0.1:10/m.gguf", False),
    ],
)
def test_a_download_says_who_we_are_to_the_hub_alone(endpoint: str, url: str, told: bool) -> None:
    said = wire(endpoint, token=TOKEN).authorisation(url)
    assert said == (f"Bearer {TOKEN}" if told else "")


def test_without_a_token_a_download_says_nothing_of_us() -> None:
    assert wire("https://hub.example").authorisation("https://hub.example/m.gguf") == ""
