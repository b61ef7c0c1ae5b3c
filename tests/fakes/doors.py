"""The private door, with nothing behind it but one part of the core."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from app.api.private import Query
from app.domain.errors import AppError

Message = dict[str, Any]


class Door:
    """Answers requests by what `queries` say; what crosses it is JSON."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self.queries = queries

    async def __call__(self, request: Message) -> AsyncGenerator[Message, None]:
        try:
            answer = await self.queries[request["op"]](request)
        except AppError as error:
            yield {"kind": "failed", "message": error.message, "remedy": error.remedy}
            return
        yield {"kind": "answered", "answer": json.loads(json.dumps(answer))}

    async def ask(self, op: str, **more: object) -> Message:
        """Return the one answer to a request."""
        async for message in self({"op": op, **more}):
            assert message["kind"] == "answered", message
            answer: Message = message["answer"]
            return answer
        raise AssertionError(op)
