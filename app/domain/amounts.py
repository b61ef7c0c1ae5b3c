"""Amounts as people say them."""


def in_words(count: float) -> str:
    """Return a number of bytes in words, the same everywhere: a GB is 2^30 of them."""
    if count >= 1 << 30:
        return f"{count / (1 << 30):.1f} GB"
    unit, name = (1 << 20, "MB") if count >= 1 << 20 else (1 << 10, "kB")
    return f"{-int(-count // unit)} {name}"


def time_in_words(seconds: float) -> str:
    """Return a time in words, no finer than anybody needs."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def count_in_words(count: int) -> str:
    """Return a count as people say it: 950, 1.2k, 8.0B."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if count >= size:
            return f"{count / size:.1f}{letter}"
    return str(count)
