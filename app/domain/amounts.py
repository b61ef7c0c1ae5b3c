"""Amounts as people say them."""


def in_words(count: float) -> str:
    """Return a number of bytes in words, the same everywhere: a GB is 2^30 of them."""
    if count >= 1 << 30:
        return f"{count / (1 << 30):.1f} GB"
    unit, name = (1 << 20, "MB") if count >= 1 << 20 else (1 << 10, "kB")
    return f"{-int(-count // unit)} {name}"
