"""Keys and tokens: in the system's keyring, or where that is missing, in a private file."""

import json
from pathlib import Path

from app.domain.errors import SecretsUnavailable
from app.platform.paths import write_private

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
            raise self._unreadable() from error
        if not isinstance(found, dict):
            raise self._unreadable()
        return {str(key): str(value) for key, value in found.items()}

    def _write(self, secrets: dict[str, str]) -> None:
        """Replace the file as a whole, so that a power cut leaves the old one or the new one."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_private(self._file, json.dumps(secrets))
        except OSError as error:
            raise SecretsUnavailable(
                f"The file of secrets {self._file} cannot be written: {error.strerror}.",
                remedy="Check the folder's rights and the free space, then try again.",
            ) from error

    def _unreadable(self) -> SecretsUnavailable:
        return SecretsUnavailable(
            f"The file of secrets {self._file} cannot be read.",
            remedy="Move it away and enter the keys again.",
        )


def _unavailable() -> SecretsUnavailable:
    return SecretsUnavailable(
        "This computer has no keyring that Echelon can use.",
        remedy="Install one (for example gnome-keyring), or let Echelon use a private file.",
    )
