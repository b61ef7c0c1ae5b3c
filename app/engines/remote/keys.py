"""The key of a remote: named in the registry, kept in the environment or the keyring."""

from collections.abc import Callable, Mapping

from app.domain.errors import RemoteKeyRefused

Keyring = Callable[[str], str | None]


def find_key(model: str, source: str, environ: Mapping[str, str], keyring: Keyring) -> str:
    """Return the key `source` names (`env:NAME` or `keyring:NAME`), or nothing if it names none.

    The keyring may ask the user something: call this where waiting harms nobody.

    Raises:
        RemoteKeyRefused: there is no such key.
        SecretsUnavailable: this computer has no keyring.
    """
    kind, _, name = source.partition(":")
    if kind == "env":
        key, where = environ.get(name), f"the environment has no variable {name}"
        remedy = f"Set {name} before Echelon starts."
    elif kind == "keyring":
        key, where = keyring(name), f"the keyring has no entry {name}"
        remedy = f"Put it there: python -m keyring set echelon {name}"
    else:
        return ""
    if not key:
        raise RemoteKeyRefused(f"The key of {model} is missing: {where}.", remedy=remedy)
    return key
