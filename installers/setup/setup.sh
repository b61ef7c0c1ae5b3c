#!/bin/sh
# Makes .venv ready: system libraries, Python packages, the engine. Safe to interrupt and to repeat.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
cd "$root"

. "$here/system.sh"

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*"; exit 1; }

ensure_system_packages
python=$(find_python) || stop "Python 3.11 or newer is needed and was not found.
Install it (on Debian: apt-get install python3 python3-venv), then start again."

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "Making a virtual environment in .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv || stop "The virtual environment could not be made; see above."
fi

rm -f .venv/.ready
log=.venv/setup.log
say "Installing the Python packages (about 350 MB the first time) ..."
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes \
    -r requirements.lock >"$log" 2>&1; then
    tail -n 12 "$log"
    stop "The Python packages could not be installed. The whole log: $root/$log
Check the network connection and the free space on the disk, then start again."
fi

.venv/bin/python "$here/engine.py" || exit 1
touch .venv/.ready
say "Ready."
