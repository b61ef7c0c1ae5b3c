"""Rubbish is collected in the window's thread only.

Python collects cycles in whichever thread happens to allocate, the database's for example, and a
Qt object that dies in a foreign thread takes its timers, or the whole process, with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class Collector(QObject):
    """Takes collecting over from Python for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()  # what is there by now stays to the end; looking at it again costs time
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def check(self) -> None:
        """Collect the oldest generation that is due, as Python itself would."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        late = [generation for generation, (count, limit) in enumerate(due) if count > limit > 0]
        if late:
            gc.collect(max(late))
