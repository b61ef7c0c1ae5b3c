"""The list of architectures is that of the library we ship."""

from pathlib import Path

import llama_cpp

from app.domain.architectures import KNOWN, PARTS, READERS

_FIRST, _LAST = b"\0clip\0llama\0", b"\0(unknown)\0general.type\0"


def test_the_list_is_that_of_the_library() -> None:
    folder = Path(llama_cpp.__file__).parent / "lib"
    (library,) = (each for each in folder.iterdir() if each.stem in {"libllama", "llama"})
    data = library.read_bytes()
    # Names that end others are not written twice, so some are only found at the end of those.
    begin = data.index(_FIRST)
    listed = {name.decode() for name in data[begin : data.index(_LAST, begin)].split(b"\0") if name}
    assert listed <= KNOWN | PARTS
    assert [name for name in KNOWN | PARTS if f"{name}\0".encode() not in data] == []


def test_readers_are_known_and_parts_are_no_models() -> None:
    assert READERS <= KNOWN
    assert not PARTS & KNOWN
