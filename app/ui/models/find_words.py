"""What the hub tells of models, in the words of the window."""

from html import escape

from PySide6.QtCore import QCoreApplication

from app.domain.amounts import count_in_words, in_words
from app.domain.hub import HubModel, Outcome, Sort, Verdict
from app.models.hub.prospects import Prospect
from app.models.hub.verdict import CONTEXT
from app.ui.said import said
from app.ui.theme import Tokens
from app.ui.tiers.words import speed_words

DOT = "●"


def tip(text: str) -> str:
    """Return a tooltip that shows a stranger's text as text, broken into lines that fit."""
    return f"<p>{escape(text)}</p>" if text else ""


def name_of(repo: str) -> str:
    """Return a repository's name without its owner and the usual ending."""
    name = repo.rpartition("/")[2]
    for ending in ("-GGUF", "-gguf"):
        name = name.removesuffix(ending)
    return name or repo


def facts_of(model: HubModel) -> str:
    """Return the line under a model's name."""
    translate = QCoreApplication.translate
    facts = [
        model.author,
        translate("Find", "%1 downloads").replace("%1", count_in_words(model.downloads)),
    ]
    if model.licence:
        facts.append(model.licence)
    if model.gated:
        facts.append(gate_words(model))
    return " · ".join(fact for fact in facts if fact)


def gate_words(model: HubModel) -> str:
    """Return who lets people in, '' where nobody has to."""
    translate = QCoreApplication.translate
    return {
        "": "",
        "auto": translate("Find", "terms to accept"),
        "manual": translate("Find", "given by its author"),
    }[model.gated]


def sort_words(sort: Sort) -> str:
    """Return what comes first, on the list of choices."""
    translate = QCoreApplication.translate
    return {
        Sort.TRENDING: translate("Find", "Trending"),
        Sort.DOWNLOADS: translate("Find", "Most downloads"),
        Sort.LIKES: translate("Find", "Most likes"),
        Sort.UPDATED: translate("Find", "Newest"),
    }[sort]


def context_words(tokens: int) -> str:
    """Return a context as people say it, such as 8k."""
    return f"{tokens // 1024}k" if tokens >= 1024 else str(tokens)


def judged_context(prospect: Prospect, wanted: int = 0) -> int:
    """Return the context a verdict is about: what was wanted, within what it was trained for."""
    trained = prospect.profile.context if prospect.profile else 0
    return min(wanted or CONTEXT, trained) if trained > 0 else wanted or CONTEXT


def verdict_words(prospect: Prospect, wanted: int = 0) -> str:
    """Return what is to be expected of a model here, in a few words."""
    translate, verdict = QCoreApplication.translate, prospect.verdict
    if verdict is None:
        return said(prospect.problem) or translate("Find", "not looked at")
    context = context_words(judged_context(prospect, wanted))
    if verdict.outcome is Outcome.CANNOT:
        return translate("Find", "cannot run: %1").replace("%1", said(verdict.why))
    if verdict.outcome is Outcome.UNFIT:
        words = translate("Find", "does not fit: needs %1, there are %2")
        there = in_words(verdict.bytes_available)
        return words.replace("%1", in_words(verdict.bytes_needed)).replace("%2", there)
    words = (
        translate("Find", "runs well, %1 with %2 context")
        if verdict.outcome is Outcome.WELL
        else translate("Find", "runs slowly, %1 with %2 context")
    )
    return words.replace("%1", in_words(verdict.bytes_needed)).replace("%2", context)


def headline_words(prospect: Prospect, wanted: int = 0) -> str:
    """Return a verdict without its reason where that takes a line of its own."""
    translate, verdict = QCoreApplication.translate, prospect.verdict
    if verdict is not None and verdict.outcome is Outcome.CANNOT:
        return translate("Find", "cannot run")
    if verdict is not None and verdict.outcome is Outcome.UNFIT:
        return translate("Find", "does not fit")
    return verdict_words(prospect, wanted)


def reason_words(prospect: Prospect) -> str:
    """Return what stands below a headline: why not, or how fast."""
    verdict = prospect.verdict
    if verdict is not None and verdict.outcome is Outcome.CANNOT:
        return said(verdict.why)
    if verdict is not None and verdict.outcome is Outcome.UNFIT:
        words = QCoreApplication.translate("Find", "needs %1, there are %2")
        there = in_words(verdict.bytes_available)
        return words.replace("%1", in_words(verdict.bytes_needed)).replace("%2", there)
    return pace_words(verdict)


def verdict_colour(verdict: Verdict | None, tokens: Tokens) -> str:
    """Return the colour of a verdict's dot; its words always stand beside it."""
    if verdict is None:
        return tokens.dim
    return {
        Outcome.WELL: tokens.good,
        Outcome.SLOWLY: tokens.tier_d,
        Outcome.UNFIT: tokens.bad,
        Outcome.CANNOT: tokens.bad,
    }[verdict.outcome]


def pace_words(verdict: Verdict | None) -> str:
    """Return how fast a model would write here, '' where that is not known."""
    if verdict is None or verdict.tokens_s is None:
        return ""
    words = QCoreApplication.translate("Find", "about %1")
    return words.replace("%1", speed_words(verdict.tokens_s))


def why_words(prospect: Prospect) -> str:
    """Return all that is known of a verdict, for those who look twice."""
    verdict = prospect.verdict
    if verdict is None:
        return said(prospect.problem)
    drafts = QCoreApplication.translate("Find", "it can write ahead for %1")
    helps = [drafts.replace("%1", ", ".join(prospect.drafts_for))] if prospect.drafts_for else []
    return "; ".join([f"{said(verdict.outcome)}: {said(verdict.why)}", *helps])
