"""What models are here: in Echelon's folder and in those of other programs."""

from app.ui.models.tab import Tab


class InstalledTab(Tab):
    """What models are here: in Echelon's folder and in those of other programs."""
