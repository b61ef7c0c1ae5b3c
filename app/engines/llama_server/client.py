"""The HTTP client for a llama-server: the common language, and its own way to say how it fares."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from app.domain.generation import ChatRequest
from app.engines.base import Capabilities, Health, ModelCard
from app.engines.client import PROBE_TIMEOUT, EngineClient, Obituary
from app.engines.wire import MALFORMED, answer_invalid, refusal

_METRIC = re.compile(r"^llamacpp:(\w+) ([\d.eE+-]+)$", re.MULTILINE)
_LOADING = Health(status="loading", progress=0.0)  # how far, it does not tell
# Its counters under the names of ours.
_COUNTERS = {
    "steps": "n_decode_total",
    "tokens": "tokens_predicted_total",
    "evaluated": "prompt_tokens_total",
    "busy": "requests_processing",
    "queued": "requests_deferred",
}


class LlamaServerClient(EngineClient):
    """Speaks to a llama-server; what it can do is known once its card was read."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        caps: Capabilities,
        obituary: Obituary,
        alive: Callable[[], bool],
    ) -> None:
        """Take over `http`; `alive` tells whether the process runs."""
        super().__init__(http, caps=caps, obituary=obituary)
        self._alive = alive
        self._was_up = False

    async def health(self) -> Health:
        """Return how it fares; before its door is open, a living process counts as loading."""
        async with self._guard:
            try:
                response = await self._http.get("/health", timeout=PROBE_TIMEOUT)
            except httpx.ConnectError:
                if self._was_up or not self._alive():
                    raise
                return _LOADING
        self._was_up = True
        return await self._counted() if response.is_success else _LOADING

    async def card(self) -> tuple[str, ModelCard]:
        """Return the alias and the truth about the slots, which other answers do not tell."""
        alias, card = await super().card()
        slots = await self._ask("/slots")
        props = await self._ask("/props")
        try:
            truth = {
                "n_ctx": int(slots[0]["n_ctx"]),
                "sequences": len(slots),
                "speculative": any(slot.get("speculative") for slot in slots),
                "vision": bool((props.get("modalities") or {}).get("vision")),
            }
        except MALFORMED as error:
            raise answer_invalid("slots without the agreed fields") from error
        card = card.model_copy(update=truth)
        speaks = self._caps.logprobs and not card.speculative
        self._caps = replace(self._caps, logprobs=speaks, vision=card.vision)
        return alias, card

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        """Return the request, with log-probabilities by its own name for them.

        By OpenAI's it refuses them in a stream with tools.
        """
        body = super()._body(request)
        if request.logprobs:
            del body["logprobs"]
            body["n_probs"] = body.pop("top_logprobs")
        return body

    async def _ask(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        async with self._guard:
            response = await self._http.get(path, timeout=PROBE_TIMEOUT)
            if not response.is_success:
                raise refusal(response.status_code, {})
            return response.json()

    async def _counted(self) -> Health:
        async with self._guard:
            response = await self._http.get("/metrics", timeout=PROBE_TIMEOUT)
        found = {name: float(value) for name, value in _METRIC.findall(response.text)}
        counts = {ours: int(found.get(theirs, 0)) for ours, theirs in _COUNTERS.items()}
        return Health.model_validate({"status": "ready", "progress": 1.0, **counts})
