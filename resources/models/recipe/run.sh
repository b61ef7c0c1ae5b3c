#!/bin/sh
# Sets up an environment of its own and trains; an interrupted run goes on at its last checkpoint.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../../.." && pwd)
train="$root/.venv-train"
if [ ! -f "$train/.ready" ]; then
    python3 -m venv "$train"
    "$train/bin/python" -m pip install --disable-pip-version-check -r "$here/requirements.txt"
    touch "$train/.ready"
fi
cd "$here/.."
"$train/bin/python" -m recipe all
"$root/.venv/bin/python" -m recipe.evaluate
