"""Which sentences of a message are the user's own words, as far as that can be told. Pure.

Code, tables and quotations are not, and neither is a message that is long (it was pasted) or that
gives a text to be worked on (translated, corrected, summed up): that may be by anybody.
"""

import re
from typing import Final

from app.memory.blocks import BlockKind, blocks, sentences
from app.memory.writing.wording import straight

# Who types more than this in one message has mostly pasted it.
LONGEST: Final = 1_500
_MOST_SENTENCES: Final = 40
_GIVEN: Final = re.compile(
    r"\b(?:translat\w+|proof-?read\w*|correct (?:this|the|my)|rewrite|rephrase|paraphrase|"
    r"summari[sz]e|(?:improve|edit|shorten|polish|analy[sz]e|reply to|answer) (?:this|"
    r"the following)|"
    r"(?:the )?following (?:text|e-?mail|letter|message|passage|story|sentences?|conversation|"
    r"dialogue?)|(?:write|tell|continue|compose|draft) (?:me )?(?:an? |the |this |"
    r"my )?(?:\w+ ){0,3}"
    r"(?:story|poem|song|letter|e-?mail|dialogue?|scene|speech|novel|essay|script)|role-?play|"
    r"act as|pretend|imagine|in (?:my|the|this) (?:story|novel|game|book)|my character|fiction\w*|"
    r"übersetz\w*|korrigier\w*|(?:fasse?|fass) .{0,80}zusammen|formulier\w*|verbesser\w*|"
    r"(?:der |den |die |das )?folgende[nrsm]? (?:text|mail|e-mail|brief|nachricht|satz|sätze)|"
    r"schreib\w* (?:mir )?(?:eine?n? )?(?:\w+ ){0,3}(?:geschichte|gedicht|brief|mail|e-mail|rede|"
    r"dialog)|stell dir vor|rollenspiel)\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(
    r"\"[^\"\n]*\"|[\u201c\u201e][^\u201c\u201d\n]*[\u201c\u201d]|«[^»\n]*»|`[^`\n]*`"
)
_FEW: Final = 3
# How a block of recalled memories begins and ends, or another block a program has put there.
_FRAME: Final = re.compile(r"\s*</?[a-z][\w-]*[^<>]*>\s*|\s*\[/?[A-Z][A-Z _-]+\]\s*")
_SPEAKER: Final = re.compile(r"^[^\W\d_][\w .'-]{0,30}:\s")


def own_sentences(text: str) -> list[str]:
    """Return the sentences of a message that are its writer's own, in their order."""
    plain = straight(text)
    if len(plain) > LONGEST or _GIVEN.search(plain):
        return []
    own = "\n\n".join(block.text for block in blocks(_unframed(plain)) if _is_prose(block.kind))
    spoken = _QUOTED.sub(_short, own)
    told = [each for part in spoken.split("\n\n") for each in sentences(part)]
    return [each for each in told if not _SPEAKER.match(each)][:_MOST_SENTENCES]


def _is_prose(kind: BlockKind) -> bool:
    return kind is BlockKind.PROSE


def _short(found: re.Match[str]) -> str:
    """Return a quotation that is only a name or a word, and of a longer one nothing."""
    return found[0] if len(found[0].split()) < _FEW else " \u2026 "


def _unframed(text: str) -> str:
    """Return a text without what stands between marks such as <memory> and </memory>."""
    kept: list[str] = []
    depth = 0
    for line in text.splitlines():
        if _FRAME.fullmatch(line):
            depth = max(0, depth - 1) if line.strip()[1] == "/" else depth + 1
            kept.append("")
        elif not depth:
            kept.append(line)
    return "\n".join(kept)
