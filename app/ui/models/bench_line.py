"""Benchmark here: the button, how far it is, and what was found of a model."""

from collections.abc import Iterator

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.domain.benching import Benchmark, BenchPhase, BenchStep, Verifying
from app.ui.named import named
from app.ui.said import said
from app.ui.tiers.words import speed_words

_BAR_PX = 6


class BenchLine(QWidget):
    """Shows a measurement; `wanted` asks for one, `stop_wanted` for its end."""

    wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.button = QPushButton()
        self.button.setToolTip(
            self.tr("Measures the model as it is loaded now; what is not saved does not count.")
        )
        self.bar = named(QProgressBar(), "progress")
        self.bar.setFixedHeight(_BAR_PX)
        self.bar.setTextVisible(False)
        self.words = named(QLabel(), "describes")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.setSpacing(6)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        self.button.clicked.connect(self._clicked)
        self.show_running(on=False)

    def show_running(self, *, on: bool) -> None:
        """Show whether something is being measured."""
        self._running = on
        self.bar.setVisible(on)
        self.button.setText(self.tr("Stop measuring") if on else self.tr("Benchmark here"))

    def show_step(self, model: str, step: BenchStep) -> None:
        """Show how far a measurement is."""
        self.bar.setValue(round(100 * step.fraction))
        phase = {
            BenchPhase.LOADING: self.tr("loading"),
            BenchPhase.RELOADING: self.tr("loading again, to time it"),
            BenchPhase.WARMING: self.tr("warming up"),
            BenchPhase.MEASURING: self.tr("measuring"),
        }[step.phase]
        self.say(f"{model}: {phase}")
        self.bar.setAccessibleName(self.words.text())

    def show_found(self, found: Benchmark | None) -> None:
        """Show what was measured, or that nothing was."""
        if found is None:
            self.say(self.tr("Not measured here yet."))
        else:
            words = self.tr("Measured: %1").replace("%1", ", ".join(self._figures(found)))
            setting = ", ".join(map(said, found.rates.setting.split(", ")))
            self.say(f"{words} ({setting})" if setting else words)

    def say(self, words: str) -> None:
        """Show a sentence."""
        self.words.setText(words)

    def _figures(self, found: Benchmark) -> Iterator[str]:
        rates = found.rates
        yield self.tr("reads %1").replace("%1", speed_words(rates.prefill_tokens_s))
        if rates.decode_tokens_s is not None:
            yield self.tr("writes %1").replace("%1", speed_words(rates.decode_tokens_s))
        if found.load_s is not None:
            seconds = QLocale().toString(found.load_s, "f", 1)
            yield self.tr("loads in %1 s").replace("%1", seconds)
        if found.bytes:
            yield self.tr("takes %1").replace("%1", in_words(found.bytes))
        if rates.verifying is not None and rates.verifying.milliseconds:
            yield from self._verifying(rates.verifying)

    def _verifying(self, costs: Verifying) -> Iterator[str]:
        """Yield what it costs to check several tokens at once."""
        for rows in costs.grid:
            if rows > 1:
                times = QLocale().toString(costs.ratio(rows), "f", 1)
                words = self.tr("checks %1 tokens in the time of %2")
                yield words.replace("%1", str(rows)).replace("%2", times)

    def _clicked(self) -> None:
        (self.stop_wanted if self._running else self.wanted).emit()
