"""Names of strangers: they stay on their line, and they stay in their folder."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import flat_file_name, printable


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
def test_names_become_plain_file_names(name: str, safe: str) -> None:
    assert flat_file_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = flat_file_name(name)
    assert len(safe.encode()) <= 200
    assert safe not in {"", ".", ".."}
    assert PurePosixPath(safe).name == PureWindowsPath(safe).name == safe


@given(st.text(max_size=400))
def test_what_is_shown_stays_on_its_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) <= 120


def test_a_long_name_keeps_both_ends() -> None:
    shown = printable("a" * 200 + "-Q4_K_M.gguf")
    assert shown.startswith("aaa")
    assert shown.endswith("-Q4_K_M.gguf")
