"""Which grammar an answer has to follow right now, if any."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.grammar.native import Grammar, Tokens


@dataclass(frozen=True, slots=True)
class Rules:
    """The grammars of a request; every answer to it works with copies.

    `whole` is for all of the answer behind its thoughts, `call` for each call of a tool behind
    its mark. `hidden` tokens have no text and so no place in any grammar; `tokens` finds tokens
    that spell a text exactly, or none.
    """

    whole: Grammar | None = None
    call: Grammar | None = None
    hidden: NDArray[np.bool_] | None = None
    tokens: Callable[[str], list[int]] = lambda _: []


FREE: Final = Rules()


class Constraint:
    """Follows an answer token by token; listens to where its thoughts and calls begin and end."""

    def __init__(self, rules: Rules, *, thinking: bool) -> None:
        self._rules = rules
        self._waiting = rules.whole.clone() if rules.whole and thinking else None
        self._grammar = rules.whole.clone() if rules.whole and not thinking else None

    @property
    def active(self) -> bool:
        """Whether not every token may come next."""
        return self._grammar is not None

    def allows(self, tokens: Tokens) -> NDArray[np.bool_]:
        """Tell for each token whether it may come next."""
        if self._grammar is None:
            return np.ones(tokens.size, np.bool_)
        allowed = self._grammar.allows(tokens)
        return allowed if self._rules.hidden is None else allowed & ~self._rules.hidden[tokens]

    def accept(self, token: int) -> None:
        """Go on by a token that was chosen."""
        if self._grammar is not None and not self._grammar.accept(token):
            self._grammar = None

    def thinking_ended(self, rest: str) -> None:
        """From here on the whole answer has to follow its grammar."""
        if self._waiting is not None:
            self._grammar, self._waiting = self._after(self._waiting, rest), None

    def call_began(self, rest: str) -> bool:
        """A call has to follow its grammar; False where what is there already does not."""
        if self._grammar is None and self._rules.call is not None:
            self._grammar = self._after(self._rules.call.clone(), rest)
        return self._grammar is not None

    def call_ended(self) -> None:
        """Words may follow freely, where calls are a choice."""
        if self._rules.whole is None:
            self._grammar = None

    def _after(self, grammar: Grammar, text: str) -> Grammar | None:
        """Return the grammar behind a text, or None if the text does not follow it."""
        tokens = self._rules.tokens(text) if text else []
        if text and not tokens:
            return None
        return grammar if all(grammar.accept(token) for token in tokens) else None
