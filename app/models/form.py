"""The registry while somebody edits it: what the file says, and what is to be changed in it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from app.domain.errors import RequestInvalid
from app.domain.models import Roster, Tier
from app.domain.registry import RegistryFile
from app.models.editing import Change, Place, Sheet
from app.models.library import STARTER_PREFIX
from app.models.registry import schema_at, told

_LONGEST_NAME: Final = 40
# Below a model or a role: where no table may stay without a key.
_DEPTH: Final = 3

Values = dict[str, Any]


class Form:
    """Owns what is edited. It holds also what cannot be followed, so that it can be put right."""

    def __init__(self, sheet: Sheet) -> None:
        """Begin with what a sheet says."""
        self.sheet = sheet
        self._before = _plain(sheet.registry)
        self._now = deepcopy(self._before)

    @property
    def roles(self) -> Mapping[str, Values]:
        """The roles as they would be, in the order of the file."""
        return _table(self._now.get("roles"))

    @property
    def models(self) -> Mapping[str, Values]:
        """The models as they would be."""
        return _table(self._now.get("models"))

    @property
    def full(self) -> bool:
        """Whether the file would name its own models."""
        mode = self._now.get("mode")
        return mode == "full" if mode else bool(self.models)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What has to be changed in the file, in its order."""
        return tuple(_differences(self._before, self._now, ()))

    def before(self, place: Place) -> Any:  # noqa: ANN401 - whatever YAML can hold
        """Return what the file says at a place, None if it says nothing."""
        return _at(self._before, place)

    def value(self, place: Place) -> Any:  # noqa: ANN401 - whatever YAML can hold
        """Return what would count at a place: what stands there, else what is meant without it."""
        found = _at(self._now, place)
        return _default(place) if found is None else found

    def meant(self, place: Place) -> Any:  # noqa: ANN401 - whatever YAML can hold
        """Return what counts by the file as it is."""
        found = self.before(place)
        return _default(place) if found is None else found

    def put(self, place: Place, value: Any) -> None:  # noqa: ANN401 - whatever YAML can hold
        """Change a value; `None`, or what is meant without it, is not written where none stood."""
        spare = value == _default(place) and self.before(place) is None
        if value is None or spare:
            self._take_away(place)
            return
        node = self._now
        for step in place[:-1]:
            node = node.setdefault(step, {})
        node[place[-1]] = value

    def undo(self) -> None:
        """Forget all changes."""
        self._now = deepcopy(self._before)

    def moved_to(self, sheet: Sheet) -> tuple[Place, ...]:
        """Make the changes to another sheet, and return where both have changed something."""
        changes, old = self.changes, self._before
        self.sheet = sheet
        self._before = _plain(sheet.registry)
        self._now = deepcopy(self._before)
        lost = tuple(each.place for each in changes if not self._make(each))
        both = (each.place for each in changes if _at(old, each.place) != self.before(each.place))
        return tuple(dict.fromkeys((*lost, *both)))

    def mistakes(self) -> dict[Place, str]:
        """Return what cannot stand where it stands, in words."""
        try:
            RegistryFile.model_validate(self._now)
        except ValidationError as error:
            found = {}
            for each in error.errors():
                place = tuple(str(part) for part in each["loc"])
                found[place] = told(each["msg"])
            return found
        return {}

    def add_role(self, name: str, tier: Tier, model: str) -> str:
        """Add a role and return its name.

        Raises:
            RequestInvalid: it cannot have that name.
        """
        name = name.strip()
        if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise RequestInvalid(
                "A role needs a name of 1 to 40 letters that can be read.",
                remedy="Choose a short word for the job, such as translator.",
            )
        if name.casefold() in {each.casefold() for each in self.roles}:
            raise RequestInvalid(f"There is a role {name} already.", remedy="Choose another name.")
        entry: Values = {"tier": str(tier)}
        self._now.setdefault("roles", {})[name] = entry | ({"model": model} if model else {})
        return name

    def remove_role(self, name: str) -> None:
        """Remove a role; nobody hands over to it any more, and another one answers first."""
        self._take_away(("roles", name))
        for other, entry in self.roles.items():
            after = entry.get("escalation")
            if isinstance(after, list) and name in after:
                self.put(("roles", other, "escalation"), [each for each in after if each != name])
        if self._now.get("default_role") == name:
            answering = (each for each, entry in self.roles.items() if entry.get("tier") != Tier.D)
            self.put(("default_role",), next(answering, None))

    def spell_out(self, roster: Roster) -> None:
        """Name the models that a simplified registry takes from the library, as they are."""
        if self.full:
            return
        self._now["mode"] = "full"
        models = self._now.setdefault("models", {})
        for role in roster.roles:
            model = role.model
            models[model.name] = {
                "path": f"{STARTER_PREFIX}{model.path.name}",
                "context": model.context,
                **({"embeddings": True} if model.embeddings else {}),
            }
            self._now["roles"][role.name]["model"] = model.name

    def _make(self, change: Change) -> bool:
        """Make a change again, unless the role or model it belongs to is not there any more."""
        place = change.place
        if len(place) >= _DEPTH and _at(self._now, place[:2]) is None:
            return False
        if change.value is None:
            self._take_away(place)
            return True
        node = self._now
        for step in place[:-1]:
            node = node.setdefault(step, {})
        node[place[-1]] = deepcopy(change.value)
        return True

    def _take_away(self, place: Place) -> None:
        node = _at(self._now, place[:-1])
        if not isinstance(node, dict):
            return
        node.pop(place[-1], None)
        if not node and len(place) > _DEPTH:
            self._take_away(place[:-1])


def _plain(registry: RegistryFile) -> Values:
    """Return what stands in the file, without what is only meant."""
    return registry.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def _table(found: object) -> Mapping[str, Values]:
    return found if isinstance(found, dict) else {}


def _at(values: object, place: Place) -> Any:  # noqa: ANN401 - whatever YAML can hold
    for step in place:
        values = values.get(step) if isinstance(values, dict) else None
    return values


def _default(place: Place) -> Any:  # noqa: ANN401 - whatever the schema says
    """Return what is meant where nothing stands."""
    field = schema_at(place[:-1]).model_fields.get(place[-1])
    if field is None:
        return None
    found = field.get_default(call_default_factory=True, validated_data={})
    if found is PydanticUndefined:
        return None
    return list(found) if isinstance(found, tuple) else found


def _differences(before: Values, now: Values, place: Place) -> Iterator[Change]:
    for key, old in before.items():
        here = (*place, key)
        new = now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(old, new, here)
        elif new != old:
            yield Change(here, new)
    yield from (Change((*place, key), value) for key, value in now.items() if key not in before)
