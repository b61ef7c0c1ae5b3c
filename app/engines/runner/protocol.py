"""The requests the runner understands, checked before anything is done for them."""

import secrets
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from app.domain.models import Sampling
from app.engines.runner.failures import Refused

Stop = Annotated[str, Field(min_length=1, max_length=1000)]
TokenId = Annotated[int, Field(ge=0)]
Body = TypeVar("Body", bound=BaseModel)
Item = TypeVar("Item")
Several = Annotated[list[Item], Field(min_length=1)]


class Loose(BaseModel):
    """Fields other engines know are no mistake here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(Loose):
    """A piece of a message's text."""

    type: Literal["text"]
    text: str


class StreamOptions(Loose):
    """Extras of a streamed answer; the usage is always sent with the last chunk."""

    include_usage: bool = False


class Prediction(Loose):
    """Text the answer is expected to repeat."""

    type: Literal["content"] = "content"
    content: str | list[TextPart] = ""

    def plain(self) -> str:
        """Return the predicted text."""
        parts = self.content
        return parts if isinstance(parts, str) else "".join(part.text for part in parts)


class NamedSchema(Loose):
    """A JSON schema as OpenAI wraps it."""

    json_schema: JsonValue = Field(alias="schema")


class ResponseFormat(Loose):
    """What form the answer has to have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None
    bare_schema: JsonValue = Field(None, alias="schema")


class AnswerBody(Loose):
    """What all requests for text have in common."""

    stream: bool = False
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float = Field(0.7, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    top_k: int = Field(40, ge=0)
    min_p: float = Field(0.05, ge=0, le=1)
    repeat_penalty: float = Field(1.0, gt=0, le=2)
    seed: int | None = Field(None, ge=0)
    stop: Stop | Annotated[list[Stop], Field(max_length=16)] | None = None
    logprobs: bool | int | None = None
    top_logprobs: int = Field(0, ge=0, le=20)
    n: int = Field(1, ge=1, le=16)
    logit_bias: dict[str, float] | list[tuple[int | str, float | bool]] | None = None
    prompt_logprobs: int | None = Field(None, ge=0, le=20)
    grammar: str | None = None
    json_schema: JsonValue = None
    response_format: ResponseFormat | None = None
    return_progress: bool = False
    stream_options: StreamOptions | None = None
    prediction: Prediction | None = None
    documents: list[str] = Field(default_factory=list, max_length=100)
    task_family: str = Field("other", max_length=100)

    def wished_schema(self) -> JsonValue:
        """Return the JSON schema the answer has to follow, or None.

        Raises:
            Refused: more than one form is asked for.
        """
        wished = [] if self.json_schema is None else [self.json_schema]
        form = self.response_format
        if form is not None and form.type == "json_object":
            wished.append(form.bare_schema or {"type": "object"})
        elif form is not None and form.type == "json_schema":
            named = form.json_schema.json_schema if form.json_schema else form.bare_schema
            if named is None:
                raise Refused(400, "invalid_request", "response_format.json_schema: is missing")
            wished.append(named)
        if len(wished) + (self.grammar is not None) > 1:
            message = "Only one of grammar, json_schema and response_format can be followed."
            raise Refused(400, "invalid_request", message)
        return wished[0] if wished else None

    def sampling(self, room: int) -> Sampling:
        """Return how tokens are chosen when `room` of them fit; a missing seed is drawn here."""
        stops = [self.stop] if isinstance(self.stop, str) else self.stop or []
        wished = self.max_tokens or self.max_completion_tokens or room
        return Sampling(
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            min_p=self.min_p,
            repeat_penalty=self.repeat_penalty,
            seed=secrets.randbits(32) if self.seed is None else self.seed,
            max_tokens=min(wished, room),
            stop=tuple(stops),
        )

    @property
    def scored(self) -> bool:
        """Whether log-probabilities are asked for."""
        return self.logprobs is not None and self.logprobs is not False

    @property
    def alternatives(self) -> int:
        """How many other tokens to report at every place; old clients say it in `logprobs`."""
        if isinstance(self.logprobs, bool) or self.logprobs is None:
            return self.top_logprobs
        return max(self.top_logprobs, min(self.logprobs, 20))


class CompletionBody(AnswerBody):
    """`POST /v1/completions`; with a `suffix` the text between is asked for."""

    prompt: str | list[TokenId]
    suffix: str | None = None
    echo: bool = False


class EmbeddingBody(Loose):
    """`POST /v1/embeddings`."""

    input: str | Several[str] | Several[TokenId] | Several[list[TokenId]]


class TokenizeBody(Loose):
    """`POST /tokenize`."""

    content: str
    add_special: bool = False
    parse_special: bool = True
    with_pieces: bool = False


class ControlBody(Loose):
    """`POST /v1/chat/completions/control`: what is to become of an answer under way."""

    id: str = Field(max_length=64)
    action: Literal["reasoning_end"]


class StateBody(Loose):
    """`POST /states/restore` and `/states/forget`."""

    key: str = Field("", max_length=64)


def parse(kind: type[Body], raw: bytes) -> Body:
    """Read a request.

    Raises:
        Refused: it is no JSON, or not of this kind; the message names the place.
    """
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "request"
        raise Refused(400, "invalid_request", f"{place}: {first['msg']}") from error
