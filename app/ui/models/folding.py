"""What stands side by side where there is room, and below each other where it is narrow."""

from PySide6.QtWidgets import QBoxLayout

# Narrower than this, what stood side by side stands below each other.
SLIM_PX = 560


class Folding(QBoxLayout):
    """A line of parts, or a column of them."""

    def __init__(self, gap: int) -> None:
        """Stand side by side, `gap` pixels between the parts."""
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self.setSpacing(gap)

    def fit(self, width: int) -> bool:
        """Stand as a width allows; return whether that is narrow."""
        slim, ways = width < SLIM_PX, QBoxLayout.Direction
        self.setDirection(ways.TopToBottom if slim else ways.LeftToRight)
        return slim
