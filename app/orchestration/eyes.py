"""Pictures in a thread: who can see them, and what happens where nobody can."""

from collections.abc import Sequence

from app.domain.chat import ChatMessage
from app.domain.errors import CannotSee
from app.domain.models import Roles, RoleSpec

_NO_EYES = (
    "Send the words alone, or give a model eyes in model_registry.yaml (`llama_server.mmproj` or "
    "`remote.vision`)."
)


def shows_images(thread: Sequence[ChatMessage]) -> bool:
    """Return whether there is a picture anywhere in the thread."""
    return any(message.images for message in thread)


def seeing_roles(roster: Roles) -> tuple[RoleSpec, ...]:
    """Return the answering roles whose models are said to read images."""
    return tuple(role for role in roster.answering if role.model.sees)


def cannot_see(role: RoleSpec, roster: Roles) -> CannotSee:
    """Return the error for a role that was shown a picture."""
    names = ", ".join(other.name for other in seeing_roles(roster) if other != role)
    remedy = f"Ask a role that can: {names}." if names else _NO_EYES
    return CannotSee(f"The {role.name} model cannot see the image.", remedy=remedy)


def without_images(thread: Sequence[ChatMessage]) -> tuple[ChatMessage, ...]:
    """Return the thread with its words alone."""
    return tuple(message.model_copy(update={"images": ()}) for message in thread)
