"""What goes wrong with a hub comes as words and a remedy, whatever it is."""

import pytest

from app.domain.errors import (
    HubAnswerInvalid,
    HubBusy,
    HubDown,
    HubError,
    HubGated,
    HubMissing,
    HubTokenRefused,
)
from tests.fakes.hub import TOKEN, fake_hub
from tests.fakes.hub_faults import Fault
from tests.unit.models.hub.stage import client, nothing_tells, patience_for, repo, wire

FAULTS: list[tuple[Fault, type[HubError], str, str]] = [
    ("401", HubTokenRefused, "wants a token", "HF_TOKEN"),
    ("403", HubTokenRefused, "wants a token", "keyring set echelon"),
    ("gated", HubGated, "accepted its terms", "/ada/front-GGUF with your account"),
    ("404", HubMissing, "has no", "how it is written"),
    ("429", HubBusy, "no more requests", "in 17 seconds"),
    ("limit", HubBusy, "no more requests", "in 55 seconds"),
    ("500", HubDown, r"status 500", "in a moment"),
    ("503", HubDown, r"status 503", "in a moment"),
    ("html", HubAnswerInvalid, "web page", "sign-in page"),
    ("portal", HubAnswerInvalid, "web page", "sign-in page"),
    ("circle", HubAnswerInvalid, "circles", "HF_ENDPOINT"),
    ("cut json", HubAnswerInvalid, "cannot be read", "in a moment"),
    ("deep", HubAnswerInvalid, "cannot be read", "in a moment"),
    ("list", HubAnswerInvalid, "something else", "HF_ENDPOINT"),
    ("short", HubDown, "broke off", "in a moment"),
    ("stall", HubDown, "not answer in time", "models connection"),
    ("drip", HubDown, "not answer in time", "models connection"),
]


@pytest.mark.parametrize(("fault", "kind", "said", "remedy"), FAULTS)
async def test_every_fault_has_its_words(
    fault: Fault, kind: type[HubError], said: str, remedy: str
) -> None:
    async with (
        fake_hub(repo(), model=fault) as served,
        client(served, patience=patience_for(fault)) as hub,
    ):
        with pytest.raises(kind, match=said) as caught:
            await hub.model("ada/front-GGUF")
    assert remedy in caught.value.remedy
    assert caught.value.code == kind.code


@pytest.mark.parametrize("door", ["search", "tree", "card", "whoami"])
@pytest.mark.parametrize("fault", ["html", "cut json", "circle", "short", "500"])
async def test_no_question_meets_a_fault_unprepared(door: str, fault: Fault) -> None:
    async with (
        fake_hub(repo(), **{door: fault}) as served,
        client(served, patience=patience_for(fault), token=TOKEN) as hub,
    ):
        model = await hub.model("ada/front-GGUF")
        asks = {"search": lambda: hub.search("x"), "tree": lambda: hub.files(model),
                "card": lambda: hub.card(model), "whoami": hub.reach}  # fmt: skip
        if door == "card" and fault in {"html", "cut json"}:
            await asks[door]()  # a card may say anything
        else:
            with pytest.raises(HubError):
                await asks[door]()


async def test_how_long_a_busy_hub_asks_to_wait_is_known() -> None:
    async with fake_hub(repo(), search="429") as served, client(served) as hub:
        with pytest.raises(HubBusy) as caught:
            await hub.search("x")
    assert caught.value.after_s == 17.0
    assert "token" in caught.value.remedy


async def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.hub.wire._MOST", 1 << 20)
    async with fake_hub(repo(), search="huge") as served, client(served) as hub:
        with pytest.raises(HubAnswerInvalid, match="more data"):
            await hub.search("x")


async def test_nobody_there() -> None:
    connection = wire("http://127.0.0.1:9")
    with pytest.raises(HubDown, match="cannot be reached") as caught:
        await connection.get("/api/models", {}, "list of models")
    await connection.close()
    assert "proxy" in caught.value.remedy


async def test_a_missing_repository_is_missing_with_and_without_a_token() -> None:
    async with fake_hub(repo()) as served:
        for token in ("", TOKEN):
            async with client(served, token=token) as hub:
                with pytest.raises(HubMissing, match="no repository ada/gone") as caught:
                    await hub.model("ada/gone")
            assert ("HF_TOKEN" in caught.value.remedy) is not bool(token)


async def test_a_wrong_token_is_said_and_never_told(caplog: pytest.LogCaptureFixture) -> None:
    wrong = "hf_" + "b" * 24
    caplog.set_level("DEBUG")
    async with fake_hub(repo()) as served, client(served, token=wrong) as hub:
        with pytest.raises(HubTokenRefused, match="does not accept our token") as caught:
            await hub.reach()
    caplog.handler.setFormatter(None)
    nothing_tells(wrong, caught.value, caplog)
