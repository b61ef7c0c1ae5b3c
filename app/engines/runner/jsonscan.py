"""Finds the end of a JSON object or list that arrives in pieces."""

OPENING = "{["
CLOSING = "}]"


class JsonScanner:
    """Follows one value from its first bracket to the one that closes it."""

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = False
        self._escaped = False

    def end(self, text: str) -> int | None:
        """Read on; return how many characters of `text` still belong to the value once it ends."""
        for place, character in enumerate(text):
            if self._quoted:
                self._in_string(character)
            elif character == '"':
                self._quoted = True
            elif character in OPENING:
                self._depth += 1
            elif character in CLOSING:
                self._depth -= 1
                if self._depth <= 0:
                    return place + 1
        return None

    def _in_string(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == '"':
            self._quoted = False
