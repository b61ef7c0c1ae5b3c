"""The words of one answer: finished blocks are kept, only the open tail is rendered again."""

from collections import deque

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.chat.code_block import CodeBlock
from app.ui.chat.markdown import Block, Cutter, cut, merge, showable
from app.ui.chat.prose import Prose
from app.ui.theme import Tokens

# At most 30 updates a second: chunks that come faster are joined.
FRAME_MS = 33
_GAP = 8


class AnswerBody(QWidget):
    """Markdown that may still grow. `grew` tells that its height may have changed."""

    grew = Signal()
    link_wanted = Signal(str)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._views: list[Prose | CodeBlock] = []
        self._cutter = Cutter()
        self._waiting = ""
        self._tail: Prose | CodeBlock | None = None
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self.flush)

    @property
    def views(self) -> tuple[Prose | CodeBlock, ...]:
        """The widgets of the blocks, in order."""
        return tuple(self._views)

    def start(self, text: str) -> None:
        """Begin anew with what has already been said of a growing answer."""
        for view in self.views:
            self._drop(view)
        self._waiting, self._tail, self._cutter = "", None, Cutter()
        self.append(text)

    def append(self, text: str) -> None:
        """Take more of the answer; the first words show at once, later ones 30 times a second."""
        self._waiting += text
        if self._tail is None and not self.views:
            self.flush()
        elif not self._frame.isActive():
            self._frame.start()

    def flush(self) -> None:
        """Show what has come."""
        self._frame.stop()
        if not self._waiting:
            return
        closed = self._cutter.feed(self._waiting)
        self._waiting = ""
        for block in closed:
            self._tail = self._shown(block, self._tail, complete=True)
            self._tail = None
        growing = self._cutter.open
        if growing is not None:
            self._tail = self._shown(growing, self._tail, complete=False)
        self.grew.emit()

    def show_whole(self, text: str) -> None:
        """Show a complete answer, rendered in one piece."""
        self._frame.stop()
        self._waiting, self._tail, self._cutter = "", None, Cutter()
        # Code is the same block by block; only prose is joined to longer runs.
        spare: dict[type[QWidget], deque[Prose | CodeBlock]] = {Prose: deque(), CodeBlock: deque()}
        for view in self._views:
            spare[type(view)].append(view)
        self._views = []
        for at, block in enumerate(merge(cut(text))):
            views = spare[_kind_of(block)]
            view = views.popleft() if views else self._new(block)
            self._layout.insertWidget(at, view)
            self._views.append(view)
            self._fill(view, block, complete=True)
        for view in (*spare[Prose], *spare[CodeBlock]):
            self._discard(view)
        self.grew.emit()

    def restyle(self, tokens: Tokens) -> None:
        """Show the same words in other colours."""
        self._tokens = tokens
        for view in self.views:
            view.restyle(tokens)

    def _shown(
        self, block: Block, view: Prose | CodeBlock | None, *, complete: bool
    ) -> Prose | CodeBlock:
        """Show a block in `view` if that is of its kind, else in a new one in its place."""
        place = len(self._views)
        if view is not None and type(view) is not _kind_of(block):
            place = self._views.index(view)
            self._drop(view)
            view = None
        if view is None:
            view = self._new(block)
            self._layout.insertWidget(place, view)
            self._views.insert(place, view)
        self._fill(view, block, complete=complete)
        return view

    def _fill(self, view: Prose | CodeBlock, block: Block, *, complete: bool) -> None:
        if isinstance(view, CodeBlock):
            view.show_code(block.code, block.language, complete=complete)
        else:
            view.show_markdown(block.source if complete else showable(block))

    def _new(self, block: Block) -> Prose | CodeBlock:
        if block.kind == "code":
            return CodeBlock(self._tokens, self)
        prose = Prose(self._tokens, self)
        prose.link_wanted.connect(self.link_wanted)
        return prose

    def _drop(self, view: Prose | CodeBlock) -> None:
        self._views.remove(view)
        self._discard(view)

    def _discard(self, view: Prose | CodeBlock) -> None:
        self._layout.removeWidget(view)
        view.hide()
        view.deleteLater()


def _kind_of(block: Block) -> type[Prose] | type[CodeBlock]:
    return CodeBlock if block.kind == "code" else Prose
