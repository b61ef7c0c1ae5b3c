"""What would be changed in the registry, in words, before anything is written."""

from collections.abc import Iterator
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.models.editing import Change, Place
from app.models.form import Form
from app.ui.models.key_words import words_of

_LONGEST: Final = 60


def change_lines(form: Form) -> list[str]:
    """Return a line for everything that would be changed."""
    return [line for change in form.changes for line in _lines(form, change)]


def place_words(place: Place) -> str:
    """Return where something stands, in words: whose value, and which."""
    if len(place) < 2:
        return ".".join(place)
    return f"{place[1]}: {words_of(place)[0]}" if len(place) > 2 else place[1]


def value_words(value: Any) -> str:  # noqa: ANN401 - whatever YAML can hold
    """Return a value in words."""
    translate = QCoreApplication.translate
    if value is None:
        return translate("Roles", "as usual")
    if isinstance(value, bool):
        return translate("Roles", "yes") if value else translate("Roles", "no")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or translate("Roles", "nobody")
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _lines(form: Form, change: Change) -> Iterator[str]:
    translate, place = QCoreApplication.translate, change.place
    before = form.before(place)
    if place == ("mode",):
        yield translate("Roles", "The registry names its models from now on.")
    elif place == ("default_role",):
        words = translate("Roles", "Answers first: %1")
        yield words.replace("%1", _arrow(before, form.value(place)))
    elif len(place) == 1 and isinstance(change.value, dict):
        for name, entry in change.value.items():
            yield from _lines(form, Change((*place, name), entry))
    elif len(place) == 2:
        yield _whole(change)
    elif isinstance(before or change.value, dict):
        yield from _keys(form, change, before)
    else:
        yield f"{place_words(place)}: {_arrow(form.meant(place), form.value(place))}"


def _whole(change: Change) -> str:
    """Return words for a role or a model that comes or goes."""
    translate, name = QCoreApplication.translate, change.place[1]
    role = change.place[0] == "roles"
    if change.value is None:
        gone = translate("Roles", "The role %1 is removed.")
        return (gone if role else translate("Roles", "The model %1 is removed.")).replace(
            "%1", name
        )
    what = change.value.get("tier") if role else change.value.get("path")
    new = translate("Roles", "New role: %1") if role else translate("Roles", "New model: %1")
    return new.replace("%1", f"{name} ({what})")


def _keys(form: Form, change: Change, before: Any) -> Iterator[str]:  # noqa: ANN401 - as YAML
    """Yield a line for every key of a table that comes or goes."""
    for key in before or change.value:
        value = None if change.value is None else change.value.get(key)
        yield from _lines(form, Change((*change.place, key), value))


def _arrow(before: Any, after: Any) -> str:  # noqa: ANN401 - whatever YAML can hold
    return f"{value_words(before)} → {value_words(after)}"
