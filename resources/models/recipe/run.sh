#!/bin/sh
# Sets up an environment of its own and trains; an interrupted run goes on at its last checkpoint.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../../.." && pwd)
train="$root/.venv-train"
if [ ! -f "$train/.ready" ]; then
    python3 -m venv "$train"
    # Only the extra "train" of pyproject.toml, not the program with its engine.
    "$train/bin/python" - "$root/pyproject.toml" >"$train/requirements.txt" <<'TXT'
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["optional-dependencies"]["train"]))
TXT
    "$train/bin/python" -m pip install --disable-pip-version-check -r "$train/requirements.txt"
    touch "$train/.ready"
fi
cd "$here/.."
"$train/bin/python" -m recipe all
"$root/.venv/bin/python" -m recipe.evaluate
