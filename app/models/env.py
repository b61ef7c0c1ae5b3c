"""Settings from the environment and `.env`; a wrong one is named with the right way to write it."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError

from app.domain.errors import SettingsInvalid
from app.domain.settings import Settings

PREFIX = "ORCHESTRATOR_"


def load_settings(
    env_file: Path = Path(".env"), environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings; the environment beats the file.

    Raises:
        SettingsInvalid: a variable is unknown or its value does not fit.
    """
    given = {**_file_values(env_file), **(os.environ if environ is None else environ)}
    ours = {name.upper(): value for name, value in given.items() if name.upper().startswith(PREFIX)}
    known = {f"{PREFIX}{field.upper()}": field for field in Settings.model_fields}
    for name in ours:
        if name not in known:
            raise _unknown(name, list(known), env_file)
    # Empty means "not set", as a line in .env without a value does.
    values = {known[name]: value for name, value in ours.items() if value != ""}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _does_not_fit(error) from error


def _file_values(env_file: Path) -> dict[str, str]:
    try:
        found = dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(
            f"The file {env_file.absolute()} cannot be read.",
            remedy="It has to be text in UTF-8 that you may read.",
        ) from error
    return {name: value or "" for name, value in found.items()}


def _unknown(name: str, known: list[str], env_file: Path) -> SettingsInvalid:
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return SettingsInvalid(
        f"There is no setting {name}.",
        remedy=f"{hint} Look into the environment and {env_file.absolute()}.",
    )


def _does_not_fit(error: ValidationError) -> SettingsInvalid:
    problems = [
        f"{PREFIX}{str(each['loc'][0]).upper()} is {each['input']!r}: {each['msg']}"
        for each in error.errors()
    ]
    return SettingsInvalid(
        "A setting does not fit. " + "; ".join(problems) + ".",
        remedy="Correct it in the environment or in .env.",
    )
