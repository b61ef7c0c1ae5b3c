"""The field for the hub's token: hidden, emptied at once; what the hub said stays there."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.errors import HubTokenRefused
from app.models.hub.hub import Reach
from app.ui import aio
from app.ui.hub_token import HubToken


@pytest.mark.usefixtures("qapp")
async def test_a_token_goes_to_its_keeper_and_is_never_shown() -> None:
    kept: list[str] = []

    async def keep(token: str) -> Reach:
        kept.append(token)
        if token == "bad":
            raise HubTokenRefused("The hub does not know it.", remedy="Copy it again.")
        return Reach("https://hub.example", "ada" if token else "", bool(token))

    card = HubToken(keep)
    assert card.field.echoMode() is QLineEdit.EchoMode.Password
    told = {
        "hf_good": "Connected to https://hub.example as ada.",
        "": "Connected to https://hub.example without a token.",
        "bad": "The hub does not know it. Copy it again.",
    }
    for token, words in told.items():
        card.field.setText(token)
        card.button.click()
        while card.said.text() != words:
            await aio.settle()
        assert card.field.text() == ""
        assert card.button.isEnabled()
    assert kept == list(told)
    QApplication.processEvents()
