"""Wordings that weights in use have been trained on, though today's lists would hold them out.

Which wordings are held out follows from a list alone, so a list that grows can hold out what an
earlier edition of the models has learned from. Models that go on from that edition know it; here it
stands, and training keeps it. Before a list grows again: add what the models know by then.
"""

from typing import Final

# Without capitals and punctuation, as `draw.bare` has them.
TRAINED_BEFORE: Final = frozenset(
    {
        "can you say in which continent {c} is",
        "in the following replace {r}: {t}",
        "in what continent is the city of {c}",
        "in what country is {c}",
        "please copy the text: {t}",
        "please copy this list but {c}: {t}",
        "please exchange {r} in this text: {t}",
        "please replace {r} in the following text: {t}",
        "please sort the words by length shortest first: {w}",
        "put the {n} sentence at the front",
        "replace {r} in this text: {t}",
        "reverse the word {w}",
        "spell the word {w} backwards",
        "tell me the opposite of {w}",
        "use {b} instead of {a}",
        "what do i do for a living",
        "what do i like to eat most",
        "what is my number",
        "what is the last letter of {w}",
        "what might '{w}' mean in english",
        "what number did i name",
        "what word should you remember",
        "what's my favourite food",
        "which continent is {c} in",
        "which thing has {n} got",
        "which was my previous message",
        "who am i",
        "{t} return this as json after the schema: {s}",
        "{t} write it as json to the schema: {s}",
    }
)
