"""The library's grammar sampler: which tokens may come next, one accepted token after the other."""

import ctypes
import weakref
from types import ModuleType
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.grammar.gbnf import check, refused

CANDIDATE: Final = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
Tokens = NDArray[np.int32]


class Vocabulary(Protocol):
    """What a grammar needs of a model."""

    native: ModuleType
    vocabulary: object


class Grammar:
    """A grammar and how far one answer has come in it; cloned for every answer.

    Tokens are accepted one by one, in the order in which they were chosen: a draft that is not
    kept never reaches the grammar, so nothing has to be taken back.
    """

    def __init__(self, vocabulary: Vocabulary, handle: object) -> None:
        self._vocabulary = vocabulary
        self._native = vocabulary.native
        self._handle = handle
        weakref.finalize(self, self._native.llama_sampler_free, handle).atexit = False

    @classmethod
    def of(cls, vocabulary: Vocabulary, text: str) -> "Grammar":
        """Return the grammar at its beginning.

        Raises:
            Refused: the text is no grammar the library can follow.
        """
        check(text)
        handle = vocabulary.native.llama_sampler_init_grammar(
            vocabulary.vocabulary, text.encode(), b"root"
        )
        if not handle:
            raise refused("the engine cannot follow it")
        return cls(vocabulary, handle)

    def clone(self) -> "Grammar":
        """Return a copy that goes its own way from here."""
        return Grammar(self._vocabulary, self._native.llama_sampler_clone(self._handle))

    def allows(self, tokens: Tokens) -> NDArray[np.bool_]:
        """Tell for each token whether it may come next; the end of the answer is a token too."""
        candidates = np.zeros(tokens.size, CANDIDATE)
        candidates["id"] = tokens
        array = self._native.llama_token_data_array(
            ctypes.cast(candidates.ctypes.data, ctypes.POINTER(self._native.llama_token_data)),
            candidates.size,
            -1,
            False,
        )
        self._native.llama_sampler_apply(self._handle, ctypes.byref(array))
        return np.asarray(candidates["logit"] == 0.0)

    def accept(self, token: int) -> bool:
        """Go on by a token; False (and nothing happens) when it may not come next."""
        # The library ends the process on a token its grammar does not allow.
        if not self.allows(np.array([token], np.int32))[0]:
            return False
        self._native.llama_sampler_accept(self._handle, token)
        return True
