"""What a repository and the headers of its models tell, as lines."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.amounts import count_in_words
from app.domain.hub import HubModel
from app.models.hub.prospects import Prospect, Repository
from app.ui.models.find_words import context_words, gate_words
from app.ui.said import said


def about_lines(found: Repository) -> Iterator[str]:
    """Yield what is said above the sizes: the repository, then each model in it once."""
    yield " · ".join(_repository(found.model))
    seen = {each.looked_at: each for each in found.prospects if each.profile}
    for label, each in seen.items():
        facts = " · ".join(_profile(each))
        yield facts if len(seen) == 1 else f"{label.rpartition('/')[2]}: {facts}"
        if each.drafts_for:
            words = QCoreApplication.translate("Find", "It can write ahead for %1.")
            yield words.replace("%1", ", ".join(each.drafts_for))
    yield from dict.fromkeys(said(each.problem) for each in found.prospects if each.problem)


def _repository(model: HubModel) -> Iterator[str]:
    translate = QCoreApplication.translate
    yield translate("Find", "%1 downloads").replace("%1", count_in_words(model.downloads))
    yield translate("Find", "%1 likes").replace("%1", count_in_words(model.likes))
    if model.updated:
        yield translate("Find", "changed %1").replace("%1", model.updated[:10])
    yield model.licence or translate("Find", "licence not stated")
    if model.gated:
        yield gate_words(model)


def _profile(prospect: Prospect) -> Iterator[str]:
    translate, told = QCoreApplication.translate, prospect.profile
    if told is None:
        return
    yield told.architecture
    count = count_in_words(told.parameters)
    yield translate("Find", "%1 parameters").replace("%1", count)
    yield translate("Find", "memory: %1").replace("%1", _memory(told.memory))
    if told.context > 0:
        yield translate("Find", "made for %1 of context").replace("%1", context_words(told.context))
    words = QLocale().toString(told.vocabulary)
    yield translate("Find", "vocabulary of %1").replace("%1", words)
    yield (
        translate("Find", "knows how to chat")
        if told.has_template
        else translate("Find", "no chat template")
    )


def _memory(kind: str) -> str:
    """Return how a model keeps what it has read."""
    translate = QCoreApplication.translate
    return {
        "attention": translate("Find", "attention"),
        "sliding window": translate("Find", "sliding window"),
        "hybrid": translate("Find", "hybrid"),
        "recurrent": translate("Find", "recurrent"),
    }.get(kind, kind)
