"""What was seen of an answer that did not pass, in the user's language."""

from PySide6.QtCore import QCoreApplication


def cause_words(cause: str) -> str:
    """Return what was seen of an answer, in words."""
    translate = QCoreApplication.translate
    return {
        "doubtful": translate("Causes", "it was not sure enough"),
        "wrong": translate("Causes", "a check found a mistake"),
        "malformed": translate("Causes", "it missed the wanted form"),
        "language": translate("Causes", "it was in another language"),
        "loop": translate("Causes", "it went round in circles"),
        "cut off": translate("Causes", "it was cut off at its limit"),
        "empty": translate("Causes", "it was empty"),
        "refused": translate("Causes", "it was a refusal"),
        "not loaded": translate("Causes", "the model could not be loaded"),
        "crashed": translate("Causes", "the model broke off"),
        "slow load": translate("Causes", "loading took too long"),
        "slow reading": translate("Causes", "reading took too long"),
        "stalled": translate("Causes", "the model stood still"),
        "slow answer": translate("Causes", "it took too long"),
    }.get(cause, cause)
