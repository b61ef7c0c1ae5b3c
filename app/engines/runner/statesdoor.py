"""The routes for conversations that are set aside on disk."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse

from app.engines.runner.failures import Refused
from app.engines.runner.owner import Owner
from app.engines.runner.protocol import StateBody, parse
from app.engines.runner.requests import whole_body
from app.engines.runner.scheduler import Scheduler
from app.engines.runner.states import Entry, States


class StatesDoor:
    """Lists, saves, brings back and forgets conversations; what is automatic needs none of it."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def listed(self, _request: Request) -> JSONResponse:
        """List what is there, and what is of no use here and why."""
        states, _ = self._open()
        found = await asyncio.to_thread(states.entries)
        entries = [_described(entry) for entry in found]
        return JSONResponse({"object": "list", "data": entries, "refused": states.refused})

    async def save(self, request: Request) -> JSONResponse:
        """Save all conversations that nobody works on now."""
        _, scheduler = self._open()
        await asyncio.wrap_future(self._owner.generations.call(scheduler.save_now))
        return await self.listed(request)

    async def restore(self, request: Request) -> JSONResponse:
        """Bring one conversation back into memory."""
        states, scheduler = self._open()
        entry = _known(states, parse(StateBody, await whole_body(request)).key)
        errand = self._owner.generations.call(lambda: scheduler.restore(entry))
        tokens = await asyncio.wrap_future(errand)
        if not tokens:
            raise Refused(
                409, "state_unusable", "This state is damaged, or there is no room for it."
            )
        return JSONResponse({"key": entry.key, "restored": tokens})

    async def forget(self, request: Request) -> JSONResponse:
        """Delete one conversation from disk, or all of them from disk and from memory."""
        states, scheduler = self._open()
        key = parse(StateBody, await whole_body(request)).key
        if not key:
            await asyncio.wrap_future(self._owner.generations.call(scheduler.forget))
        keys = [_known(states, key).key] if key else [each.key for each in states.entries()]
        removed = await asyncio.to_thread(lambda: [each for each in keys if states.remove(each)])
        return JSONResponse({"forgotten": removed})

    def _open(self) -> tuple[States, Scheduler]:
        owner = self._owner
        if owner.served is None:
            raise Refused(503, "loading", "The model is not loaded yet.")
        if owner.shelf is None or owner.scheduler is None:
            message = "This engine was started without a folder for states (--states)."
            raise Refused(400, "not_supported", message)
        return owner.shelf.states, owner.scheduler


def _known(states: States, key: str) -> Entry:
    entry = states.find(key)
    if entry is None:
        raise Refused(404, "not_found", f"There is no state '{key[:64]}'.")
    return entry


def _described(entry: Entry) -> dict[str, object]:
    return {"key": entry.key, "tokens": int(entry.tokens.size), "bytes": entry.size}
