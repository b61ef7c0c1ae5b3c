#!/bin/sh
# Trains the starter family; an interrupted run goes on at its last checkpoint.
# Arguments go to the recipe: names of models, --threads N, --work DIR.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd)
train="$root/.venv-train"
cd "$root"
if [ ! -f "$train/.ready" ]; then
    python3 -m venv "$train"
    # Only the extra "train" of pyproject.toml, not the program with its engine.
    "$train/bin/python" - pyproject.toml >"$train/requirements.txt" <<'TXT'
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["optional-dependencies"]["train"]))
TXT
    "$train/bin/python" -m pip install --disable-pip-version-check -r "$train/requirements.txt"
    touch "$train/.ready"
fi
exec "$train/bin/python" -m resources.models.recipe train "$@"
