"""Why an answer is as it is: what was tried, how sure, how long, what was expected of others."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from app.domain.chat import Receipt
from app.domain.routing import AttemptRecord
from app.ui.chat.figures import duration, percent


def why_lines(receipt: Receipt) -> list[str]:
    """Return the whole story of an answer, line by line."""
    return [
        _line("%1", receipt.reason),
        sureness(receipt),
        *_memories(receipt),
        *_attempts(receipt.attempts),
        *_times(receipt),
        *_drafts(receipt.attempts),
        *_others(receipt),
    ]


def sureness(receipt: Receipt) -> str:
    """Return how sure the gate is, and whether that keeps a promise."""
    translate = QCoreApplication.translate
    doubt = translate("Why", "the best of all answers, but doubtful")
    if receipt.confidence is None:
        words = translate("Why", "not judged")
    else:
        promise = (
            translate("Why", "the promise holds")
            if receipt.promised
            else translate("Why", "no promise yet")
        )
        sure = translate("Why", "%1 likely right").replace("%1", percent(receipt.confidence))
        words = f"{sure}, {promise}"
    return f"{words}; {doubt}" if receipt.decision == "abstain" else words


def _memories(receipt: Receipt) -> Iterator[str]:
    if receipt.obeyed:
        yield receipt.obeyed
    if receipt.memories and receipt.recall:
        words = QCoreApplication.translate("Why", "Recalled by words only: %1")
        yield _line(words, receipt.recall)


def _attempts(attempts: tuple[AttemptRecord, ...]) -> Iterator[str]:
    if len(attempts) < 2:
        return
    for at, each in enumerate(attempts, start=1):
        parts = [f"{at}. {each.tier} {each.role}", duration(sum(each.split.model_dump().values()))]
        if each.probability is not None:
            parts.append(
                QCoreApplication.translate("Why", "%1 likely right").replace(
                    "%1", percent(each.probability)
                )
            )
        if each.cause not in {"", "passed"}:
            parts.append(each.detail or each.cause)
        yield ", ".join(parts)


def _times(receipt: Receipt) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for each in receipt.attempts:
        sums.update(each.split.model_dump())
    translate = QCoreApplication.translate
    names = {
        "waited": translate("Why", "waiting"),
        "loaded": translate("Why", "loading"),
        "read": translate("Why", "reading"),
        "written": translate("Why", "writing"),
        "judged": translate("Why", "judging"),
    }
    said = [f"{words} {duration(sums[name])}" for name, words in names.items() if sums[name] >= 1]
    if said:
        yield _line(translate("Why", "Time: %1"), ", ".join(said))


def _drafts(attempts: tuple[AttemptRecord, ...]) -> Iterator[str]:
    drafted = sum(each.drafted for each in attempts)
    stood = sum(each.draft_accepted for each in attempts)
    if drafted:
        words = QCoreApplication.translate("Why", "Tokens: %1 drafted, %2 of them stood")
        yield words.replace("%1", str(drafted)).replace("%2", str(stood))


def _others(receipt: Receipt) -> Iterator[str]:
    said = []
    for role, chance in receipt.chances.items():
        seconds = receipt.seconds.get(role)
        time = f", {duration(seconds * 1000)}" if seconds is not None else ""
        said.append(f"{role} {percent(chance)}{time}")
    if said:
        yield _line(QCoreApplication.translate("Why", "Expected before: %1"), "; ".join(said))


def _line(words: str, inside: str) -> str:
    return words.replace("%1", inside)
