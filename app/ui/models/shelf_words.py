"""How a model of the library is put into words."""

from PySide6.QtCore import QCoreApplication

from app.domain.amounts import count_in_words, in_words
from app.domain.names import printable
from app.domain.shelf import Item, Kind, Origin
from app.models.shelf.bringing import Way
from app.models.shelf.checking import Check, Verdict
from app.ui.said import said


def origin_words(origin: Origin) -> str:
    """Return whose a folder is."""
    translate = QCoreApplication.translate
    own = {
        Origin.OWN: translate("Shelf", "Echelon's folder"),
        Origin.ADDED: translate("Shelf", "your folder"),
        Origin.SHIPPED: translate("Shelf", "comes with Echelon"),
        Origin.HUGGING_FACE: translate("Shelf", "Hugging Face cache"),
    }
    return own.get(origin, origin.label)


def way_words(way: Way) -> str:
    """Return how a file came into the library."""
    translate = QCoreApplication.translate
    return {
        "hard link": translate("Shelf", "hard link"),
        "symbolic link": translate("Shelf", "symbolic link"),
        "reference": translate("Shelf", "it stays where it is"),
        "copy": translate("Shelf", "copy"),
    }[way]


def owner_words(item: Item, copies: int) -> str:
    """Return where a model lies, whether it is only read, and how often it is there."""
    translate = QCoreApplication.translate
    words = [origin_words(item.found.origin)]
    if not item.found.origin.ours:
        words.append(translate("Shelf", "only read"))
    if len(item.found.files) > 1:
        words.append(translate("Shelf", "%1 parts").replace("%1", str(len(item.found.files))))
    if copies > 1:
        words.append(translate("Shelf", "%1 copies").replace("%1", str(copies)))
    return " · ".join(words)


def shape_words(item: Item) -> str:
    """Return a model's architecture and the longest text it can have in mind."""
    if item.card is None:
        return ""
    words = [printable(item.card.architecture, 20)]
    if item.card.context:
        words.append(f"{item.card.context:,}")
    return " · ".join(words)


def size_words(item: Item) -> str:
    """Return a model's size."""
    return in_words(item.size) if item.size else ""


def state_words(item: Item, found: Check | None, share: float | None) -> str:
    """Return in a few words whether a model is as it should be; `share` while it is read."""
    translate = QCoreApplication.translate
    if share is not None:
        return translate("Shelf", "reading, %1").replace("%1", f"{share:.0%}")
    if found is not None:
        return {
            Verdict.RIGHT: translate("Shelf", "verified"),
            Verdict.FIRST: translate("Shelf", "verified"),
            Verdict.DAMAGED: translate("Shelf", "damaged"),
            Verdict.UNREAD: translate("Shelf", "could not be read"),
        }[found.verdict]
    if item.problem:
        return translate("Shelf", "not usable")
    return translate("Shelf", "verified") if item.digests else translate("Shelf", "not checked yet")


def card_words(item: Item) -> str:
    """Return what a model is for, and how big it is in figures of its own."""
    if item.card is None:
        return ""
    translate = QCoreApplication.translate
    kinds = {
        Kind.TEXT: translate("Shelf", "writes text"),
        Kind.EMBEDDING: translate("Shelf", "compares texts"),
        Kind.PROJECTOR: translate("Shelf", "lets another model see"),
        Kind.ADAPTER: translate("Shelf", "changes another model"),
    }
    parameters = translate("Shelf", "%1 parameters")
    tokens = translate("Shelf", "%1 tokens in its vocabulary")
    said = [kinds[item.card.kind], parameters.replace("%1", count_in_words(item.card.parameters))]
    if item.card.tokens:
        said.append(tokens.replace("%1", f"{item.card.tokens:,}"))
    return " · ".join(said)


def is_bad(item: Item, found: Check | None) -> bool:
    """Whether something is wrong with a model."""
    if found is not None:
        return found.verdict in {Verdict.DAMAGED, Verdict.UNREAD}
    return bool(item.problem)


def told(item: Item, found: Check | None) -> str:
    """Return what is to be said of a model at length: what was found, or why it is of no use."""
    if found is not None:
        return f"{said(found.detail)} {said(found.remedy)}".rstrip()
    return f"{said(item.problem)} {said(item.remedy)}".rstrip()
