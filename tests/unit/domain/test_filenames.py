"""Names from elsewhere: whatever they say, the file stays in its folder."""

import string
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import NameRefused
from app.domain.filenames import NAME_BYTES, flat_name, safe_name, same_name

HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ["..", ".", "/", "\\", "CON", "nul", "aux", "COM1", "lpt¹", ":", "\0", " "]
        ),
        st.text(string.printable, max_size=3),
        st.text(max_size=5),
        st.just("ä" * 150),
    ),
    max_size=8,
).map("".join)


@given(HOSTILE)
@example("../../etc/passwd")
@example("C:\\Windows\\system32")
@example("con.gguf")
@example("a" * 300 + ".gguf")
@example("\ud800")
@example("NUL .txt")
def test_a_name_stays_inside_its_folder_or_is_refused(name: str) -> None:
    try:
        safe = safe_name(name)
    except NameRefused:
        return
    folder = Path("/models")
    assert (folder / safe).parent == folder
    assert (folder / safe).name == safe
    assert PureWindowsPath(safe).parts == (safe,)
    assert safe not in {".", ".."}
    assert not set(safe) & set('\0/\\:*?"<>|')
    assert len(safe.encode()) <= NAME_BYTES
    assert safe == safe.rstrip(" .")
    assert safe.split(".")[0].strip().lower() not in {"con", "nul", "aux", "prn", "com1", "lpt1"}
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("model.gguf", "model.gguf"),
        ("Q4/model-00001-of-00003.gguf", "model-00001-of-00003.gguf"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("CON.gguf", "_CON.gguf"),
        ("nul", "_nul"),
        ("console.gguf", "console.gguf"),
        ("trailing. . .", "trailing"),
        ("田中 Ж.gguf", "田中 Ж.gguf"),
        ("A\u030a.gguf", "Å.gguf"),
        ("a:b?.gguf", "a_b_.gguf"),
    ],
)
def test_what_becomes_of_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", ".", "..", "a/..", "/", "folder/", "   ", "..."])
def test_no_name_is_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        safe_name(name)


def test_a_long_name_keeps_its_ending() -> None:
    safe = safe_name("模" * 200 + ".gguf")
    assert safe.endswith("模.gguf")
    assert len(safe.encode()) <= NAME_BYTES


def test_names_that_meet_on_some_systems_are_the_same() -> None:
    assert same_name("Model.GGUF", "model.gguf")
    assert not same_name("model-1.gguf", "model-2.gguf")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("model.gguf", "model.gguf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x.gguf", "C__x.gguf"),
        ("con.gguf", "_con.gguf"),
        ("LPT1", "_LPT1"),
        ("console.gguf", "console.gguf"),
        (" . ", "_"),
        ("a\0b\n.gguf", "a_b_.gguf"),
        ("ü" * 300 + ".gguf", "ü" * 97 + ".gguf"),
    ],
)
def test_a_whole_text_becomes_one_file_name(name: str, safe: str) -> None:
    assert flat_name(name) == safe


@given(st.text(max_size=400))
def test_no_flat_name_leaves_its_folder(name: str) -> None:
    safe = flat_name(name)
    assert len(safe.encode()) <= 200
    assert safe not in {"", ".", ".."}
    assert PurePosixPath(safe).name == PureWindowsPath(safe).name == safe
