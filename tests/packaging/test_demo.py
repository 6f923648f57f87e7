"""`make demo` with and without a screen."""

from __future__ import annotations

import os
import sys

import pytest

# Stands in for the tower: writes down how it was started, and what it was asked to leave behind.
MAIN = """
import os, pathlib, sys
arguments = sys.argv[1:]
print("platform", os.environ.get("QT_QPA_PLATFORM", "-"), "arguments", *arguments)
if "--fail" in arguments:
    sys.exit(1)
for option in ("--screenshot", "--report"):
    if option in arguments:
        pathlib.Path(arguments[arguments.index(option) + 1]).write_text("x")
"""


@pytest.fixture
def demo(tree):
    (tree.root / ".venv" / "bin").mkdir(parents=True)
    python = tree.root / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tree.root / "main.py").write_text(MAIN)
    return tree


def test_without_a_screen_it_says_so_and_names_what_it_left(demo):
    result = demo.run("demo.sh")
    assert result.returncode == 0, result.stderr
    assert "no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)" in result.stdout
    assert "platform offscreen arguments --demo --seconds 20" in result.stdout
    for name in ("demo.png", "demo.json"):
        path = demo.root / "out" / name
        assert path.exists()
        assert str(path) in result.stdout


def test_a_screen_that_is_named_but_gone_counts_as_none(demo):
    result = demo.run("demo.sh", DISPLAY=":98765")
    assert result.returncode == 0, result.stderr
    assert "the screen (DISPLAY=:98765, WAYLAND_DISPLAY=) cannot be opened: " in result.stdout
    assert "platform offscreen" in result.stdout


def test_a_failed_run_fails_and_leaves_no_old_report(demo):
    (demo.root / "out").mkdir()
    (demo.root / "out" / "demo.json").write_text("of an earlier run")
    result = demo.run("demo.sh", "--fail")
    assert result.returncode == 1
    assert "demo.json was not written" in result.stderr
    assert not (demo.root / "out" / "demo.json").exists()


@pytest.mark.skipif("DISPLAY" not in os.environ, reason="no X server: run with make test, which brings one")
def test_with_a_screen_it_opens_there(demo):
    keep = {name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY") if name in os.environ}
    result = demo.run("demo.sh", "--at-rest", **keep)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "platform - arguments --demo --at-rest\n"
