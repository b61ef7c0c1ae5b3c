"""From a request to an order: the prompt's tokens, the grammar, and what to tell apart."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.chatting import ChatBody, ChosenTool, Plain, Tool
from app.engines.runner.constraint import FREE, Rules
from app.engines.runner.failures import Refused
from app.engines.runner.fim import fill_in
from app.engines.runner.generation import Order, Speech
from app.engines.runner.grammar.calls import CallGrammars, ToolShape
from app.engines.runner.grammar.native import Grammar
from app.engines.runner.grammar.schema import schema_grammar
from app.engines.runner.model import Model
from app.engines.runner.prompt import LONGEST_TAG, Prompt, PromptBuilder
from app.engines.runner.protocol import AnswerBody, CompletionBody
from app.engines.runner.reasoning import Tags, Thinking, left_open, tags_of
from app.engines.runner.sampling import Bias
from app.engines.runner.splitter import PLAIN, Outline
from app.engines.runner.template import ChatTemplate, TemplateFailed
from app.engines.runner.toolcalls import HERMES, CallStyle, style_of
from app.engines.runner.toolprompt import explained, spelled_out

NAME_ENDS: Final = ("[CALL_ID]", "[ARGS]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request understood: the order, and how this model speaks in its answers."""

    order: Order
    speech: Speech


class Intake:
    """Understands requests to one model."""

    def __init__(self, model: Model, window: int) -> None:
        self._model = model
        self._window = window
        self._prompts: PromptBuilder | None = None
        self._tags = tags_of(model.template)
        self._style = style_of(model.template)

    def chat(self, body: ChatBody) -> Asked:
        """Understand a request for an answer in a chat.

        Raises:
            Refused: it cannot be answered; the message says why.
        """
        style = (self._style or HERMES) if body.offered() else None
        if style is None and body.tool_choice not in ("none", "auto"):
            raise Refused(400, "invalid_request", "tool_choice: there is no such tool")
        prompt = self._chat_prompt(body)
        begun = left_open(prompt.ending, self._tags)
        budget = body.reasoning_budget
        thinking = Thinking(self._tags, begun, None if budget in (None, -1) else budget)
        outline = Outline(
            thinking,
            style,
            schemas={tool.function.name: tool.function.parameters for tool in body.tools},
            parallel=body.parallel_tool_calls,
        )
        shown = self._shown(self._tags, style)
        rules = self._tool_rules(body, style, shown) if style else self._rules(body, shown)
        return self._asked(body, prompt.tokens, rules, outline, shown)

    def completion(self, body: CompletionBody) -> Asked:
        """Understand a request to continue a text.

        Raises:
            Refused: it cannot be answered; the message says why.
        """
        tokens = tokens_of(self._model, body.prompt, parse_special=body.suffix is None)
        if body.suffix is not None:
            tokens = fill_in(self._model, tokens, body.suffix)
        return self._asked(body, tokens, self._rules(body, frozenset()), PLAIN, frozenset())

    def _asked(
        self,
        body: AnswerBody,
        tokens: list[int],
        rules: Rules,
        outline: Outline,
        shown: frozenset[int],
    ) -> Asked:
        model = self._model
        if body.prompt_logprobs is not None and body.stream:
            raise Refused(400, "not_supported", "prompt_logprobs: cannot be streamed")
        check_window(len(tokens), self._window - 1, shown=self._window)
        closing: list[int] = []
        if outline.thinking is not None:
            closing = _control(model, outline.thinking.tags.close)
        order = Order(
            prompt=tuple(tokens),
            sampling=body.sampling(self._window - len(tokens)),
            bias=self._bias(body),
            rules=rules,
            outline=outline,
            closing=tuple(closing),
            logprobs=body.scored,
            top_logprobs=body.alternatives,
            progress=body.return_progress and body.stream,
            prompt_logprobs=body.prompt_logprobs,
        )

        def spelled(token: int) -> bytes:
            return model.piece(token, special=True)

        def piece(token: int) -> bytes:
            return model.piece(token, special=token in shown)

        return Asked(order, Speech(piece if shown else model.piece, spelled, model.ends))

    def _chat_prompt(self, body: ChatBody) -> Prompt:
        thread, begun = body.thread()
        messages: Sequence[Plain] = thread
        tools = [tool.plain() for tool in body.offered()]
        if self._style is None:
            messages = explained(messages, tools) if tools else spelled_out(messages)
            tools = []
        try:
            if self._prompts is None:
                model = self._model
                template = ChatTemplate(model.template, bos=model.bos_text, eos=model.eos_text)
                self._prompts = PromptBuilder(model, template, lambda: secrets.randbits(60))
            prompt = self._prompts.build(messages, tools, body.template_fields())
        except TemplateFailed as failure:
            if failure.refused:
                raise Refused(400, "template_refused", str(failure)) from failure
            raise Refused(500, "template_failed", str(failure)) from failure
        if not begun:
            return prompt
        more = self._model.tokenize(begun, add_special=False, parse_special=False)
        return Prompt([*prompt.tokens, *more], begun[-LONGEST_TAG:])

    def _rules(self, body: AnswerBody, shown: frozenset[int]) -> Rules:
        schema, text = body.wished_schema(), body.grammar
        if schema is not None:
            text = schema_grammar(schema)
        if text is None:
            return FREE
        whole = Grammar.of(self._model, text)
        return Rules(whole=whole, hidden=self._hidden(shown), tokens=self._spelling)

    def _tool_rules(self, body: ChatBody, style: CallStyle, shown: frozenset[int]) -> Rules:
        if body.wished_schema() is not None or body.grammar is not None:
            message = "A form for the answer beside tools is not supported; use tool_choice 'none'."
            raise Refused(400, "not_supported", message)
        tools = [_shape(tool) for tool in body.offered()]
        grammars = CallGrammars(style, tools, parallel=body.parallel_tool_calls)
        must = body.tool_choice == "required" or isinstance(body.tool_choice, ChosenTool)
        text = grammars.whole_answer() if must else grammars.after_mark()
        grammar = Grammar.of(self._model, text)
        return Rules(
            whole=grammar if must else None,
            call=None if must else grammar,
            hidden=self._hidden(shown),
            tokens=self._spelling,
        )

    def _shown(self, tags: Tags, style: CallStyle | None) -> frozenset[int]:
        """The control tokens whose text tells thoughts and calls from words."""
        marks = [tags.open, tags.close]
        if style is not None:
            marks += [*style.marks, style.close, *NAME_ENDS]
        tokens = [token for mark in marks if mark for token in _control(self._model, mark)]
        return frozenset(token for token in tokens if self._model.hidden[token])

    def _hidden(self, shown: frozenset[int]) -> NDArray[np.bool_]:
        hidden = self._model.hidden.copy()
        hidden[list(shown)] = False
        return hidden

    def _spelling(self, text: str) -> list[int]:
        """Tokens that spell a text exactly; some vocabularies put a space before any text."""
        wanted = text.encode()
        for lead in ("", "\n"):
            tokens = self._model.tokenize(lead + text, add_special=False, parse_special=True)
            while tokens and b"".join(self._spelled(tokens)) != wanted:
                tokens = tokens[1:]
            if tokens:
                return tokens
        return []

    def _spelled(self, tokens: Sequence[int]) -> list[bytes]:
        return [self._model.piece(token, special=True) for token in tokens]

    def _bias(self, body: AnswerBody) -> Bias:
        given = body.logit_bias or []
        pairs = given.items() if isinstance(given, dict) else given
        found: list[tuple[int, float]] = []
        for key, value in pairs:
            numbered = isinstance(key, int) or key.lstrip("-").isdigit()
            tokens = (
                [int(key)]
                if numbered
                else self._model.tokenize(str(key), add_special=False, parse_special=True)
            )
            if any(not 0 <= token < self._model.n_vocab for token in tokens):
                raise Refused(400, "invalid_request", f"logit_bias: there is no token {key}")
            change = float("-inf") if value is False else float(value)
            found += [(token, change) for token in tokens]
        return tuple(found)


def _control(model: Model, text: str) -> list[int]:
    return model.tokenize(text, add_special=False, parse_special=True)


def _shape(tool: Tool) -> ToolShape:
    function = tool.function
    return ToolShape(function.name, function.parameters, bool(function.strict))


def check_window(count: int, most: int, *, shown: int | None = None) -> None:
    """Make sure that a text fits.

    Raises:
        Refused: it is too long, or empty.
    """
    window = most if shown is None else shown
    if count > most:
        message = f"The text has {count} tokens; this model's window holds {window}."
        fields = {"n_prompt_tokens": count, "n_ctx": window}
        raise Refused(400, "exceed_context_size", message, **fields)
    if count == 0:
        raise Refused(400, "invalid_request", "The text is empty.")


def tokens_of(model: Model, text: str | list[int], *, parse_special: bool) -> list[int]:
    """Return the tokens of a text, which may be given as such.

    Raises:
        Refused: one of them is not in the vocabulary.
    """
    if isinstance(text, str):
        return model.tokenize(text, add_special=True, parse_special=parse_special)
    if any(token >= model.n_vocab for token in text):
        message = f"A token id is not in the vocabulary of {model.n_vocab}."
        raise Refused(400, "invalid_request", message)
    return text
