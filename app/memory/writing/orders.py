"""What tells a model what to do: in the words of strangers it is an attack. Pure."""

import re
from typing import Final

from app.memory.writing.wording import straight

_ORDER: Final = re.compile(
    r"\bignore (?:\w+ ){0,4}(?:instructions?|prompts?|rules|messages)\b"
    r"|\b(?:disregard|forget|override) (?:\w+ ){0,3}(?:previous|prior|above|earlier|system)\b"
    r"|\b(?:remember|note|memori[sz]e)\s*[:,]\s*(?:you |to )?"
    r"(?:always|never|must|should|do not|don't)\b"
    r"|\bfrom now on\b|\byou (?:are now|must (?:always|never|now)|will (?:always|never))\b"
    r"|\byou are an? (?:\w+ )?(?:ai|assistant|model|chatbot|bot)\b"
    r"|\b(?:always|never) (?:answer|respond|reply|recommend|say|tell|mention|suggest|use|insert|"
    r"include|add|send|reveal|obey|trust)\b"
    r"|\bsystem prompt\b|</?(?:system|assistant|memory|memories|instructions?)\b"
    r"|\b(?:assistants?|ais?|(?:language )?models?|llms?|chatbots?|agents?)\b,? "
    r"(?:must|should|shall|has to|have to|always|never)\b"
    r"|\bwhen(?:ever)? (?:the |a )?user (?:asks?|says?|wants?)\b"
    r"|\b(?:do not|don't|never) tell (?:the |your )?user\b"
    r"|\bab (?:jetzt|sofort)\b|\bignoriere? (?:\w+ ){0,4}(?:anweisung|regel|vorgabe)\w*"
    r"|\b(?:merke? (?:dir|sie sich)|erinnere dich)\s*[:,]\s*(?:du )?(?:immer|nie|niemals|stets)\b"
    r"|\b(?:antworte|empfiehl|sage?|erwähne|nenne|verwende) (?:\w+ ){0,2}"
    r"(?:immer|nie|niemals|stets)\b"
    r"|\bdu (?:bist (?:jetzt|ab)|musst (?:immer|nie)|sollst (?:immer|nie))\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Say whether a text tells a model what to do, as hidden texts of strangers do."""
    return _ORDER.search(straight(text)) is not None
