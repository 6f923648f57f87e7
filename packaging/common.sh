# What the set-up scripts share: where the project is, and how they speak.  Sourced, not run.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
VENV="$ROOT/.venv"
VENV_PYTHON="$VENV/bin/python"

# A Python of another project must not leak into this one's environment.
unset PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX

say() {
    printf 'limpid: %s\n' "$*"
}

fail() {
    printf 'limpid: %s\n' "$*" >&2
    exit 1
}

# python_version INTERPRETER -> "3.11", or nothing when it doesn't run (a pyenv shim without a version, say).
python_version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# supported VERSION: the versions that the constraints are pinned for.
supported() {
    case "$1" in
        3.11 | 3.12 | 3.13) return 0 ;;
        *) return 1 ;;
    esac
}
