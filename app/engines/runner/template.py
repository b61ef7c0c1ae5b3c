"""A model's chat template. It comes with the file, so it is run as hostile code."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from jinja2 import TemplateError

from app.engines.runner.sandbox import MAX_STEPS, Refusal, Sandbox, check_length

CHATML: Final = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content']"
    " + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
# What running a template can raise; anything else would be a mistake of ours.
FAILURES: Final = (
    TemplateError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    MemoryError,
)


class TemplateFailed(Exception):
    """The template could not be turned into a prompt; `refused` when it said so itself."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


@contextmanager
def _failing_clearly() -> Iterator[None]:
    try:
        yield
    except Refusal as error:
        raise TemplateFailed(f"The model's chat template says: {error}", refused=True) from error
    except FAILURES as error:
        raise TemplateFailed(f"The model's chat template failed: {error}") from error


class ChatTemplate:
    """Renders a thread of messages into the text a model was trained on."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        self._sandbox = Sandbox()
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._lock = threading.Lock()  # the sandbox counts one rendering at a time
        with _failing_clearly():
            self._template = self._sandbox.compiled(source or CHATML)

    def render(
        self,
        messages: Sequence[Mapping[str, object]],
        more: Mapping[str, object] | None = None,
    ) -> str:
        """Return the prompt up to where the answer begins.

        Args:
            messages: the thread.
            more: what else the template is told, the tools for example.

        Raises:
            TemplateFailed: the template refused the messages, is broken or costs too much.
        """
        with self._lock, _failing_clearly():
            self._sandbox.steps_left = MAX_STEPS
            parts: list[str] = []
            length = 0
            told: dict[str, object] = {
                "tools": None,
                "documents": None,
                **(more or {}),
                **self._marks,
                "messages": [dict(message) for message in messages],
                "add_generation_prompt": True,
            }
            for part in self._template.generate(told):
                length += len(part)
                check_length(length)
                parts.append(part)
            return "".join(parts)
