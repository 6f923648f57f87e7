#!/bin/sh
# Builds dist/limpid with PyInstaller.  Takes minutes and about 3 GB of disk meanwhile.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

"$VENV_PYTHON" -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build packaging/limpid.spec ||
    fail "PyInstaller failed (its message is above)."
say "built $ROOT/dist/limpid ($(du -sh dist/limpid | cut -f1)). Try it with: make bundle-check"
