#!/bin/sh
# Starts the bundle as on a machine that has no Python: an empty environment, a PATH with nothing in it, a home of its
# own, no screen, and from a copy elsewhere, so that nothing of the source tree can be found by chance.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

[ -x dist/limpid/limpid ] || fail "dist/limpid/limpid is not there: run make bundle first."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$place/home" "$place/empty"
cp -r dist/limpid "$place/limpid"
cd "$place"

run() {
    say "limpid $*"
    env -i HOME="$place/home" PATH="$place/empty" LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen "$place/limpid/limpid" "$@" ||
        fail "the bundle's 'limpid $*' failed with exit code $?."
}

# Licences: what is GPL only must not be in the folder (docs/third-party.md).
found=$(find "$place/limpid" -iname '*virtualkeyboard*')
[ -z "$found" ] || fail "the bundle holds a GPL part: $found"

run doctor
run --demo --seconds 20 --screenshot demo.png --report demo.json
for file in demo.png demo.json; do
    [ -s "$file" ] || fail "the bundle's demo wrote no $file."
done
grep -q '"enhanced": [1-9]' demo.json || fail "the enhanced view worked on no frame; its process is this program again."
say "the bundle starts without Python."
