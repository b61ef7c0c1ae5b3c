"""The token as the window sets it: kept where secrets lie, used at once, forgotten on wish."""

from pathlib import Path

import pytest

from app.domain.errors import HubTokenRefused
from app.models.hub.hub import Hub
from app.models.hub.token import TokenKeeper
from app.models.hub.wire import Wire
from app.platform.net import NetworkPolicy
from app.platform.secrets import Secrets
from tests.fakes.hub import TOKEN, fake_hub


async def test_a_token_is_kept_tested_and_forgotten(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets.json", use_file=True)
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    async with fake_hub() as served:
        wire = Wire(policy, secrets.get, {"HF_ENDPOINT": served.url})
        keeper = TokenKeeper(secrets, Hub(wire))
        assert (await keeper.keep("")).user == ""
        assert (await keeper.keep(f" {TOKEN}\n")).user == "ada"
        assert secrets.get("huggingface") == TOKEN
        with pytest.raises(HubTokenRefused, match="the field is no token"):
            await keeper.keep("two words")
        assert secrets.get("huggingface") == TOKEN
        with pytest.raises(HubTokenRefused):
            await keeper.keep("hf_another")
        assert (await keeper.keep("")).has_token is False
        assert secrets.get("huggingface") is None
        await wire.close()
