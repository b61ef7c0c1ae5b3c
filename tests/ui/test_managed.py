"""The window's core with a real manager: it finds, it fetches, and it sees nothing of this home."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.domain.downloads import State
from app.models.ordering import Order
from app.ui.models.page import ModelsPage
from tests.fakes.hub import FakeRepo
from tests.ui.managed import managed, shown
from tests.ui.pages import until

MODEL = b"GGUF-like bytes"


async def test_what_is_found_is_fetched_while_the_page_is_open(
    qapp: QApplication, tmp_path: Path
) -> None:
    repo = FakeRepo("ada/small", {"small-Q8_0.gguf": MODEL})
    async with managed(tmp_path, repo) as (core, hub), shown(qapp, core, ModelsPage) as page:
        manager = core.app.manager
        found = await manager.hub.search("small")
        assert [each.repo for each in found.models] == ["ada/small"]
        download = await manager.orders.order(Order("ada/small:Q8_0"))
        await until(lambda: manager.downloads.one(download.id).state is State.DONE)
        assert (core.app.paths.models / "small-Q8_0.gguf").read_bytes() == MODEL
        assert page.tab is page.installed
        assert hub.asked


async def test_the_computer_is_the_one_that_was_told(qapp: QApplication, tmp_path: Path) -> None:
    async with managed(tmp_path) as (core, _):
        answer = await core.app.manager.sets.answer({"op": "models sets"})
        assert (answer["memory"], answer["cores"]) == (8 << 30, 4)
        assert answer["bandwidth"] == 20e9
        assert answer["parts"][0]["role"] == "front"
        assert not core.app.manager.editor.target.exists()
