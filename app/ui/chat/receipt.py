"""The line under an answer: who answered, how fast, which version, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.domain.chat import Receipt, ThreadEntry
from app.ui.chat.figures import duration, percent
from app.ui.chat.used import Used, UsedMemories
from app.ui.chat.why import why_lines
from app.ui.elided import ElidedLabel
from app.ui.named import named, text_button
from app.ui.theme import Tokens

_GAP = 12


class ReceiptLine(QWidget):
    """One line for one answer; the buttons tell what the reader wants."""

    copy_wanted = Signal()
    again_wanted = Signal()
    redo_wanted = Signal(str)
    thumb_given = Signal(str)
    version_wanted = Signal(int)
    memories_wanted = Signal()
    memory_wanted = Signal(int)
    forget_wanted = Signal(int)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("receipt")
        self._tokens = tokens
        self._entry: ThreadEntry | None = None
        self._who = QLabel()
        self._facts = ElidedLabel()
        self._older = self._button(
            "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", self.tr("Previous version")
        )
        self._count = QLabel()
        self._newer = self._button(
            "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", self.tr("Next version")
        )
        self._why = self._button(self.tr("Why?"), self.tr("Why this answer"))
        self._why.setCheckable(True)
        self._used = self._button("", "")
        self._used.setCheckable(True)
        self._used.hide()
        self._list: UsedMemories | None = None  # few answers have any
        self._redos: dict[str, QToolButton] = {}
        self._good = self._button(self.tr("Good"), self.tr("This answer is good"))
        self._bad = self._button(self.tr("Bad"), self.tr("This answer is bad"))
        self._copy = self._button(self.tr("Copy"), self.tr("Copy answer"))
        self._again = self._button(self.tr("Again"), self.tr("Answer again"))
        self._story: QLabel | None = None  # made when it is asked for: most never are
        self._lay_out()
        self._connect()

    @property
    def story(self) -> str:
        """Why the answer is as it is, if the reader has asked."""
        told = self._story is not None and not self._story.isHidden()
        return self._story.text() if told and self._story is not None else ""

    @property
    def redos(self) -> list[QToolButton]:
        """The buttons that have it answered by somebody stronger or faster."""
        return [button for button in self._redos.values() if not button.isHidden()]

    def _lay_out(self) -> None:
        self._line = line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        versions = QHBoxLayout()
        versions.setSpacing(0)
        for part in (self._older, self._count, self._newer):
            versions.addWidget(part)
        line.addWidget(self._who)
        line.addWidget(self._facts)
        line.addLayout(versions)
        for button in (self._used, self._why, self._good, self._bad, self._copy, self._again):
            line.addWidget(button)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)

    def _connect(self) -> None:
        self._older.clicked.connect(lambda: self._turn(-1))
        self._newer.clicked.connect(lambda: self._turn(1))
        self._copy.clicked.connect(self.copy_wanted)
        self._again.clicked.connect(self.again_wanted)
        self._why.toggled.connect(self._tell)
        self._used.toggled.connect(self._open_memories)
        self._good.clicked.connect(lambda: self._thumb("thumb up"))
        self._bad.clicked.connect(lambda: self._thumb("thumb down"))

    def _tell(self, wanted: bool) -> None:
        """Tell the whole story, or hide it again."""
        layout = self.layout()
        if self._story is None and layout is not None:
            self._story = named(QLabel(), "story")
            self._story.setWordWrap(True)
            layout.addWidget(self._story)
        receipt = self._entry.message.receipt if self._entry is not None else None
        if self._story is not None and receipt is not None:
            self._story.setText("\n".join((*why_lines(receipt), "   ".join(facts(receipt)))))
            self._story.setVisible(wanted)

    def _open_memories(self, wanted: bool) -> None:
        """Ask for what went along with the question, or hide it again."""
        if wanted:
            self.memories_wanted.emit()
        elif self._list is not None:
            self._list.hide()

    def tell_memories(self, found: Sequence[Used]) -> None:
        """Show what went along with the question."""
        layout = self.layout()
        if self._list is None and layout is not None:
            self._list = UsedMemories()
            self._list.show_wanted.connect(self.memory_wanted)
            self._list.forget_wanted.connect(self.forget_wanted)
            layout.addWidget(self._list)
        if self._list is not None:
            self._list.tell(found)
            self._list.setVisible(self._used.isChecked())

    def _show_used(self, count: int) -> None:
        words = self.tr("used 1 memory")
        if count != 1:
            words = self.tr("used %1 memories").replace("%1", str(count))
        self._used.setText(words)
        self._used.setAccessibleName(words)
        self._used.setToolTip(self.tr("Show what was recalled for this question"))
        self._used.setVisible(count > 0)

    def _thumb(self, act: str) -> None:
        """One word for each answer is enough."""
        self._good.setEnabled(False)
        self._bad.setEnabled(False)
        self.thumb_given.emit(act)

    def show_entry(self, entry: ThreadEntry) -> None:
        """Show the receipt of a stored answer."""
        self._entry = entry
        receipt = entry.message.receipt
        for part in (self._who, self._facts, self._why, self._good, self._bad):
            part.setVisible(receipt is not None)
        self._offer("\N{UPWARDS ARROW}", receipt.redo_up if receipt else "")
        self._offer("\N{DOWNWARDS ARROW}", receipt.redo_down if receipt else "")
        if receipt is not None:
            self._show_receipt(receipt)
        several = entry.versions > 1
        for part in (self._older, self._count, self._newer):
            part.setVisible(several)
        self._count.setText(f"{entry.version} / {entry.versions}")
        self._older.setEnabled(entry.version > 1)
        self._newer.setEnabled(entry.version < entry.versions)
        self._copy.setVisible(bool(entry.message.content))

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours."""
        self._tokens = tokens
        if self._entry is not None:
            self.show_entry(self._entry)

    def _show_receipt(self, receipt: Receipt) -> None:
        self._show_used(len(receipt.memories))
        colour = self._tokens.tier(receipt.tier)
        asked = f"{receipt.tier} · {receipt.role}"
        self._who.setText(asked if receipt.model else self.tr("Memory"))
        self._who.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self._facts.setText("   ".join(in_short(receipt)))
        self._facts.setToolTip(self.tr("Why: %1").replace("%1", receipt.reason))
        if self._why.isChecked():
            self._tell(wanted=True)

    def _offer(self, arrow: str, role: str) -> None:
        """Offer another role with one click, if there is one."""
        button = self._redos.get(arrow)
        if button is None and not role:
            return
        if button is None:
            button = self._redos[arrow] = self._button("", "")
            button.clicked.connect(lambda: self.redo_wanted.emit(button.property("role")))
            self._line.insertWidget(self._line.indexOf(self._good), button)
        words = self.tr("ask %1").replace("%1", role)
        button.setProperty("role", role)
        button.setText(f"{arrow} {words}")
        button.setAccessibleName(words)
        button.setToolTip(self.tr("Answer again with %1").replace("%1", role))
        button.setVisible(bool(role))

    def _button(self, text: str, name: str) -> QToolButton:
        button = text_button(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _turn(self, step: int) -> None:
        if self._entry is not None:
            self.version_wanted.emit(self._entry.version + step)


def in_short(receipt: Receipt) -> list[str]:
    """Return what stands under an answer: its way, how sure, how long, what was drafted."""
    translate = QCoreApplication.translate
    said = [_way(receipt), _sure(receipt)]
    said.append(translate("Receipt", "%1 in all").replace("%1", duration(receipt.total_ms)))
    drafted = sum(each.draft_accepted for each in receipt.attempts)
    if drafted:
        written = sum(each.answer_tokens for each in receipt.attempts)
        share = percent(min(1.0, drafted / max(1, written)))
        said.append(translate("Receipt", "%1 drafted").replace("%1", share))
    if receipt.finish_reason == "length":
        said.append(translate("Receipt", "cut at its length limit"))
    return [words for words in said if words]


def facts(receipt: Receipt) -> list[str]:
    """Return how fast an answer was made, with units."""
    translate = QCoreApplication.translate
    said = [receipt.model] if receipt.model else []
    if receipt.timings is not None and receipt.timings.predicted_n:
        speed = f"{receipt.timings.predicted_per_second:.0f}"
        said.append(translate("Receipt", "%1 tokens/s").replace("%1", speed))
    if receipt.first_token_ms is not None:
        first = duration(receipt.first_token_ms)
        said.append(translate("Receipt", "first token %1").replace("%1", first))
    said.append(translate("Receipt", "%1 in all").replace("%1", duration(receipt.total_ms)))
    return said


def _sure(receipt: Receipt) -> str:
    translate = QCoreApplication.translate
    if receipt.decision == "abstain":
        return translate("Receipt", "doubtful")
    if receipt.confidence is None:
        return ""
    sure = translate("Receipt", "sure %1").replace("%1", percent(receipt.confidence))
    return sure if receipt.promised else f"{sure}, {translate('Receipt', 'no promise yet')}"


def _way(receipt: Receipt) -> str:
    """Return how the question came to who answered it."""
    first = receipt.attempts[0] if receipt.attempts else None
    if first is None or first.role == receipt.role:
        return ""
    return QCoreApplication.translate("Receipt", "climbed from %1").replace("%1", first.tier)
