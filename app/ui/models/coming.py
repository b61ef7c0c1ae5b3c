"""Downloads: what each is doing, and how long it will take."""

from app.ui.models.tab import Tab


class DownloadsTab(Tab):
    """Downloads: what each is doing, and how long it will take."""
