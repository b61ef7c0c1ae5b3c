"""Models on the hub, how each would run here, and a set for this computer."""

from app.ui.models.tab import Tab


class FindTab(Tab):
    """Models on the hub, how each would run here, and a set for this computer."""
