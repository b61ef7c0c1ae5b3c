"""Amounts as people say them."""

from app.domain.amounts import count_in_words, in_words, time_in_words

GB = 1 << 30


def test_bytes_are_said_in_the_unit_that_fits_and_never_as_less_than_they_are() -> None:
    sizes = (0, 1, 999, 1500, 5 << 20, (5 << 20) + 1, 3 * GB // 2)
    assert [in_words(size) for size in sizes] == [
        *("0 kB", "1 kB", "1 kB", "2 kB", "5 MB", "6 MB", "1.5 GB")
    ]


def test_times_are_no_finer_than_anybody_needs() -> None:
    told = [time_in_words(seconds) for seconds in (5, 61, 3600, 9000)]
    assert told == ["5 s", "1 min", "60 min", "2 h 30 min"]


def test_counts_are_said_with_a_letter() -> None:
    counts = (0, 950, 1200, 3_400_000, 8 * 10**9)
    assert [count_in_words(count) for count in counts] == ["0", "950", "1.2k", "3.4M", "8.0B"]
