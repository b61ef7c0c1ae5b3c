"""What the list of roles says of each, from the form and from what the core knows."""

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.amounts import in_words
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import MOST, Roster, Tier
from app.domain.settings import Settings
from app.engines.residency.company import Member
from app.models.form import Form
from app.ui.models.role_list import Row

States = Mapping[str, ServerStateChanged]


def model_of(form: Form, roster: Roster | None, role: str) -> str:
    """Return the name of a role's model: as the form says, else as the library chose it."""
    named = form.value(("roles", role, "model"))
    found = roster.find(role) if roster is not None else None
    return str(named or (found.model.name if found else ""))


def role_rows(
    form: Form, roster: Roster | None, states: States, wrong: Collection[str]
) -> list[Row]:
    """Return a row for every role; `wrong` names those with a mistake."""
    return [_row(form, roster, states, name, name in wrong) for name in form.roles]


def everybody_words(members: tuple[Member, ...], budget: int) -> str:
    """Return whether all models fit into memory at the same time."""
    translate = QCoreApplication.translate
    every = sum(each.bytes for each in members)
    kept = sum(each.bytes for each in members if each.stays)
    if kept > budget:
        words = translate(
            "Roles",
            "The models that always stay take %1, more than the %2 there are. "
            "Let some of them make room.",
        )
        return words.replace("%1", in_words(kept)).replace("%2", in_words(budget))
    if every <= budget:
        words = translate("Roles", "All models together: %1 of %2, they fit at the same time.")
    else:
        words = translate(
            "Roles", "All models together: %1 of %2. Those that do not always stay take turns."
        )
    return words.replace("%1", in_words(every)).replace("%2", in_words(budget))


def overridden_words(settings: Settings) -> str:
    """Return what the settings decide, whatever the registry says."""
    translate, said = QCoreApplication.translate, []
    if settings.threads:
        words = translate("Roles", "ORCHESTRATOR_THREADS sets %1 threads for all models.")
        said.append(words.replace("%1", str(settings.threads)))
    if settings.role:
        words = translate("Roles", "ORCHESTRATOR_ROLE lets %1 answer first.")
        said.append(words.replace("%1", settings.role))
    return " ".join(said)


def _row(form: Form, roster: Roster | None, states: States, name: str, wrong: bool) -> Row:
    model = model_of(form, roster, name)
    tier = form.value(("roles", name, "tier"))
    facts = [_standing(roster, states, model), _context(form, roster, name, model)]
    if tier != Tier.D:
        facts.append(_after(form, name))
    return Row(
        name=name,
        tier=Tier(tier) if tier in set(Tier) else Tier.D,
        model=model or QCoreApplication.translate("Roles", "no model"),
        facts=" · ".join(each for each in facts if each),
        wrong=wrong,
    )


def _standing(roster: Roster | None, states: States, model: str) -> str:
    translate = QCoreApplication.translate
    used = [each.model for each in roster.roles if each.model.name == model] if roster else []
    if used and used[0].engine == "remote":
        return translate("Roles", "elsewhere")
    state = states.get(model)
    if state is not None and state.state is ServerState.READY:
        awake = translate("Roles", "in memory")
    else:
        awake = translate("Roles", "asleep")
    pinned = roster is not None and model in roster.pinned
    return awake + translate("Roles", ", pinned") if pinned else awake


def _context(form: Form, roster: Roster | None, role: str, model: str) -> str:
    spec = roster.find(role) if roster is not None else None
    known = form.value(("models", model, "context")) if model in form.models else None
    tokens: Any = known or (spec.model.context if spec else None)
    if not isinstance(tokens, int) or tokens > MOST:  # Qt cannot write larger ones
        return ""
    words = QCoreApplication.translate("Roles", "%1 tokens")
    return words.replace("%1", QLocale().toString(tokens))


def _after(form: Form, name: str) -> str:
    translate, names = QCoreApplication.translate, form.value(("roles", name, "escalation"))
    if names is None:
        return ""
    if not names:
        return translate("Roles", "nobody goes on")
    return translate("Roles", "then %1").replace("%1", ", ".join(str(each) for each in names))
