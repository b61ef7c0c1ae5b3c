"""Lasting things people say "my" of, in English; the German words lead there. Pure."""

import re
from typing import Final

from app.memory.writing.wording import words

_THINGS_WORDS: Final = """
wife husband partner girlfriend boyfriend fiancé fiancée spouse mother mom mum father dad
parents sister brother sibling son daughter child baby kids twin grandmother grandma grandfather
grandpa aunt uncle cousin niece nephew boss manager colleague team teacher doctor dentist
neighbour neighbor roommate flatmate friend cat dog pet horse rabbit bird parrot fish hamster
turtle company employer startup school university shop band club project website blog boat car
bike bicycle house flat apartment street city town village country hometown language laptop
computer phone camera guitar piano printer server router garden
"""
_THINGS: Final = frozenset(_THINGS_WORDS.split())
_ATTRIBUTES_WORDS: Final = """
name birthday age job profession occupation hobby height weight address nationality religion
allergy diet timezone hometown pronouns nickname surname
"""
_ATTRIBUTES: Final = frozenset(_ATTRIBUTES_WORDS.split())
_GERMAN_WORDS: Final = """
frau:wife mann:husband partner:partner partnerin:partner freundin:girlfriend
freund:boyfriend verlobte:fiancée verlobter:fiancé mutter:mother mama:mother vater:father
papa:father eltern:parents schwester:sister bruder:brother sohn:son tochter:daughter kind:child
kinder:kids oma:grandmother opa:grandfather tante:aunt onkel:uncle cousin:cousin nichte:niece
neffe:nephew chef:boss chefin:boss team:team lehrer:teacher lehrerin:teacher arzt:doctor
ärztin:doctor zahnarzt:dentist zahnärztin:dentist nachbar:neighbour nachbarin:neighbour
mitbewohner:roommate katze:cat kater:cat hund:dog hündin:dog pferd:horse hase:rabbit
kaninchen:rabbit vogel:bird papagei:parrot hamster:hamster schildkröte:turtle firma:company
arbeitgeber:employer schule:school universität:university verein:club band:band projekt:project
auto:car fahrrad:bike haus:house wohnung:flat straße:street stadt:city dorf:village land:country
laptop:laptop rechner:computer computer:computer handy:phone gitarre:guitar garten:garden
name:name nachname:surname geburtstag:birthday alter:age beruf:job hobby:hobby größe:height
gewicht:weight adresse:address allergie:allergy heimatstadt:hometown zeitzone:timezone
spitzname:nickname muttersprache:language
"""
_GERMAN: Final = dict(pair.split(":") for pair in _GERMAN_WORDS.split())
_SAME: Final = {
    "mom": "mother", "mum": "mother", "dad": "father", "grandma": "grandmother",
    "grandpa": "grandfather", "neighbor": "neighbour", "bicycle": "bike", "flat": "apartment",
    "profession": "job", "occupation": "job", "spouse": "partner",
}  # fmt: skip
_FAVOURITE: Final = re.compile(r"favou?rite\s+(?P<what>\w+(?:\s\w+)?)", re.IGNORECASE)
_LIEBLINGS: Final = re.compile(r"lieblings-?(?P<what>\w+)", re.IGNORECASE)
_MOST: Final = 4


def known_thing(said: str) -> str | None:
    """Return what is owned under one name in all languages, or None: it may mean anything."""
    if found := _FAVOURITE.fullmatch(said) or _LIEBLINGS.fullmatch(said):
        return f"favourite {found['what'].casefold()}"
    told = [each.casefold() for each in words(said)]
    if not told or len(told) > _MOST:
        return None
    last = _GERMAN.get(told[-1], told[-1])
    if last not in _THINGS | _ATTRIBUTES:
        return None
    return " ".join((*told[:-1], _SAME.get(last, last)))


def is_attribute(thing: str) -> bool:
    """Say whether this is something of a person and no thing of its own."""
    return thing in _ATTRIBUTES


def names(thing: str) -> frozenset[str]:
    """Return all words that lead to this name."""
    words_of = thing.split()
    german = {word for word, name in _GERMAN.items() if _SAME.get(name, name) in words_of}
    return frozenset(words_of) | german | {word for word, name in _SAME.items() if name in words_of}
