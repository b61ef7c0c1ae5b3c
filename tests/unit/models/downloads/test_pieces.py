"""The table of pieces: true after any crash, and never believed blindly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.downloads.pieces import PIECE, Pieces, checksum_of

SIZE = 3 * PIECE + 100


def test_what_was_noted_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "table"
    pieces = Pieces.create(path, SIZE, '"mark"')
    pieces.note(0, PIECE, 7)
    pieces.note(2, 500, 8)
    again = Pieces.load(path)  # the first was never closed: a kill closes nothing
    assert again is not None
    assert (again.size, again.mark, again.done) == (SIZE, '"mark"', PIECE + 500)
    assert list(again.gaps()) == [(PIECE, 2 * PIECE), (2 * PIECE + 500, SIZE)]
    assert (again.is_whole(0), again.is_whole(2), again.length(3)) == (True, False, 100)
    pieces.close()
    again.close()


def test_what_is_no_table_of_ours_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "table"
    assert Pieces.load(path) is None
    Pieces.create(path, SIZE, "x").close()
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1], b"X" + whole[1:], whole + b"more"):
        path.write_bytes(damaged)
        assert Pieces.load(path) is None


@given(data=st.binary(max_size=600))
def test_bytes_of_any_kind_are_no_crash(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-table"
    path.write_bytes(data)
    assert Pieces.load(path) is None


def test_only_what_was_sealed_is_believed_unseen(tmp_path: Path) -> None:
    data = bytes(range(256)) * (SIZE // 256 + 1)
    pieces = Pieces.create(tmp_path / "table", SIZE, "")
    for piece in range(3):
        pieces.note(piece, PIECE, checksum_of(data[piece * PIECE : (piece + 1) * PIECE]))
    pieces.seal([0])
    assert pieces.unsealed() == [1, 2]
    lost = bytearray(data)
    lost[0] ^= 1  # sealed: not looked at
    lost[2 * PIECE] ^= 1  # a power cut took it back

    def read(length: int, offset: int) -> bytes:
        return bytes(lost[offset : offset + length])

    assert pieces.distrust(read) == [2]
    assert pieces.distrust(read, [0, 1]) == [0]
    assert list(pieces.gaps()) == [(0, PIECE), (2 * PIECE, SIZE)]
    pieces.close()


def test_a_piece_that_ends_too_early_is_not_believed(tmp_path: Path) -> None:
    pieces = Pieces.create(tmp_path / "table", SIZE, "")
    pieces.note(0, 500, checksum_of(b"short"))
    assert pieces.distrust(lambda length, offset: b"short"[offset:length]) == [0]
    pieces.close()


def test_checksums_grow_with_their_bytes() -> None:
    assert checksum_of(b"more", checksum_of(b"some and ")) == checksum_of(b"some and more")


def test_a_piece_that_is_not_whole_is_never_sealed(tmp_path: Path) -> None:
    pieces = Pieces.create(tmp_path / "table", SIZE, "")
    pieces.note(1, 10, 9)
    pieces.seal([1])
    assert pieces.unsealed() == [1]
    pieces.close()


def test_a_long_mark_is_cut_and_kept(tmp_path: Path) -> None:
    Pieces.create(tmp_path / "table", SIZE, "ä" * 999).close()
    again = Pieces.load(tmp_path / "table")
    assert again is not None
    assert again.mark.startswith("ääää")
    again.close()
