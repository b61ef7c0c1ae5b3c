"""Who plays which role: the registry as a form."""

from app.ui.models.tab import Tab


class RolesTab(Tab):
    """Who plays which role: the registry as a form."""
