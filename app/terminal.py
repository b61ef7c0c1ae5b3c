"""How answers look in a terminal: words on standard output, everything else on standard error."""

import asyncio
import contextlib
import json
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import Any

from app.domain.chat import Receipt
from app.domain.errors import AppError, RequestInvalid
from app.domain.events import NoticeRaised
from app.orchestration.explain import explained

OK, FAILED, INTERRUPTED = 0, 1, 130

Message = dict[str, Any]
Channel = Callable[[Message], AsyncGenerator[Message, None]]

_STAGES = {
    "queued": "waiting for its turn",
    "loading": "loading the model",
    "reading": "reading the prompt",
    "writing": "writing",
    "judging": "checking the answer",
    "retrying": "retrying",
}
# Of use to a window alone.
_INTERNAL = frozenset({"kind", "turn_id", "timings", "message_id"})
_CLEAR_LINE = "\r\x1b[K"


def say(text: str) -> None:
    """Tell the person at the terminal something that is not an answer."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def notice(event: NoticeRaised) -> None:
    """Tell the person at the terminal what belongs to no answer."""
    _report(event.message, event.remedy)


def report(error: AppError) -> int:
    """Say what went wrong and what can be done; return the exit code for it."""
    return _report(error.message, error.remedy)


def _report(message: str, remedy: str) -> int:
    say(message)
    if remedy:
        say(remedy)
    return FAILED


class AnswerPrinter:
    """Prints one answer as it comes. A stage line is shown only to a person at a terminal."""

    def __init__(self, *, why: bool = False) -> None:
        self._why = why
        self._stage_shown = False
        self._mid_line = False

    def take(self, message: Message) -> int | None:
        """Show one message of the answer; return the exit code once it has ended."""
        match message["kind"]:
            case "text":
                self._clear_stage()
                self._write(message["text"])
            case "stage":
                self._show_stage(message["stage"], message["fraction"])
            case "version":
                self._end(OK)
                say(f"-- {message['reason']}; {message['role']} answers instead --")
            case "finished":
                self._end(OK)
                if self._why:
                    say("\n".join(explained(Receipt.model_validate(message["receipt"]))))
                return OK
            case "cancelled":
                return self._end(INTERRUPTED)
            case "failed":
                self._end(FAILED)
                return _report(message["message"], message["remedy"])
        return None

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
        self._mid_line = not text.endswith("\n")

    def _show_stage(self, stage: str, fraction: float | None) -> None:
        if self._mid_line or not sys.stderr.isatty() or stage not in _STAGES:
            return
        percent = f" {fraction:.0%}" if fraction is not None else ""
        sys.stderr.write(f"{_CLEAR_LINE}{_STAGES[stage]}{percent}")
        sys.stderr.flush()
        self._stage_shown = True

    def _clear_stage(self) -> None:
        if self._stage_shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
            self._stage_shown = False

    def _end(self, code: int) -> int:
        self._clear_stage()
        if self._mid_line:
            self._write("\n")
        return code


class JsonPrinter:
    """Prints one answer, with its receipt, as one JSON object on one line."""

    def take(self, message: Message) -> int | None:
        """Note one message of the answer; print and return the exit code once it has ended."""
        if message["kind"] not in {"finished", "cancelled", "failed"}:
            return None
        told = {name: value for name, value in message.items() if name not in _INTERNAL}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return {"finished": OK, "cancelled": INTERRUPTED}.get(message["kind"], FAILED)


async def print_answer(
    channel: Channel, question: Message, printer: AnswerPrinter | JsonPrinter | None = None
) -> tuple[int, str]:
    """Ask and print the answer; return the exit code and the conversation it was kept in."""
    printer = printer or AnswerPrinter()
    conversation_id = ""
    async with aclosing(channel(question)) as messages:
        async for message in messages:
            conversation_id = message.get("conversation_id", conversation_id)
            code = printer.take(message)
            if code is not None:
                return code, conversation_id
    return _report("Echelon ended before the answer was complete.", "Ask again."), conversation_id


class _Lines:
    """Lines from standard input; a daemon thread reads, so that leaving never waits for Enter."""

    def __init__(self, prompt: str) -> None:
        self._prompt = prompt
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = threading.Semaphore(0)
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    async def next(self) -> str | None:
        """Return the next line, or None at the end of the input."""
        if sys.stdin.isatty():
            sys.stderr.write(self._prompt)
            sys.stderr.flush()
        self._wanted.release()
        return await self._lines.get()

    def _read(self) -> None:
        while self._wanted.acquire():
            line = sys.stdin.readline()
            with contextlib.suppress(RuntimeError):  # the loop is gone: we are leaving
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line or None)
            if not line:
                return


async def print_report(
    channel: Channel, request: Message, lines: Callable[[Message], Iterable[str]] | None = None
) -> int:
    """Ask for a report and print it, as JSON where `lines` does not put it into words."""
    async with aclosing(channel(request)) as messages:
        async for message in messages:
            if message["kind"] == "failed":
                return _report(message["message"], message["remedy"])
            answer = message["answer"]
            told = lines(answer) if lines else [json.dumps(answer, ensure_ascii=False)]
            sys.stdout.write("".join(f"{line}\n" for line in told))
            sys.stdout.flush()
    return OK


async def asked(channel: Channel, request: Message) -> Message:
    """Return the one answer to a request.

    Raises:
        AppError: the core refused it, or ended before it answered.
    """
    async with aclosing(channel(request)) as messages:
        async for message in messages:
            if message["kind"] == "failed":
                raise RequestInvalid(message["message"], remedy=message["remedy"])
            answer: Message = message["answer"]
            return answer
    raise RequestInvalid("Echelon ended before it had told all.", remedy="Try again.")


async def converse(channel: Channel, wishes: Message) -> int:
    """Chat until the input ends; the conversation is kept like any other.

    `wishes` go with every question: who answers, and whether memory counts.
    """
    say("Type a message and press Enter. Ctrl+D leaves.")
    lines = _Lines("> ")
    conversation_id = ""
    code = OK
    while (line := await lines.next()) is not None:
        if not line.strip():
            continue
        question: Message = {"op": "ask", "text": line.rstrip("\n"), "keep": True, **wishes}
        question["conversation_id"] = conversation_id
        code, kept_in = await _stoppable(print_answer(channel, question))
        conversation_id = kept_in or conversation_id
    return code


async def _stoppable(answer: Coroutine[Any, Any, tuple[int, str]]) -> tuple[int, str]:
    """Let Ctrl+C stop the answer and not the chat."""
    task = asyncio.ensure_future(answer)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on loops
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        if not task.cancelled():
            raise
        say("\nStopped.")
        return INTERRUPTED, ""
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGINT)
