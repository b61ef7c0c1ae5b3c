"""Headers of model files on disk; each is read once, as long as its file stays as it is."""

from pathlib import Path

from app.domain.gguf import GgufError, GgufHeader, read_header


class Headers:
    """Owns the headers that were read. It reads files: call it in a thread."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], GgufHeader]] = {}

    def of(self, path: Path) -> GgufHeader | None:
        """Return the header of a file, None if it cannot be read."""
        try:
            state = path.stat()
            stamp = (state.st_size, state.st_mtime_ns)
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                with path.open("rb") as file:
                    known = self._known[path] = (stamp, read_header(file, size=state.st_size))
        except (OSError, GgufError):
            return None
        return known[1]
