"""Filling in the middle: the prompt for the text between a beginning and an end."""

from app.engines.runner.failures import Refused
from app.engines.runner.model import Model


def fill_in(model: Model, before: list[int], after: str) -> list[int]:
    """Return the prompt whose answer belongs between `before` and `after`.

    Raises:
        Refused: the model has no tokens for that.
    """
    marks = model.fill_in_marks
    if marks is None:
        message = "suffix: this model's vocabulary has no tokens for filling in the middle."
        raise Refused(400, "not_supported", message)
    prefix, suffix, middle = marks
    end = model.tokenize(after, add_special=False, parse_special=False)
    start = [model.bos] if model.adds_bos else []
    if before[: len(start)] == start:
        before = before[len(start) :]
    return [*start, prefix, *before, suffix, *end, middle]
