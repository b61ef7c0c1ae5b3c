"""Dry runs: what would be planned for a question, without anybody being asked."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from app.domain.chat import ChatMessage
from app.orchestration.explain import percent
from app.orchestration.router.router import Router


class RouteRequest(BaseModel):
    """One question to be planned."""

    model_config = ConfigDict(extra="forbid")

    op: str
    text: str
    role: str = ""


class RouteDesk:
    """Answers requests for dry runs."""

    def __init__(self, router: Router) -> None:
        """Ask `router`."""
        self._router = router

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the plan as plain data.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        asked = RouteRequest.model_validate(request)
        thread = (ChatMessage(role="user", content=asked.text),)
        return self._router.plan(thread, role=asked.role).explained()


def lines(answer: dict[str, Any]) -> list[str]:
    """Return a plan as lines for a terminal."""
    told = [f"{answer['start']} (tier {answer['tier']}, {answer['model']}): {answer['reason']}"]
    told.append(f"  kind of task: {answer['family']}")
    for role, chance in answer["chances"].items():
        seconds, least = answer["seconds"][role], answer["required"].get(role)
        passes = f", passes from {least:.0%} on" if least else ""
        told.append(f"  {role}: {percent(chance)}, about {seconds:.1f} s{passes}")
    told += [f"  {role}: left out, {why}" for role, why in answer["refused"].items()]
    if answer["up"]:
        told.append(f"  then: {', '.join(answer['up'])}")
    return told
