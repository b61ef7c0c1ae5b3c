"""The token for the hub, as the window sets it: written where secrets lie, never shown again."""

import asyncio

from app.models.hub.access import KEYRING_NAME, checked_token
from app.models.hub.hub import Hub, Reach
from app.platform.secrets import Secrets


class TokenKeeper:
    """Keeps and forgets the token; whoever asks the hub next uses the new one."""

    def __init__(self, secrets: Secrets, hub: Hub) -> None:
        self._secrets = secrets
        self._hub = hub

    async def keep(self, token: str) -> Reach:
        """Keep a token, or with '' forget the one there is, and return what the hub says to it.

        Raises:
            HubTokenRefused: it cannot be a token, or the hub does not know it.
            SecretsUnavailable: there is no place for it.
            HubError: it is kept, but the hub cannot be asked.
        """
        fresh = checked_token(token.strip(), "the field")
        if fresh:
            await asyncio.to_thread(self._secrets.set, KEYRING_NAME, fresh)
        else:
            await asyncio.to_thread(self._secrets.delete, KEYRING_NAME)
        return await self._hub.reach()
