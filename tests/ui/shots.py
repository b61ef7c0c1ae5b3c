"""Pictures of the program, made by the program: `python -m tests.ui.shots FOLDER`.

The real window with the real core on the starter models, in a data folder of its own; models are
found on the hub of `make demo-hub`.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.settings import Settings
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.ui import aio
from app.ui.main_window import MainWindow
from app.ui.theme import Theme, load_fonts
from app.wiring import App, build
from tests.fakes.demo_hub import repositories
from tests.fakes.hub import fake_hub
from tests.ui.finding import searched
from tests.ui.pages import until

QUESTIONS = (
    ("What is the capital of Portugal?",),
    (
        "What is the capital of Japan?",
        "And of Peru?",
        "Write a Python function that reverses a string.",
    ),
)


async def _converse(core: App, window: MainWindow) -> None:
    assert window.page is not None
    for questions in QUESTIONS:
        conversation: str | None = None
        for question in questions:
            turn = await core.chats.send(conversation, question)
            conversation = turn.conversation_id
            running = core.turns.find(turn.turn_id)
            if running is not None:
                await running.wait()
        window.page.open(conversation or "")


async def _settled(window: MainWindow) -> None:
    """Wait until nothing is loading or being laid out any more."""
    for _ in range(30):
        await asyncio.sleep(0.02)
    window.repaint()


async def _shoot_models(window: MainWindow, theme: Theme, folder: Path) -> None:
    """Show what was found on the hub, and who plays which role."""
    models = window.models
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    theme.choose("light")
    models.open_tab(models.finding)
    models.setFocus()
    await searched(models.finding)
    await until(lambda: models.finding.set_card.standing is not None)
    await _settled(window)
    window.grab().save(str(folder / "models-light.png"))
    theme.choose("dark")
    models.open_tab(models.roles)
    models.roles.list.setFocus()
    await until(lambda: bool(models.roles.load_form.memory.verdict.text().strip()))
    await _settled(window)
    window.grab().save(str(folder / "roles-dark.png"))


async def _shoot_chat(core: App, window: MainWindow, theme: Theme, folder: Path) -> None:
    theme.choose("light")
    await _settled(window)
    window.grab().save(str(folder / "welcome-light.png"))
    await _converse(core, window)
    for name in ("light", "dark"):
        theme.choose(name)
        await _settled(window)
        window.grab().save(str(folder / f"chat-{name}.png"))
    size = window.size()
    window.resize(820, 640)
    await _settled(window)
    window.grab().save(str(folder / "narrow-dark.png"))
    window.resize(size)


async def _shoot(folder: Path, theme: Theme) -> int:
    with tempfile.TemporaryDirectory() as data:
        paths = Paths.discover(Path(data))
        paths.ensure()
        owner = Instance.acquire(paths)
        assert isinstance(owner, Owner)
        window = MainWindow(theme, paths, lambda: None)
        window.show()
        async with fake_hub(*repositories()) as hub:
            settings = Settings.model_validate({"hub": hub.url})
            async with build(settings, paths, owner, has_window=True) as core:
                window.show_core(core)
                await _shoot_chat(core, window, theme, folder)
                await _shoot_models(window, theme, folder)
                window.close_core()
    return 0


def main() -> int:
    """Write the pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    paths = Paths.discover()
    load_fonts(paths.resources)
    return aio.run(_shoot(folder, Theme(app, paths.resources, "light")))


if __name__ == "__main__":
    sys.exit(main())
