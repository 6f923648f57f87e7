#!/bin/sh
# Prints the path of the Python to set up with: PYTHON when given, else the machine's own if it is 3.11 to 3.13,
# else the first of these that runs.  Says why and exits 1 when there is none.
set -eu
. "$(dirname -- "$0")/common.sh"

HOW="Install one (Debian 12: apt-get install python3 python3-venv; Ubuntu 24.04: the same; Ubuntu 22.04:
apt-get install python3.11 python3.11-venv) or name one: make demo PYTHON=/path/to/python3.11"

if [ -n "${PYTHON:-}" ]; then
    path=$(command -v -- "$PYTHON") || fail "PYTHON=$PYTHON is not a program that can be found.
Limpid needs Python 3.11, 3.12 or 3.13. $HOW"
    version=$(python_version "$path")
    [ -n "$version" ] || fail "PYTHON=$PYTHON does not run as a Python.
Limpid needs Python 3.11, 3.12 or 3.13. $HOW"
    supported "$version" || fail "Limpid needs Python 3.11, 3.12 or 3.13, but PYTHON=$PYTHON is Python $version. $HOW"
    printf '%s\n' "$path"
    exit 0
fi

# The machine's own comes first: its packages are the ones the distribution keeps.  Then the oldest supported one,
# which the pins were measured with.
found=""
for name in python3 python3.11 python3.12 python3.13; do
    path=$(command -v -- "$name" 2>/dev/null) || continue
    version=$(python_version "$path")
    [ -n "$version" ] || continue
    if supported "$version"; then
        printf '%s\n' "$path"
        exit 0
    fi
    found="$found $name is $version;"
done
fail "Limpid needs Python 3.11, 3.12 or 3.13, and none is here (found:${found:- no Python 3 at all}). $HOW"
