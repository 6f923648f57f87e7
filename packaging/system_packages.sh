#!/bin/sh
# system_packages.sh LIST... [-- PACKAGE...]: installs what is missing of the lists' Debian packages, or prints the
# command that does and exits 1.  Quick and silent when nothing is missing.
set -eu
. "$(dirname -- "$0")/common.sh"
export LC_ALL=C

[ "${SYSTEM_PACKAGES:-}" != skip ] || exit 0
if ! command -v dpkg-query >/dev/null 2>&1; then
    say "not a Debian or Ubuntu: the libraries named in packaging/system-packages.txt are not checked, only used."
    exit 0
fi

wanted=""
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    wanted="$wanted $(sed 's/#.*//' "$1")"
    shift
done
[ $# -eq 0 ] || shift
wanted="$wanted $*"

installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')"
missing=""
for entry in $wanted; do
    for name in $(printf '%s' "$entry" | tr '|' ' '); do
        case "$installed" in *" $name "*) continue 2 ;; esac
    done
    missing="$missing $entry"
done
[ -n "$missing" ] || exit 0

# How to become root, if at all.  A password is asked for only where somebody can type one.
may_install=yes
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
    as_root="sudo env"
else
    may_install=no
fi

if [ "$may_install" = yes ]; then
    say "system packages are missing:$missing"
    [ "$as_root" != "sudo env" ] || say "sudo may ask for your password to install them."
    # A foreign source that doesn't answer must not stop us: whether the packages can be had, the install tells.
    $as_root DEBIAN_FRONTEND=noninteractive apt-get update -q || say "apt-get update had errors; going on with what it has."
fi

# Releases name some packages differently (Ubuntu 24.04 and Debian 13: ...t64): take the name that apt can install.
names=""
for entry in $missing; do
    for name in $(printf '%s' "$entry" | tr '|' ' '); do
        candidate=$(apt-cache policy "$name" 2>/dev/null | sed -n 's/^  Candidate: //p')
        [ -z "$candidate" ] || [ "$candidate" = "(none)" ] || break
    done
    names="$names $name"
done

command="apt-get install -y --no-install-recommends$names"
if [ "$may_install" = no ]; then
    fail "system packages are missing, and installing them needs root. Run this, then the same make command again:

    sudo apt-get update && sudo $command
"
fi
# shellcheck disable=SC2086 # the command is a list of words
$as_root DEBIAN_FRONTEND=noninteractive $command -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 ||
    fail "apt-get could not install the packages (its message is above). When that is solved, run the same make command again, or by hand:

    sudo $command
"
