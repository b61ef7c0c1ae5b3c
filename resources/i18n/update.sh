#!/bin/sh
# Collects the words of the window and of the core anew and compiles the window's translations; run
# it after words have changed.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-.venv/bin}
for words in resources/i18n/echelon_*.ts; do
    # shellcheck disable=SC2046 - no file of ours has a space in its name
    "$bin/pyside6-lupdate" -no-obsolete -locations none $(find app/ui -name '*.py' | sort) -ts "$words"
    "$bin/pyside6-lrelease" "$words" -qm "${words%.ts}.qm"
done
"$bin/python" resources/i18n/collect.py
