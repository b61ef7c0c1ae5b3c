"""Dry runs: what would be planned for a question, without anybody being asked."""

from collections.abc import Awaitable, Callable, Iterator
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

    def __init__(self, router: Router, ready: Callable[[], Awaitable[None]]) -> None:
        """Ask `router`, when earlier runs have been learned from (`ready`)."""
        self._router = router
        self._ready = ready

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the plan as plain data.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        asked = RouteRequest.model_validate(request)
        await self._ready()
        thread = (ChatMessage(role="user", content=asked.text),)
        return (await self._router.decide(thread, role=asked.role)).explained()


def lines(answer: dict[str, Any]) -> list[str]:
    """Return a plan as lines for a terminal."""
    return [
        f"{answer['start']} (tier {answer['tier']}, {answer['model']}): {answer['reason']}",
        f"  kind of task: {answer['family']}",
        *_roles(answer),
        *(f"  {role}: left out, {why}" for role, why in answer["refused"].items()),
        *([f"  then: {', '.join(answer['up'])}"] if answer["up"] else []),
        *([f"  loaded meanwhile: {answer['likely_next']}"] if answer["likely_next"] else []),
        *_starts(answer),
    ]


def _roles(answer: dict[str, Any]) -> Iterator[str]:
    for role, chance in answer["chances"].items():
        least = answer["required"].get(role)
        passes = f", passes from {least:.0%} on" if least else ""
        limit = f", at most {answer['deadlines'][role]['total_s']:.0f} s"
        yield f"  {role}: {percent(chance)}, about {answer['seconds'][role]:.1f} s{limit}{passes}"


def _starts(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what every start would be worth, where there is a choice."""
    if len(answer["utility"]) < 2:
        return
    yield "  what a start is worth (quality less time):"
    for each in answer["utility"]:
        way = " > ".join((each["start"], *each["up"]))
        late = f", {each['late']:.0%} too late" if each["late"] >= 0.005 else ""
        why = answer["held_back"].get(each["start"])
        not_first = f"; not first: {why}" if why else ""
        yield (
            f"    {each['worth']:.3f}  {way}: {percent(each['chance'])}, "
            f"{each['seconds']:.1f} s{late}{not_first}"
        )
