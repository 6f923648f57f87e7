#!/bin/sh
# setup.sh LEVEL: makes the environment for running (runtime), for tests and lint (dev) or for the bundle (bundle).
# Quick when it is there already: a stamp in .venv holds the hash of all that the environment was made from.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

level=${1:-runtime}
requirements="packaging/requirements.txt"
lists="packaging/system-packages.txt"
case "$level" in
    runtime) ;;
    dev | bundle)
        requirements="$requirements packaging/requirements-$level.txt"
        lists="$lists packaging/system-packages-$level.txt"
        ;;
    *) fail "setup.sh: expected runtime, dev or bundle, got '$level'" ;;
esac
stamp="$VENV/limpid-$level.stamp"

# 1. Is the environment that is there one to keep?
have=""
[ ! -x "$VENV_PYTHON" ] || have=$(python_version "$VENV_PYTHON")
keep=yes
why=""
if [ ! -e "$VENV" ]; then
    keep=no
elif [ -z "$have" ]; then
    keep=no why="its Python does not run any more"
elif ! supported "$have"; then
    keep=no why="it is of Python $have"
elif [ -f "$VENV/limpid-root" ] && [ "$(cat "$VENV/limpid-root")" != "$ROOT" ]; then
    keep=no why="it was made in another folder, $(cat "$VENV/limpid-root")"
elif [ -n "${PYTHON:-}" ]; then
    python=$(sh packaging/find_python.sh)
    [ "$(python_version "$python")" = "$have" ] || keep=no why="it is of Python $have, not that of PYTHON=$PYTHON"
fi

# 2. The interpreter and the system packages.  Debian keeps venv apart from Python, so ask for it in the same breath.
more=""
if [ "$keep" = no ]; then
    python=$(sh packaging/find_python.sh)
    version=$(python_version "$python")
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        case "$python" in
            /usr/bin/* | /bin/*) more="python$version-venv" ;;
            *) fail "$python has no venv or ensurepip module. Choose another with PYTHON=/path/to/python3" ;;
        esac
    fi
fi
if [ "$level" = bundle ]; then
    # The bundle takes Python's shared library along, which Debian keeps apart too.
    [ "$keep" = no ] || { python=$VENV_PYTHON version=$have; }
    base=$("$python" -c 'import sys; print(sys.base_prefix)')
    [ "$base" != /usr ] || more="$more libpython${version}t64|libpython$version"
fi
# shellcheck disable=SC2086 # both are lists of words
sh packaging/system_packages.sh $lists -- $more

# 3. The environment.
if [ "$keep" = no ]; then
    [ -z "$why" ] || say "making .venv again: $why."
    say "making .venv with $python (Python $version)."
    rm -rf "$VENV"
    "$python" -m venv "$VENV" || {
        rm -rf "$VENV"
        fail "$python could not make a virtual environment (its message is above).
On Debian and Ubuntu: sudo apt-get install python$version-venv; elsewhere choose another with PYTHON=/path/to/python3"
    }
    printf '%s\n' "$ROOT" >"$VENV/limpid-root"
    have=$version
elif ! "$VENV_PYTHON" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("pip"))'; then
    say ".venv was left half made; finishing it."
    "$VENV_PYTHON" -m ensurepip --upgrade --default-pip >/dev/null || fail "pip could not be put into .venv. Remove .venv and try again."
fi

# 4. The packages, unless the stamp says that exactly these are in.
key_of() {
    { printf '%s\n%s\n' "$have" "$ROOT" && cat "$@" packaging/constraints.txt; } | sha256sum | cut -d' ' -f1
}
# shellcheck disable=SC2086
key=$(key_of $requirements)
[ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$key" ] || exit 0

say "installing the packages of $requirements; the first time this takes minutes."
# An install that was cut off leaves a package without pip's INSTALLER mark, which pip itself would take as done.
for info in "$VENV"/lib/python*/site-packages/*.dist-info; do
    [ ! -d "$info" ] || [ -f "$info/INSTALLER" ] || rm -rf "$info"
done
rm -f "$stamp"
set --
for file in $requirements; do set -- "$@" --requirement "$file"; done
[ -z "${TORCH_INDEX:-}" ] || set -- "$@" --extra-index-url "$TORCH_INDEX"
"$VENV_PYTHON" -m pip install --disable-pip-version-check --no-input --only-binary :all: \
    --constraint packaging/constraints.txt "$@" ||
    fail "pip could not install the packages (its message is above). Check the network (behind a proxy: HTTPS_PROXY) and the
space on the disk (df -h .), then run the same make command again: what is already there is kept."

# A library that the system lacks shows here, with its name, and not in the middle of an operation.
QT_LOGGING_RULES='qt.multimedia.*=false' "$VENV_PYTHON" -c 'import cv2, torch, av, PySide6.QtWidgets, PySide6.QtMultimedia' ||
    fail "the packages are in, but one cannot be loaded (the last line above names what is missing).
On Debian and Ubuntu look up the file with 'apt-file search NAME' and install its package, then try again."

# Moved into place whole, so that a cut here leaves no stamp.  Every level holds the runtime one.
write_stamp() {
    printf '%s\n' "$2" >"$1.new"
    mv "$1.new" "$1"
}
write_stamp "$VENV/limpid-runtime.stamp" "$(key_of packaging/requirements.txt)"
write_stamp "$stamp" "$key"
say "set up."
