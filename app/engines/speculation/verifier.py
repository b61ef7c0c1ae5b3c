"""Which of the drafted tokens stand: the longest prefix the model itself would have chosen."""

from collections.abc import Callable, Sequence


def verify(
    drafted: Sequence[int], choose: Callable[[int], int], keep: Callable[[int], bool]
) -> int:
    """Sample the model at every drafted position and return how many drafted tokens it agrees to.

    Every token that is kept was chosen by the model, so the text is what it would be without
    a draft; the draft only decides how many positions one evaluation covers.

    Args:
        drafted: the candidate tokens, in order.
        choose: samples the model's token at a row; rows are asked in order, each at most once.
        keep: takes a chosen token into the answer; False means that the answer ended with it.
    """
    for row, candidate in enumerate(drafted):
        token = choose(row)
        going_on = keep(token)
        if token != candidate:
            return row
        if not going_on:
            return row + 1
    keep(choose(len(drafted)))
    return len(drafted)
