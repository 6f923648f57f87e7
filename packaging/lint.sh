#!/bin/sh
# Style, format, types and the arrows between the packages: all four run, and any that fails fails the whole.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"

failed=""
check() {
    printf '\n== %s\n' "$*"
    tool=$1
    shift
    "$VENV/bin/$tool" "$@" || failed="$failed $tool"
}

check ruff check .
check ruff format --check .
check pyright
check lint-imports
[ -z "$failed" ] || fail "lint failed:$failed"
say "lint is clean."
