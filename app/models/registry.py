"""Reads `model_registry.yaml` into the roster of roles; mistakes are told with line and key."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError

from app.domain.errors import RegistryInvalid, SettingsInvalid
from app.domain.models import (
    LlamaServerOptions,
    Measured,
    ModelSpec,
    RemoteOptions,
    RoleSpec,
    Roster,
    Sampling,
    Tier,
    Timeouts,
    VerifyingTimes,
)
from app.domain.registry import (
    Acceleration,
    LlamaServerEntry,
    ModelEntry,
    RegistryFile,
    RemoteEntry,
    ResidencyEntry,
    RoleEntry,
)
from app.domain.settings import Settings
from app.models.entries import entry_mistakes
from app.models.library import STARTER_PREFIX, library_model, mock_roster, starter_path
from app.models.yaml_lines import Document, Mistake, YamlMistakes, parse
from app.platform.paths import Paths

SHIPPED_NAME = "model_registry.yaml"


def load_registry(file: Path | None, *, settings: Settings, paths: Paths) -> Roster:
    """Return the roles of this installation.

    Args:
        file: the registry the user named; else the user's own file, else the shipped one.
        settings: mock mode, threads and the default role override the file.
        paths: where the files are.

    Raises:
        RegistryInvalid: the file cannot be followed; all mistakes are named.
        SettingsInvalid: the settings name a role that is not there.
    """
    if settings.mock_mode:
        return _with_settings(mock_roster(), settings)
    path = _choose(file, paths)
    document = _read(path)
    registry = _validate(document, path)
    roster = _Assembly(registry, document, path, paths).roster()
    return _with_settings(roster, settings)


def check_registry(text: str, path: Path, *, settings: Settings, paths: Paths) -> Roster:
    """Return the roles a text would stand for if it were the file at `path`; nothing is written.

    Raises:
        RegistryInvalid: it could not be followed.
    """
    document = _parsed(text.encode(errors="surrogatepass"), path)
    roster = _Assembly(_validate(document, path), document, path, paths).roster()
    return _with_settings(roster, settings)


def read_registry(path: Path) -> RegistryFile:
    """Return what a registry says, word by word; whether its roles can work is not asked.

    Raises:
        RegistryInvalid: the file cannot be followed.
    """
    return _validate(_read(path), path)


def _choose(file: Path | None, paths: Paths) -> Path:
    if file is not None:
        return file.expanduser()
    return paths.registry if paths.registry.exists() else paths.resources.parent / SHIPPED_NAME


def _read(path: Path) -> Document:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RegistryInvalid(
            f"The model registry {path} cannot be read: {error.strerror}.",
            remedy="Check the path in ORCHESTRATOR_REGISTRY and your right to read the file.",
        ) from error
    return _parsed(data, path)


def _parsed(data: bytes, path: Path) -> Document:
    try:
        document = parse(data)
    except YamlMistakes as error:
        raise _invalid(path, error.mistakes) from error
    if not isinstance(document.values, dict):
        raise _invalid(path, [Mistake(1, "the file is empty or holds no keys; it needs `roles`")])
    return document


def _invalid(path: Path, mistakes: Iterable[Mistake]) -> RegistryInvalid:
    lines = [f"line {each.line}: {each.text}" for each in sorted(mistakes, key=lambda m: m.line)]
    return RegistryInvalid(
        f"The model registry {path} cannot be used:\n" + "\n".join(lines),
        remedy="Correct the file, then try again.",
    )


def _validate(document: Document, path: Path) -> RegistryFile:
    try:
        return RegistryFile.model_validate(document.values)
    except ValidationError as error:
        mistakes = []
        for problem in error.errors():
            place = tuple(str(part) for part in problem["loc"])
            text = _in_words(place, problem["type"], problem["msg"])
            mistakes.append(Mistake(document.line_of(place), text))
        raise _invalid(path, mistakes) from error


def _in_words(place: tuple[str, ...], kind: str, message: str) -> str:
    key = ".".join(place)
    if kind == "missing":
        return f"the key `{place[-1]}` is missing{_inside(place[:-1])}"
    if kind == "extra_forbidden":
        return f"there is no key `{place[-1]}`{_inside(place[:-1])}{_hint(place)}"
    return f"`{key}`: {told(message)}"


def told(message: str) -> str:
    """Return what the schema complains of as the end of a sentence."""
    message = message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"


def _inside(place: tuple[str, ...]) -> str:
    return f" in `{'.'.join(place)}`" if place else ""


def _hint(place: tuple[str, ...]) -> str:
    valid = list(schema_at(place[:-1]).model_fields)
    near = get_close_matches(place[-1], valid, n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; there are: {', '.join(valid)}"


def located(path: str, registry: Path, paths: Paths) -> Path:
    """Return the file that a path in a registry stands for."""
    if path.startswith(STARTER_PREFIX):
        return starter_path(path.removeprefix(STARTER_PREFIX), paths)
    return registry.parent / Path(path).expanduser()


def schema_at(place: tuple[str, ...]) -> type[BaseModel]:
    """Return what may stand at a place; the second part of one is a name the user chose."""
    return _SCHEMAS.get((place[:1] + place[2:]) if len(place) > 1 else (), RegistryFile)


_SCHEMAS: dict[tuple[str, ...], type[BaseModel]] = {
    ("models",): ModelEntry,
    ("models", "acceleration"): Acceleration,
    ("models", "residency"): ResidencyEntry,
    ("models", "measured"): Measured,
    ("models", "measured", "verifying"): VerifyingTimes,
    ("models", "llama_server"): LlamaServerEntry,
    ("models", "remote"): RemoteEntry,
    ("roles",): RoleEntry,
    ("roles", "sampling"): Sampling,
    ("roles", "timeouts"): Timeouts,
}


# What stands in a model's entry in another form than in its spec.
_JOINED = {"path", "acceleration", "residency", "measured", "llama_server", "remote"}


class _Assembly:
    """Joins roles and models; collects what does not fit."""

    def __init__(
        self, registry: RegistryFile, document: Document, path: Path, paths: Paths
    ) -> None:
        self._registry = registry
        self._document = document
        self._path = path
        self._paths = paths
        self._mistakes: list[Mistake] = []

    def roster(self) -> Roster:
        """Return all roles that can work, or raise with everything that is wrong."""
        if not self._registry.full and self._registry.models:
            self._mistake(("models",), "a simplified registry has no `models`; use `mode: full`")
        for name, model in self._registry.models.items():
            for place, text in entry_mistakes(name, model):
                self._mistake(place, text)
        for name, role in self._registry.roles.items():
            self._check_escalation(name, role.escalation or ())
        roles = [self._role(name, entry) for name, entry in self._registry.roles.items()]
        kept = tuple(role for role in roles if role is not None)
        answering = [role.name for role in kept if role.answers]
        default = self._registry.default_role or (answering[0] if answering else "")
        if not self._mistakes and not answering:
            self._mistake(("roles",), "no role of tier A, B or C has a model, so nobody answers")
        elif answering and default not in answering:
            hint = _nearest(default, answering)
            self._mistake(("default_role",), f"the role `{default}` cannot answer{hint}")
        if self._mistakes:
            raise _invalid(self._path, self._mistakes)
        return Roster(roles=kept, default_role=default, source=str(self._path))

    def _role(self, name: str, entry: RoleEntry) -> RoleSpec | None:
        model = self._own_model(name, entry) if self._registry.full else self._library_model(name)
        if model is None:
            return None
        return RoleSpec(
            name=name,
            tier=entry.tier,
            model=model,
            sampling=entry.sampling,
            timeouts=entry.timeouts,
            system_prompt=entry.system_prompt,
            gated=entry.gated,
            thinking=entry.thinking,
            families=entry.families,
            escalation=entry.escalation,
        )

    def _check_escalation(self, name: str, escalation: Iterable[str]) -> None:
        """Note a mistake for everybody who cannot go on after a role."""
        roles = self._registry.roles
        others = [each for each in roles if each != name and roles[each].tier is not Tier.D]
        for other in escalation:
            if other not in others:
                told = (
                    "a role cannot go on after itself"
                    if other == name
                    else (f"there is no answering role `{other}`{_nearest(other, others)}")
                )
                self._mistake(("roles", name, "escalation"), told)

    def _own_model(self, role: str, entry: RoleEntry) -> ModelSpec | None:
        if not entry.model:
            self._mistake(("roles", role), f"the role `{role}` has no `model`")
            return None
        found = self._registry.models.get(entry.model)
        if found is None:
            hint = _nearest(entry.model, self._registry.models)
            self._mistake(("roles", role, "model"), f"there is no model `{entry.model}`{hint}")
            return None
        fields = found.model_dump(exclude=_JOINED)
        return ModelSpec(
            name=entry.model,
            path=self._locate(found.path) if found.path else Path(),
            speculation=found.acceleration.speculation,
            draft=self._draft_for(entry.model, found),
            gated=self._gated(entry.model),
            pinned=found.residency.pinned,
            minimum_s=found.residency.minimum_s,
            measured=found.measured,
            llama_server=self._launch_options(found.llama_server),
            remote=RemoteOptions(**found.remote.model_dump()) if found.remote else None,
            **fields,
        )

    def _gated(self, model: str) -> bool:
        """Whether a role on this model judges its answers by log-probabilities."""
        return any(each.gated and each.model == model for each in self._registry.roles.values())

    def _launch_options(self, entry: LlamaServerEntry | None) -> LlamaServerOptions:
        entry = entry or LlamaServerEntry()
        return LlamaServerOptions(
            binary=self._locate(entry.binary) if entry.binary else None,
            profile=entry.profile,
            mmproj=self._locate(entry.mmproj) if entry.mmproj else None,
            rpc=entry.rpc,
        )

    def _draft_for(self, name: str, entry: ModelEntry) -> Path | None:
        """Return the file of who drafts for the model `name`; whether it fits, the engine says."""
        wish = entry.acceleration.draft
        if wish == "auto":
            wish = next((each for each in self._drafting_models() if each != name), "none")
        if wish == "none" or entry.embeddings or entry.engine == "remote":
            return None
        found = self._registry.models.get(wish)
        if found is None or wish == name or not found.path:
            place = ("models", name, "acceleration", "draft")
            self._mistake(place, self._no_drafter(wish, found, itself=wish == name))
            return None
        return self._locate(found.path)

    def _no_drafter(self, wish: str, found: ModelEntry | None, *, itself: bool) -> str:
        if found is None:
            near = _nearest(wish, ("auto", "none", *self._registry.models))
            return f"there is no model `{wish}`{near}"
        return "a model cannot draft for itself" if itself else "a remote model cannot draft"

    def _drafting_models(self) -> Iterator[str]:
        """The models of the roles in tier D, except those that only embed."""
        for role in self._registry.roles.values():
            entry = self._registry.models.get(role.model)
            drafts = entry is not None and entry.path and not entry.embeddings
            if role.tier is Tier.D and drafts:
                yield role.model

    def _library_model(self, role: str) -> ModelSpec | None:
        entry = self._registry.roles[role]
        if entry.model:
            self._mistake(
                ("roles", role, "model"), "a simplified registry takes its models from the library"
            )
        return library_model(role, entry.tier, self._paths)

    def _locate(self, path: str) -> Path:
        return located(path, self._path, self._paths)

    def _mistake(self, place: tuple[str, ...], text: str) -> None:
        self._mistakes.append(Mistake(self._document.line_of(place), text))


def _nearest(word: str, valid: Iterable[str]) -> str:
    names = list(valid)
    near = get_close_matches(word, names, n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; there are: {', '.join(names)}"


def _with_settings(roster: Roster, settings: Settings) -> Roster:
    """Let the settings have the last word on threads and on who answers."""
    default = settings.role or roster.default_role
    answering = [role.name for role in roster.answering]
    if default not in answering:
        raise SettingsInvalid(
            f"ORCHESTRATOR_ROLE is `{default}`, but no role of that name can answer"
            f"{_nearest(default, answering)}",
            remedy="Name one of these roles, or leave it empty.",
        )
    roles = roster.roles
    if settings.threads:
        roles = tuple(_with_threads(role, settings.threads) for role in roles)
    return roster.model_copy(update={"roles": roles, "default_role": default})


def _with_threads(role: RoleSpec, threads: int) -> RoleSpec:
    model = role.model.model_copy(update={"threads": threads})
    return role.model_copy(update={"model": model})
