"""What a sentence claims of whom: what two claims have in common tells if they contradict. Pure."""

from dataclasses import dataclass
from typing import Final

from app.domain.memories import MemoryKind
from app.memory.writing.owned import names
from app.memory.writing.wording import content, stem

# What somebody has one of: another value takes the place of the one before.
SINGLE: Final = frozenset(
    ("name", "age", "home", "job", "birthday", "origin", "height", "weight", "study", "employer")
)


# In which words other claims about the same may be made: they are looked for by these.
_WORDINGS: Final = {
    "name": "name called named call am heiße heißt nenn bin",
    "age": "years age old jahre alt alter",
    "home": "live moved wohne lebe gezogen",
    "job": "job work am arbeite beruf bin",
    "employer": "work arbeite employer arbeitgeber",
    "birthday": "birthday born geburtstag geboren",
    "origin": "from come aus komme stamme",
    "study": "study studiere",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in the words it was made in.

    `about` says what of whom ("self.home", "cat.name"), '' where it is not known; `value` what
    it is said to be; `denied` that it is not.
    """

    text: str
    kind: MemoryKind
    about: str = ""
    value: str = ""
    denied: bool = False
    sure: float = 0.9


def contradicts(new: Claim, old: Claim) -> bool:
    """Say whether both cannot be true at once."""
    if not new.about or new.about != old.about:
        return False
    same = _same_value(new.value, old.value)
    if new.denied or old.denied:
        return same and new.denied is not old.denied
    return not same and _is_single(new.about)


def says_same(new: Claim, old: Claim) -> bool:
    """Say whether both claim the same, in whatever words."""
    return (
        bool(new.about)
        and (new.about, new.denied) == (old.about, old.denied)
        and _same_value(new.value, old.value)
    )


def _is_single(about: str) -> bool:
    name = about.rpartition(".")[2]
    return name in SINGLE or name.startswith("favourite ")


def _same_value(one: str, other: str) -> bool:
    return (content(one) or {stem(one)}) == (content(other) or {stem(other)})


def hints(claim: Claim) -> frozenset[str]:
    """Return words one of which another claim about the same is made in."""
    thing, _, attribute = claim.about.rpartition(".")
    owned = names(thing or attribute) - {"self"}
    return content(claim.text) | owned | frozenset(_WORDINGS.get(attribute, "").split())
