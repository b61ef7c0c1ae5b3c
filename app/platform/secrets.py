"""Keys and tokens: in the system's keyring, or where that is missing, in a private file."""

import json
import os
from pathlib import Path

from app.domain.errors import SecretsUnavailable

_SERVICE = "echelon"


class Secrets:
    """Keeps secrets by name. `file` is used instead of the keyring once the user chose so."""

    def __init__(self, file: Path, *, use_file: bool = False) -> None:
        self._file = file
        self._use_file = use_file

    def get(self, name: str) -> str | None:
        """Return a secret, or None if there is none of that name."""
        if self._use_file:
            return self._read().get(name)
        import keyring  # noqa: PLC0415 - slow to import and rarely needed
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            return keyring.get_password(_SERVICE, name)
        except KeyringError as error:
            raise _unavailable() from error

    def set(self, name: str, value: str) -> None:
        """Keep a secret.

        Raises:
            SecretsUnavailable: this computer has no keyring and no file was chosen.
        """
        if self._use_file:
            self._write({**self._read(), name: value})
            return
        import keyring  # noqa: PLC0415
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            keyring.set_password(_SERVICE, name, value)
        except KeyringError as error:
            raise _unavailable() from error

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        if self._use_file:
            self._write({key: value for key, value in self._read().items() if key != name})
            return
        import keyring  # noqa: PLC0415
        from keyring.errors import KeyringError, PasswordDeleteError  # noqa: PLC0415

        try:
            keyring.delete_password(_SERVICE, name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise _unavailable() from error

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SecretsUnavailable(
                f"The file of secrets {self._file} cannot be read.",
                remedy="Move it away and enter the keys again.",
            ) from error
        return {str(key): str(value) for key, value in found.items()}

    def _write(self, secrets: dict[str, str]) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(secrets, file)
        fresh.replace(self._file)


def _unavailable() -> SecretsUnavailable:
    return SecretsUnavailable(
        "This computer has no keyring that Echelon can use.",
        remedy="Install one (for example gnome-keyring), or let Echelon use a private file.",
    )
