"""The tab that tries a question: what would be recalled for it now, and why."""

import time
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.memories import EVERYWHERE, Recalled, RecallReport
from app.ui.memories import words
from app.ui.memories.keeper import MemoryKeeper
from app.ui.memories.parts import card, fill, rows_holder, scrolled, small_button, words_label
from app.ui.models.tab import Tab
from app.ui.named import choice_box, named
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP, _LETTERS = 20, 12, 14
_LONGEST = 2000


class TryingTab(Tab):
    """Recalls for a question as a chat would; nothing is counted as used.

    `memory_wanted` has the words of a memory that is wanted in the list.
    """

    memory_wanted = Signal(str)

    def __init__(self, core: App, theme: Theme, keeper: MemoryKeeper) -> None:
        super().__init__(core, theme)
        self.keeper = keeper
        self.line = named(QLineEdit(), "search")
        self.line.setMaxLength(_LONGEST)
        self.line.setPlaceholderText(self.tr("A question, as you would ask it"))
        self.line.setAccessibleName(self.tr("A question to try"))
        self.place = choice_box(self.tr("Where it is asked"))
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.place.setSizeAdjustPolicy(policy)
        self.place.setMinimumContentsLength(_LETTERS)
        self.ask = named(QPushButton(self.tr("Try")), "primary")
        self.said = words_label("describes")
        self.said.setText(
            self.tr("Shows which memories a model would be given with a question, and why.")
        )
        self.found = rows_holder()
        self._lay_out()
        self.line.returnPressed.connect(self.recall)
        self.ask.clicked.connect(self.recall)
        keeper.looked.connect(self._offer_places)
        self._offer_places()

    def recall(self) -> None:
        """Show what would be recalled."""
        if self.line.text().strip():
            self.keeper.do(self._recall, "try a question")

    async def _recall(self) -> None:
        scope = self.place.currentData()
        scopes = (scope,) if scope == EVERYWHERE else (scope, EVERYWHERE)
        budget = self.core.settings.memory_tokens
        report = await self.keeper.memories.recall.of(
            self.line.text(), scopes, budget, now=time.time()
        )
        self._show(report)

    def _show(self, report: RecallReport) -> None:
        count = len(report.found)
        said = (
            self.tr("%1 memories, %2 tokens.") if count else self.tr("Nothing would be recalled.")
        )
        lines = [said.replace("%1", str(count)).replace("%2", str(report.tokens))]
        if report.lexical:
            only = self.tr("Looked for by words only: %1.")
            lines.append(only.replace("%1", report.lexical.rstrip(".")))
        self.said.setText(" ".join(lines))
        fill(self.found, [self._row(each) for each in report.found])

    def _row(self, recalled: Recalled) -> QWidget:
        memory = recalled.memory
        text = words_label("line")
        text.setText(words.one_line(memory.text))
        why = words_label("describes")
        why.setText(words.why_words(recalled.why))
        what = words_label("describes")
        what.setText(words.second_line(memory, self.keeper.titles))
        aloud = self.tr("Show in the list: %1").replace("%1", words.one_line(memory.text))
        show = partial(self.memory_wanted.emit, memory.text)
        column = QVBoxLayout()
        column.setSpacing(2)
        for part in (text, why, what):
            column.addWidget(part)
        frame = card("")
        line = QHBoxLayout()
        line.addLayout(column, 1)
        line.addWidget(small_button(self.tr("Show in the list"), aloud, show))
        inside = frame.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addLayout(line)
        return frame

    def _offer_places(self) -> None:
        chosen = self.place.currentData()
        self.place.clear()
        self.place.addItem(self.tr("in a new chat"), EVERYWHERE)
        for scope in self.keeper.scopes:
            if scope != EVERYWHERE:
                self.place.addItem(words.scope_words(scope, self.keeper.titles), scope)
        self.place.setCurrentIndex(max(0, self.place.findData(chosen)))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.place, 1)
        row.addWidget(self.ask)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.found)
        inside.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(self.line)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addWidget(scrolled(page), 1)
