"""Says a set: every part with the reason for it, and what could stand in its place."""

from dataclasses import replace
from typing import Any, Final

from app.domain.amounts import in_words
from app.models.sets.catalogue import Entry
from app.models.sets.choosing import SLOWEST, TIERS, Chooser, Plan

_JOBS: Final = {
    "front": "answers first",
    "worker": "takes over what the first one leaves",
    "coder": "writes code",
    "architect": "has the last word",
    "embed": "finds what is alike in meaning",
}


ROLES: Final = (*TIERS, "embed")


def plain(chooser: Chooser, plan: Plan | None) -> dict[str, Any]:
    """Return a set as plain data."""
    machine = chooser.machine
    given = {
        "memory": machine.memory,
        "budget": machine.budget,
        "cores": machine.cores,
        "bandwidth": machine.bandwidth,
        "gpu_memory": machine.gpu_memory,
    }
    if plan is None:
        return {**given, "parts": [], "needed": 0, "context": 0, "kv": "", "downloads": []}
    return {
        **given,
        "needed": chooser.needed(plan),
        "context": plan.context,
        "kv": plan.kv,
        "parts": [
            _part(chooser, plan, role, entry)
            for role in ROLES
            if (entry := plan.model_of(role)) is not None
        ],
        "downloads": [_address(each) for each in plan.files],
    }


def _part(chooser: Chooser, plan: Plan, role: str, entry: Entry) -> dict[str, Any]:
    drafter = plan.drafter(entry)
    speed = chooser.speeds(plan).get(entry.name)
    return {
        "role": role,
        "tier": TIERS[role].value if role in TIERS else "D",
        "model": entry.name,
        "repository": entry.repository,
        "file": entry.file,
        "context": min(plan.context if role in TIERS else entry.context, entry.context),
        "tokens_s": speed,
        "draft": drafter.name if drafter else "",
        "why": _why(plan, role, entry, speed),
        "instead": [
            {"model": each.name, "fits": not obstacle, "why": obstacle}
            for each, obstacle in instead(chooser, plan, role)
        ],
    }


def _why(plan: Plan, role: str, entry: Entry, speed: float | None) -> str:
    told = [f"{entry.about}; {_JOBS[role]}"]
    if speed is not None:
        told.append(f"about {speed:.0f} tokens a second")
    shared = [each for each, other in plan.roles if other.name == entry.name and each != role]
    if shared:
        told.append(f"the same model as {' and '.join(shared)}, loaded once")
    if drafter := plan.drafter(entry):
        told.append(f"{drafter.name} writes ahead for it: both should number their tokens alike")
    return "; ".join(told)


def instead(chooser: Chooser, plan: Plan, role: str) -> list[tuple[Entry, str]]:
    """Return every other model for a role, with why it does not fit, or ''."""
    now = plan.model_of(role)
    catalogue = chooser.catalogue
    others = catalogue.embedding if role == "embed" else catalogue.answering
    return [
        (each, _obstacle(chooser, replaced(plan, role, each), role))
        for each in others
        if now is None or each.name != now.name
    ]


def replaced(plan: Plan, role: str, entry: Entry) -> Plan:
    """Return a plan with another model for one role; who has left drafts for nobody."""
    if role == "embed":
        return replace(plan, embed=entry)
    models = {**dict(plan.roles), role: entry}
    return _cast(plan, tuple((each, models[each]) for each in TIERS if each in models))


def without(plan: Plan, role: str) -> Plan:
    """Return a plan that leaves a role out."""
    if role == "embed":
        return replace(plan, embed=None)
    return _cast(plan, tuple(pair for pair in plan.roles if pair[0] != role))


def _cast(plan: Plan, roles: tuple[tuple[str, Entry], ...]) -> Plan:
    names = {entry.name for _, entry in roles}
    drafted = tuple(pair for pair in plan.drafted if pair[0] in names)
    return replace(plan, roles=roles, drafted=drafted)


def _obstacle(chooser: Chooser, plan: Plan, role: str) -> str:
    missing = chooser.needed(plan) - chooser.machine.budget
    if missing > 0:
        return f"{in_words(missing)} of memory are missing"
    if role in chooser.slow(plan):
        speed = chooser.speeds(plan)[dict(plan.roles)[role].name]
        return f"only {speed:.1f} tokens a second, {SLOWEST[role]:.0f} are wanted"
    return ""


def lines(answer: dict[str, Any]) -> list[str]:
    """Return a set as lines for a terminal."""
    memory = f"{in_words(answer['memory'])} of memory"
    if not answer["parts"]:
        return [f"No set fits into {memory}; the models that came with Echelon stay."]
    told = [
        f"For {memory}: {in_words(answer['needed'])} of {in_words(answer['budget'])} are used, "
        f"contexts of {answer['context']:,} tokens, keys and values as {answer['kv']}."
    ]
    for part in answer["parts"]:
        told += ["", f"{part['tier']}  {part['role']:<9}  {part['model']}", f"   {part['why']}"]
        fitting = [each["model"] for each in part["instead"] if each["fits"]]
        if fitting:
            told.append(f"   instead: {', '.join(fitting)}")
    return [*told, "", "To fetch:", *(f"  {each}" for each in answer["downloads"])]


def _address(entry: Entry) -> str:
    return f"{entry.repository}/{entry.file}"
