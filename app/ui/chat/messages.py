"""One message in the transcript: the user's quiet block, or an answer with its receipt."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QTextOption, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat import MessageState, Receipt, ThreadEntry
from app.domain.events import Stage
from app.ui.chat.answer_body import AnswerBody
from app.ui.chat.causes import cause_words
from app.ui.chat.receipt import ReceiptLine
from app.ui.chat.used import Used
from app.ui.named import named
from app.ui.theme import Tokens

# A wait shorter than this needs no words.
STAGE_DELAY_MS = 750
_USER_WIDTH = 0.8


class UserMessage(QWidget):
    """What the user wrote, as written."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        block = named(QFrame(), "userBlock")
        self.words = _Words(text)
        self.words.setAccessibleName(self.tr("Your message"))
        inside = QVBoxLayout(block)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(block)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._inside = inside

    def fit(self, column: int) -> None:
        """Be as wide as the words, but leave some of the column free."""
        margins = self._inside.contentsMargins()
        self.words.fit(int(column * _USER_WIDTH) - margins.left() - margins.right())


class _Words(QTextEdit):
    """Plain text that can be selected; it breaks anywhere, for some words are addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("words")
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.setPlainText(text)

    def fit(self, widest: int) -> None:
        """Be as small as the words allow."""
        self.ensurePolished()
        document = self.document()
        document.setTextWidth(-1)
        width = max(1, min(math.ceil(document.idealWidth()) + 1, widest))
        document.setTextWidth(width)
        self.setFixedSize(width, math.ceil(document.size().height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript."""
        event.ignore()


class AnswerMessage(QWidget):
    """An answer, growing or complete."""

    grew = Signal()
    link_wanted = Signal(str)
    again_wanted = Signal(str)
    redo_wanted = Signal(str, str)
    acted = Signal(str, str)
    version_wanted = Signal(str, int)
    memories_wanted = Signal(str)
    memory_wanted = Signal(int)
    forget_wanted = Signal(str, int)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.entry: ThreadEntry | None = None
        self._body = AnswerBody(tokens)
        self._body.grew.connect(self.grew)
        self._body.link_wanted.connect(self.link_wanted)
        self._stage = named(QLabel(), "stage")
        self._stage.hide()
        self._waiting_for: tuple[Stage | None, float | None] = (None, None)
        self._patience = QTimer(self, singleShot=True, interval=STAGE_DELAY_MS)
        self._patience.timeout.connect(self._show_stage)
        self._note = named(QLabel(), "answerNote")
        self._note.setWordWrap(True)
        self._note.hide()
        self._climb: QLabel | None = None  # few answers need it
        self._receipt = ReceiptLine(tokens)
        self._receipt.hide()
        self._receipt.copy_wanted.connect(self._copy)
        self._receipt.again_wanted.connect(self._again)
        self._receipt.redo_wanted.connect(self._redo)
        self._receipt.thumb_given.connect(self._act)
        self._receipt.version_wanted.connect(self._version)
        self._receipt.memory_wanted.connect(self.memory_wanted)
        self._receipt.memories_wanted.connect(lambda: self.memories_wanted.emit(self._id))
        self._receipt.forget_wanted.connect(lambda each: self.forget_wanted.emit(self._id, each))
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self._body, self._stage, self._note, self._receipt):
            layout.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def body(self) -> AnswerBody:
        """The words."""
        return self._body

    @property
    def note(self) -> str:
        """What is said about an answer that did not come to its end."""
        return self._note.text()

    def show_entry(self, entry: ThreadEntry) -> None:
        """Show a stored answer as it is."""
        self.entry = entry
        self.wait_for(None, None)
        self._body.show_whole(entry.message.content)
        self._body.setVisible(bool(entry.message.content))
        self._show_climb(_climbed(entry.message.receipt))
        streaming = entry.message.state is MessageState.STREAMING
        self._receipt.show_entry(entry)
        self._receipt.setVisible(not streaming)
        self._note.setText(self._note_for(entry))
        failed = entry.message.state is MessageState.FAILED
        self._note.setObjectName("answerFailed" if failed else "answerNote")
        self._note.style().polish(self._note)
        self._note.setVisible(bool(self._note.text()))

    @property
    def climb(self) -> str:
        """Who answered first, if somebody else looked again."""
        return self._climb.text() if self._climb is not None else ""

    def _show_climb(self, words: str) -> None:
        if self._climb is None:
            if not words:
                return
            self._climb = named(QLabel(), "climb")
            self._climb.setWordWrap(True)
            self._rows.insertWidget(0, self._climb)
        self._climb.setText(words)
        self._climb.setVisible(bool(words))

    def show_growing(self, entry: ThreadEntry, text: str) -> None:
        """Show an answer that is still being written, with what there is of it."""
        self.entry = entry
        self._note.hide()
        self._receipt.hide()
        self._body.start(text)

    def append(self, text: str) -> None:
        """Show more of a growing answer."""
        self.wait_for(None, None)
        self._body.show()
        self._body.append(text)

    def wait_for(self, stage: Stage | None, fraction: float | None) -> None:
        """Say truthfully what happens while there are no words, once it takes long."""
        self._waiting_for = stage, fraction
        if stage is None:
            self._patience.stop()
            self._stage.hide()
            return
        words = {
            Stage.QUEUED: self.tr("waiting for its turn"),
            Stage.LOADING: self.tr("loading the model"),
            Stage.READING: self.tr("reading the prompt"),
            Stage.WRITING: self.tr("writing, and checking the first words"),
            Stage.JUDGING: self.tr("checking the answer"),
            Stage.RETRYING: self.tr("answering once more"),
        }[stage]
        percent = f" {fraction * 100:.0f} %" if fraction is not None and fraction < 1 else ""
        self._stage.setText(
            f'<span style="color:{self._tokens.accent}">●</span> '
            f'<span style="color:{self._tokens.text}">{words}</span>{percent}'
        )
        if not self._stage.isVisible() and not self._patience.isActive():
            self._patience.start()

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours."""
        self._tokens = tokens
        self._body.restyle(tokens)
        self._receipt.restyle(tokens)
        self.wait_for(*self._waiting_for)

    def _show_stage(self) -> None:
        self._stage.show()
        self.grew.emit()

    def _note_for(self, entry: ThreadEntry) -> str:
        return {
            MessageState.CANCELLED: self.tr("You stopped this answer."),
            MessageState.INTERRUPTED: self.tr(
                "Echelon ended before this answer was complete. Ask again to get all of it."
            ),
            MessageState.FAILED: entry.message.error or self.tr("This answer failed."),
        }.get(entry.message.state, "")

    @property
    def _id(self) -> str:
        return self.entry.message.id if self.entry is not None else ""

    def tell_memories(self, found: Sequence[Used]) -> None:
        """Show what went along with the question."""
        self._receipt.tell_memories(found)
        self.grew.emit()

    def _copy(self) -> None:
        if self.entry is not None:
            QGuiApplication.clipboard().setText(self.entry.message.content)
            self._act("copy")

    def _act(self, act: str) -> None:
        if self.entry is not None:
            self.acted.emit(self.entry.message.id, act)

    def _redo(self, role: str) -> None:
        if self.entry is not None:
            self.redo_wanted.emit(self.entry.message.id, role)

    def _again(self) -> None:
        if self.entry is not None:
            self.again_wanted.emit(self.entry.message.id)

    def _version(self, version: int) -> None:
        if self.entry is not None:
            self.version_wanted.emit(self.entry.message.id, version)


def _climbed(receipt: Receipt | None) -> str:
    """Return in one sentence who answered first, what was wrong with it, and who looked again."""
    first = receipt.attempts[0] if receipt is not None and receipt.attempts else None
    if receipt is None or first is None or first.role == receipt.role:
        return ""
    words = QCoreApplication.translate("Receipt", "%1 answered first; %2, so %3 looked again.")
    why = cause_words(first.cause)
    return words.replace("%1", first.role).replace("%2", why).replace("%3", receipt.role)
