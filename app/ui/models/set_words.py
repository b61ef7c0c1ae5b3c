"""A recommended set in the words of the window."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from app.domain.amounts import in_words
from app.models.sets.choosing import Chooser, Plan
from app.models.sets.recommended import Part
from app.models.sets.words import ROLES
from app.ui.models.find_words import context_words


def cast_words(chooser: Chooser, plan: Plan) -> str:
    """Return who plays which role, and what they take together."""
    translate = QCoreApplication.translate
    found = ((role, plan.model_of(role)) for role in ROLES)
    words = [f"{role} {entry.name}" for role, entry in found if entry is not None]
    if plan.drafted:
        words.append(translate("Sets", "drafts included"))
    return " · ".join([*words, taken_words(chooser, plan)])


def taken_words(chooser: Chooser, plan: Plan) -> str:
    """Return what a set takes of memory."""
    words = QCoreApplication.translate("Sets", "together %1 of memory with %2 context")
    needed = in_words(chooser.needed(plan))
    return words.replace("%1", needed).replace("%2", context_words(plan.context))


def get_words(missing: Iterable[Part]) -> str:
    """Return the words of the button that gets what is missing; sizes are estimates until then."""
    size = in_words(sum(part.entry.weights for part in missing))
    return QCoreApplication.translate("Sets", "Get all, about %1").replace("%1", size)


def use_words(plan: Plan) -> str:
    """Return what using a set changes."""
    translate = QCoreApplication.translate
    roles = ", ".join(role for role in ROLES if plan.model_of(role) is not None)
    words = translate(
        "Sets",
        "Using it gives its models to %1, from the next question on. Other roles keep theirs, and "
        "the registry from before is kept as a backup.",
    )
    return words.replace("%1", roles)


def here_words(parts: Iterable[Part]) -> str:
    """Return which parts need not be fetched, '' if there are none."""
    names = ", ".join(part.entry.name for part in parts if part.path is not None)
    words = QCoreApplication.translate("Sets", "Here already: %1.")
    return words.replace("%1", names) if names else ""
