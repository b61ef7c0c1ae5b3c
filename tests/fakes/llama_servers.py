"""The llama-server tests may use, if there is one: `make llama-server` builds it."""

import os
from pathlib import Path

import pytest

from installers.setup.llama_server import built

VARIABLE = "ECHELON_TEST_LLAMA_SERVER"


def llama_server() -> Path:
    """Return the program, or skip the test with the reason."""
    named = os.environ.get(VARIABLE)
    place = Path(named) if named else built()
    if not place.exists():
        pytest.skip(f"no llama-server: `make llama-server` builds one, or set {VARIABLE}")
    return place
