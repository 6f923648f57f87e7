#!/bin/sh
# demo.sh [ARGUMENT...]: opens the tower on simulated modules; without a screen, runs it for 20 s and leaves a
# screenshot and a report.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

# Whether a window can be opened is asked of Qt itself, so that a screen that is named but gone counts as none.
# A failed attempt aborts: no core file of it.
why=""
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    why="no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
elif [ "${QT_QPA_PLATFORM:-}" = offscreen ]; then
    why="QT_QPA_PLATFORM=offscreen asks for no screen"
else
    # shellcheck disable=SC3045 # dash and bash know -c; another shell leaves the core file
    probe=$({ ulimit -c 0 2>/dev/null || true; timeout 20 "$VENV_PYTHON" -c 'from PySide6.QtGui import QGuiApplication; QGuiApplication([])'; } 2>&1) ||
        why="the screen (DISPLAY=${DISPLAY:-}, WAYLAND_DISPLAY=${WAYLAND_DISPLAY:-}) cannot be opened: $(printf '%s\n' "$probe" | grep -v '^$' | head -n 1)"
fi
[ -n "$why" ] || exec "$VENV_PYTHON" main.py --demo "$@"

say "$why."
say "running for 20 s without one, then leaving a screenshot and a report."
mkdir -p out
rm -f out/demo.png out/demo.json
status=0
QT_QPA_PLATFORM=offscreen "$VENV_PYTHON" main.py --demo --seconds 20 --screenshot out/demo.png --report out/demo.json "$@" || status=$?
for file in out/demo.png out/demo.json; do
    if [ -s "$file" ]; then
        say "$ROOT/$file"
    else
        say "$ROOT/$file was not written." >&2
        [ "$status" -ne 0 ] || status=1
    fi
done
[ "$status" -eq 0 ] || say "the demo failed with exit code $status." >&2
exit "$status"
