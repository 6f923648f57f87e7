#!/bin/sh
# test.sh [PYTEST ARGUMENT...]: runs the tests, with no need of a screen and without touching the one that is there.
# Without arguments all of them: three at a time those that may, then one by one those that keep time (tests/conftest.py).
#
# One process has one Qt platform.  The tests' own windows are drawn offscreen: no window manager decides about their
# size and focus, so they are the same on every machine.  Tests that want a real window start the program as a process
# of its own with QT_QPA_PLATFORM=xcb, on the 1920x1080 X server in memory that this script brings along.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
unset WAYLAND_DISPLAY
if command -v xvfb-run >/dev/null 2>&1; then
    run() { xvfb-run --auto-servernum --server-args "-screen 0 1920x1080x24 -nolisten tcp" "$VENV_PYTHON" -m pytest "$@"; }
else
    say "xvfb-run is not here: tests in a real window are skipped."
    unset DISPLAY
    run() { "$VENV_PYTHON" -m pytest "$@"; }
fi
if [ $# -gt 0 ]; then
    run "$@"
    exit
fi
status=0
run -m "not alone" --numprocesses 3 --dist loadscope --quiet || status=$?
run -m alone || status=$?
exit "$status"
