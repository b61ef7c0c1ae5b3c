"""What is found on a hub: models, their files and cards, page by page."""

import pytest

from app.domain.errors import HubMissing, NetworkForbidden, SettingsInvalid
from app.domain.hub import Sort, bundles
from app.models.hub.hub import Hub
from app.models.hub.wire import Wire
from app.platform.net import NetworkPolicy
from tests.fakes.hub import COMMIT, TOKEN, FakeRepo, fake_hub
from tests.unit.models.hub.stage import client, repo, starter, wire


async def test_models_are_found_with_what_people_choose_by() -> None:
    async with fake_hub(repo(), repo("bob/other-GGUF")) as served, client(served) as hub:
        page = await hub.search("front")
    (found,) = page.models
    assert (found.repo, found.author, found.downloads, found.likes) == (
        "ada/front-GGUF",
        "ada",
        1200,
        34,
    )
    assert (found.licence, found.pipeline, found.gated) == ("apache-2.0", "text-generation", "")
    assert (found.updated[:10], found.parameters) == ("2026-10-01", 1_000_000)
    assert page.cursor == ""


async def test_only_gguf_is_asked_for_in_the_wanted_order() -> None:
    small = FakeRepo("ada/a", {}, fields={"likes": 1})
    great = FakeRepo("ada/b", {}, fields={"likes": 9})
    async with fake_hub(small, great) as served, client(served) as hub:
        page = await hub.search("", sort=Sort.LIKES)
        await hub.search("", sort=Sort.TRENDING)
        await hub.search("", sort=Sort.UPDATED)
        lines = [line for line, _ in served.asked]
    assert [each.repo for each in page.models] == ["ada/b", "ada/a"]
    assert all("filter=gguf" in line and "direction=-1" in line for line in lines)
    assert ["sort=likes" in lines[0], "sort=trendingScore" in lines[1]] == [True, True]
    assert "sort=lastModified" in lines[2]


async def test_pages_follow_each_other_at_our_hub_wherever_the_link_points() -> None:
    many = [FakeRepo(f"ada/model-{at}", {}) for at in range(5)]
    async with fake_hub(*many) as served, client(served, token=TOKEN) as hub:
        seen: list[str] = []
        cursor, pages = "", 0
        while pages == 0 or cursor:
            page = await hub.search("model", cursor=cursor, limit=2)
            seen += [each.repo for each in page.models]
            cursor, pages = page.cursor, pages + 1
    assert pages == 3
    assert sorted(seen) == [f"ada/model-{at}" for at in range(5)]


async def test_files_of_all_pages_come_with_sizes_and_hashes() -> None:
    data = starter("draft")
    files = {f"sub/m-Q{at}_0.gguf": data for at in range(2, 9)} | {"imatrix.gguf": b"x"}
    async with fake_hub(FakeRepo("ada/m", files)) as served, client(served) as hub:
        served.page = 3
        model = await hub.model("ada/m")
        found = await hub.files(model)
        host = served.url
    assert [file.path for file in found] == list(files)
    assert all(file.revision == COMMIT for file in found)
    assert {file.size for file in found[:-1]} == {len(data)}
    assert found[0].url == f"{host}/ada/m/resolve/{COMMIT}/sub/m-Q2_0.gguf"
    assert all(len(file.sha256 or "") == 64 for file in found)
    assert [each.quantisation for each in bundles(found)] == [f"Q{at}_0" for at in range(2, 9)]


async def test_names_that_lead_elsewhere_are_left_out() -> None:
    bad = ["../up.gguf", "a/../../b.gguf", "/abs.gguf", "a\\b.gguf", "c:x.gguf", "a/ /b.gguf",
           "a//b.gguf", "nul\x00.gguf", "dot./a.gguf", "\u202efugg.gguf", "x" * 2000]  # fmt: skip
    good = ["a.gguf", "ö/模型-Q4_0.gguf", "with space.gguf", "a%2fb.gguf"]
    files = dict.fromkeys([*bad, *good], b"x")
    async with fake_hub(FakeRepo("ada/m", files)) as served, client(served) as hub:
        found = await hub.files(await hub.model("ada/m"))
    assert [file.path for file in found] == good
    assert found[1].url.endswith("/%C3%B6/%E6%A8%A1%E5%9E%8B-Q4_0.gguf")
    assert found[3].url.endswith("/a%252fb.gguf")


async def test_a_page_may_be_named_by_its_address() -> None:
    async with fake_hub(repo()) as served, client(served) as hub:
        for name in (" ada/front-GGUF ", f"{served.url}/ada/front-GGUF/tree/main"):
            assert (await hub.model(name)).repo == "ada/front-GGUF"


@pytest.mark.parametrize("name", ["front", "", "a/b/c", "../x", "a/b?c=d", "a/\x1b[2J", "a/ b"])
async def test_what_is_no_name_of_a_repository_is_not_asked_for(name: str) -> None:
    async with fake_hub(repo()) as served, client(served) as hub:
        with pytest.raises(HubMissing, match="no name of a repository") as caught:
            await hub.model(name)
        assert served.asked == []
    assert "\x1b" not in str(caught.value)


async def test_the_page_of_a_repository_is_at_the_hub_that_is_asked() -> None:
    async with fake_hub() as served, client(served) as hub:
        assert await hub.page("ada/small") == f"{served.url}/ada/small"


async def test_the_card_is_made_safe_and_may_be_missing() -> None:
    bare = FakeRepo("ada/bare", {}, card="")
    async with fake_hub(repo(), bare) as served, client(served) as hub:
        assert await hub.card(await hub.model("ada/front-GGUF")) == "# A card\n\nIt answers."
        assert await hub.card(await hub.model("ada/bare")) == ""
        served.faults["card"] = "gated"
        assert await hub.card(await hub.model("ada/front-GGUF")) == ""


async def test_nonsense_in_answers_is_left_out() -> None:
    odd = FakeRepo(
        "ada/odd",
        {},
        gated=True,
        fields={"downloads": -5, "likes": "many", "tags": ["a\x1b[31mb", 7], "sha": "no",
                "pipeline_tag": ["x"], "gguf": [], "lastModified": None, "author": 3,
                "cardData": {"license": ["mit", "x"]}},
    )  # fmt: skip
    nameless = FakeRepo("ada/none", {}, fields={"id": "no/such/name"})
    async with fake_hub(odd, nameless) as served, client(served) as hub:
        (found,) = (await hub.search("")).models
    assert (found.downloads, found.likes, found.revision, found.pipeline) == (0, 0, "", "")
    assert (found.tags, found.licence, found.gated) == (("a [31mb",), "mit", "manual")
    assert (found.author, found.parameters, found.updated) == ("ada", 0, "")


async def test_local_only_refuses_before_anything_leaves() -> None:
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    connection = Wire(policy, lambda _: None, {})
    with pytest.raises(NetworkForbidden, match=r"huggingface\.co.*local only"):
        await Hub(connection).search("x")
    await connection.close()
    assert policy.connections == ()


async def test_a_mirror_is_asked_under_its_own_path() -> None:
    async with fake_hub(repo()) as served:
        connection = wire(f"{served.url}/")
        assert (await connection.access()).endpoint == served.url
        await connection.close()


@pytest.mark.parametrize(
    "address", ["ftp://x.org", "huggingface.co", "https://", "https://u:p@x.org", "http://x:99999/"]
)
async def test_an_address_that_is_none_is_said_without_telling_it(address: str) -> None:
    connection = wire(address)
    with pytest.raises(SettingsInvalid, match="HF_ENDPOINT") as caught:
        await connection.access()
    assert "u:p" not in str(caught.value)
