"""How the parts of a chance become one: in log-odds, with weights that grow with the evidence.

Weights go by counts alone. Fitted ones were worse on a public trace: heads that have not seen an
answer have learned from less, so they seem to know less than those that are asked; and models whose
parts are trusted differently differ by that, not by their answers.
"""

from typing import Final

# Words count for n / (n + this) against the table; chosen on one half of that trace.
HALF: Final = 100


def fused(table: float, words: float, count: float) -> float:
    """Return the log-odds of both parts together.

    Args:
        table: log-odds from the skill table.
        words: log-odds from the heads.
        count: how many judged answers the heads learned from.
    """
    return table + count / (count + HALF) * (words - table)
