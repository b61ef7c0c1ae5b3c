#!/bin/sh
# Pins what pyproject.toml allows, with hashes, for all systems and Pythons.
set -eu
cd "$(dirname -- "$0")/../.."
[ -x .venv-lock/bin/uv ] || { python3 -m venv .venv-lock && .venv-lock/bin/pip install -q 'uv>=0.8,<1'; } >&2
compile() {
    .venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
        --no-header --no-annotate "$@"
}
# The engine comes as source and is built here, so it is pinned apart.
compile --extra dev --extra build --no-emit-package llama-cpp-python pyproject.toml -o requirements.lock
sed -n 's/^ *"\(llama-cpp-python==[^"]*\)",$/\1/p' pyproject.toml |
    compile --no-deps - -o requirements-engine.lock
