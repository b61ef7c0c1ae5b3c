"""What a remote is and can do: its list of models, then one short request with everything in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from app.domain.errors import EngineAnswerInvalid, RemoteUnfit, RequestInvalid
from app.domain.generation import CallChunk, ChatRequest, Chunk, FinalChunk, TextChunk
from app.domain.models import ModelSpec, RemoteOptions
from app.engines.base import ModelCard
from app.engines.remote.client import RemoteClient
from app.engines.remote.faults import Fault, Place
from app.engines.remote.wording import FEATURES, Wording

# A few tokens: a server that speculates tells the log-probability of the first one alone.
_TRIAL_TOKENS = 6
_NEW_LENGTH = "max_completion_tokens"
_TOOL = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tell the time.",
        "parameters": {"type": "object", "properties": {}},
    },
}
_NAMES_LISTED = 8


@dataclass(frozen=True, slots=True)
class Findings:
    """How to speak to a remote, and what it said of its model."""

    wording: Wording
    card: ModelCard
    logprobs: bool

    @property
    def tools(self) -> bool:
        """Whether it takes tools."""
        return "tools" in self.wording.features


async def explore(client: RemoteClient, model: ModelSpec, options: RemoteOptions) -> Findings:
    """Return how a remote wants to be spoken to.

    Raises:
        AppError: it cannot be used.
    """
    try:
        entry = choose(await client.models(), options.model, client.place)
        wording = Wording(str(entry["id"]), str(entry.get("owned_by") or ""))
        chunks: tuple[Chunk, ...] = ()
        if not model.embeddings:
            wording, chunks = await _try_features(client, wording)
            if any(isinstance(chunk, CallChunk) for chunk in chunks):  # it told no text to judge
                chunks = await client.trial(_trial(wording, tools=False))
    except Fault as fault:
        raise fault.error from fault.__cause__
    return Findings(wording, _card(entry, model), _tells_logprobs(chunks))


def choose(listed: Sequence[dict[str, Any]], wish: str, place: Place) -> dict[str, Any]:
    """Return the entry of the wished model, or of the only one; without a list the wish counts."""
    names = [str(entry["id"]) for entry in listed]
    if wish and (not names or wish in names):
        return next((entry for entry in listed if entry["id"] == wish), {"id": wish})
    if not wish and len(names) == 1:
        return listed[0]
    if not names:
        raise RemoteUnfit(
            f"{place.words} lists no models.", remedy="Name one in `remote.model` in the registry."
        )
    shown = ", ".join(names[:_NAMES_LISTED]) + (", …" if len(names) > _NAMES_LISTED else "")
    if not wish:
        what = f"{place.words} has several models, and `remote.model` names none"
    else:
        near = get_close_matches(wish, names, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        what = f"{place.words} has no model `{wish}`{hint}"
    raise RemoteUnfit(what + ".", remedy=f"Name one of these in `remote.model`: {shown}.")


async def _try_features(
    client: RemoteClient, wording: Wording
) -> tuple[Wording, tuple[Chunk, ...]]:
    """Ask for everything, then for less; return what was accepted and its answer."""
    while True:
        try:
            return wording, await client.trial(_trial(wording))
        except Fault as fault:
            # What a server cannot do it calls a bad request, or, some of them, its own error.
            unknown = isinstance(fault.error, RequestInvalid) or fault.status in (500, 501)
            less = _with_less(wording, fault.error.message) if unknown else None
            if less is None:
                raise
            wording = less


def _trial(wording: Wording, *, tools: bool = True) -> dict[str, Any]:
    request = ChatRequest(
        messages=({"role": "user", "content": "Say hello."},),
        sampling={"max_tokens": _TRIAL_TOKENS},
        logprobs=True,
    )
    body = wording.body(request)
    return {**body, "tools": [_TOOL]} if tools and "tools" in wording.features else body


def _with_less(wording: Wording, said: str) -> Wording | None:
    """Return the wording without what the refusal names, or without the next feature."""
    if _NEW_LENGTH in said and wording.length_field != _NEW_LENGTH:
        return replace(wording, length_field=_NEW_LENGTH)
    left = [feature for feature in FEATURES if feature in wording.features]
    if not left:
        return None
    hints = {"usage": "stream_options", "tools": "tool", "logprobs": "logprob"}
    named = next((feature for feature in left if hints[feature] in said), left[0])
    return replace(wording, features=wording.features - {named})


def _tells_logprobs(chunks: Sequence[Chunk]) -> bool:
    """Return whether all tokens of a trial came with their log-probability."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextChunk)]
    told = sum(len(chunk.logprobs) for chunk in texts)
    final = next((chunk for chunk in chunks if isinstance(chunk, FinalChunk)), None)
    made = final.timings.predicted_n if final and final.timings else 0
    # The last token may end the answer without being told.
    return told > 0 and told >= made - 1


def _card(entry: dict[str, Any], model: ModelSpec) -> ModelCard:
    """Return what is known of the model; its window is the smaller of what both sides say."""
    try:
        card = ModelCard.read(entry)
        window = int(entry.get("max_model_len") or card.n_ctx or model.context)
    except (TypeError, ValueError) as error:
        raise EngineAnswerInvalid(
            "The remote's list of models is not readable.", remedy="Check what answers there."
        ) from error
    return card.model_copy(update={"n_ctx": min(window, model.context)})
