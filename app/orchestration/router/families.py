"""What kind of task a question is, from its words alone: rules in English and German."""

import re
from typing import Final

from app.orchestration.gate.arithmetic import has_calculation
from app.orchestration.question import Question

# Longer texts are known by their begin and end.
EDGE: Final = 2000
# A text of so many words before or after a request is material that was given.
MATERIAL_WORDS: Final = 25
SHORT_CHAT_WORDS: Final = 12


def _rule(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)})", re.IGNORECASE)


_CODE = _rule(
    r"```(?:python|py|js|javascript|typescript|java|c|cpp|go|rust|sql|bash|sh)\b",
    r"\b(?:def|class|function|const|public static|import|SELECT .+ FROM)\b.*[({:;]",
    r"\b(?:python|javascript|typescript|java|rust|golang|c\+\+|sql|bash|regex|html|css)\b.{0,40}"
    r"\b(?:code|function|script|program|class|query|method|loop)\b",
    r"\b(?:write|implement|debug|refactor|fix|schreibe?|programmiere?)\b.{0,40}"
    r"\b(?:code|function|script|program|class|query|method|unit test|funktion|programm|skript)\b",
    r"\bTraceback \(most recent call last\)",
    r"\b\w+(?:Error|Exception)\b.{0,20}:",
)
_STRUCTURED = _rule(
    r"\b(?:json|yaml|xml|csv)\b",
    r"\b(?:as|in) a (?:markdown )?table\b",
    r"\bals tabelle\b",
)
_REWRITE = _rule(
    r"\b(?:replace|rewrite|rephrase|paraphrase|shorten|proofread|correct|improve|edit|translate|"
    r"summari[sz]e|ersetze?|umformulieren|formuliere?|kürze?|korrigiere?|verbessere?|übersetze?)\b",
    r"\bwrite (?:the|this) (?:following )?(?:text|list|sentence|paragraph)\b.{0,20}\bagain\b",
    r"\b(?:copy|repeat) (?:the|this|these|after)\b",
    r"\bfasse? .{0,80}\bzusammen\b",
)
_QUOTE = _rule(
    r"\b(?:quote|cite|according to|which sentence|copy the sentence|the sentence about|zitiere?)\b",
    r"<(?:document|text|article)>",
    r"\b(?:in|from|of) (?:the|this) (?:document|text|article|passage|table|list) (?:above|below)?",
)
_WORDS = _rule(
    r"\b(?:sort|arrange|order (?:the|these)|alphabet\w*|reverse|spell|backwards?|anagram|"
    r"rhyme|palindrome|sortiere?|buchstabier\w*|rückwärts|reim\w*)\b",
    r"\b(?:letters?|vowels?|consonants?|syllables?|buchstaben?|vokale?|silben?)\b",
    r"\b(?:longest|shortest|first|last) (?:word|letter)\b",
)
_MATH = _rule(
    r"\b(?:plus|minus|times|multipl\w*|divided? by|subtract|square root|percent(?:age)?|"
    r"sum of|difference of|product of|calculate|compute|equation|integral|derivative|"
    r"berechne|rechne|wurzel|prozent|summe|produkt|differenz)\b.*\d|\d.*\b(?:plus|minus|times|mal|"
    r"percent|prozent|divided by|geteilt durch)\b",
    r"\badd \d+ (?:and|to) \d+",
    r"\d\s*[-+*/x\u00d7\u00b7\u00f7^]\s*\d.*\?",
)
_EARLIER = _rule(
    r"\b(?:earlier|before that|previous(?:ly)?|last (?:message|question|answer)|you (?:just )?said|"
    r"did i (?:say|tell|mention|ask)|i (?:said|told you|mentioned)|again what|first question|"
    r"vorhin|vorher|zuletzt|habe ich gesagt|sagtest du)\b",
)
_MINE = _rule(
    r"\b(?:my|mein\w*) (?:\w+ )?(?:name|age|job|city|colou?r|food|pet|friend|hobby|number|word|"
    r"birthday|address|wife|husband|son|daughter|dog|cat|beruf|stadt|farbe|lieblings\w*|alter|"
    r"geburtstag|freund\w*|haustier)\b",
    r"\b(?:who|how old|where|what) (?:am|do) i\b",
    r"\b(?:what|which) .{0,30}\bdo i (?:like|have|want|live|work)\b",
    r"\b(?:wer|wie alt|wo) (?:bin|wohne|arbeite) ich\b",
)
_CHAT = _rule(
    r"^\W*(?:(?:oh|well|so|now|ach|also|nun|ok|okay)\W+)?(?:hello|hi|hey|greetings|good (?:morning|"
    r"evening|afternoon|night|day)|thanks?|thank you|many thanks|bye|goodbye|see you|ok|okay|great|"
    r"nice|cool|good|well done|sorry|hallo|servus|guten (?:morgen|tag|abend)|gute nacht|danke|"
    r"vielen dank|tschüss|auf wiedersehen|bis (?:bald|morgen)|super|toll|prima|sehr gut|"
    r"test|ping)\b",
    r"\bhow (?:are you|do you do|is it going)\b|\bwie geht\b|\bwhat'?s up\b",
    r"\b(?:who|what) are you\b|\byour name\b|\bwhat can you do\b|\bwer bist du\b|\bare you there\b",
    r"\bi(?:'m| am) (?:\w+ ){0,3}(?:tired|hungry|bored|sad|happy|sick|ill)\b",
)
_FACTS = _rule(
    r"\b(?:who|what|when|where|which|how (?:many|much|far|old|tall|long)|why|capital|"
    r"wer|was|wann|wo|welche\w*|wie (?:viele?|weit|alt|hoch|lang)|warum|hauptstadt|name the|"
    r"tell me|do you know)\b",
)


def family_of(question: Question) -> str:
    """Return the kind of task, one of `FAMILIES`; what fits nowhere is `other`."""
    text = question.text
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    if question.schema is not None:
        return "structured"
    if question.tools:
        return "tools"
    return _by_words(question, text)


def _by_words(question: Question, text: str) -> str:
    words = len(text.split())
    given = words >= MATERIAL_WORDS or ":" in text or "\n" in text
    code = bool(_CODE.search(text))
    # The first that holds.
    found = (
        ("structured", not code and bool(_STRUCTURED.search(text))),
        ("code", code),
        ("document", bool(_QUOTE.search(text))),
        ("rewrite", given and bool(_REWRITE.search(text))),
        ("math", has_calculation(text) or bool(_MATH.search(text))),
        ("words", bool(_WORDS.search(text))),
    )
    return next((name for name, holds in found if holds), _by_thread(question, text, words))


def _by_thread(question: Question, text: str, words: int) -> str:
    if question.turns > 1 and (_EARLIER.search(text) or _MINE.search(text)):
        return "earlier"
    if _MINE.search(text):
        return "known"
    if words >= MATERIAL_WORDS or text.count("\n") >= 2 or text.count(":") >= 2:
        return "document"
    if words <= SHORT_CHAT_WORDS and _CHAT.search(text):
        return "chat"
    return "facts" if _FACTS.search(text) else "other"
