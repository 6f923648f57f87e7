"""The scripts parse in the shells they are for, and Make knows what its help promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest


def test_shell_scripts_parse(project):
    scripts = sorted((project / "packaging").glob("*.sh"))
    assert len(scripts) >= 8
    for script in scripts:
        subprocess.run(["sh", "-n", script], check=True)


def test_the_script_of_continuous_integration_parses_and_can_be_run(project):
    script = project / ".ci" / "run"
    subprocess.run(["bash", "-n", script], check=True)
    assert os.access(script, os.X_OK)
    text = script.read_text()
    assert "make test" in text
    assert "make lint" in text


def test_every_target_in_the_help_exists(project):
    text = subprocess.run(["make", "-s", "help"], cwd=project, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)
    assert {"demo", "test", "lint", "bundle", "clean"} <= set(targets)
    for target in targets:
        result = subprocess.run(["make", "-n", target], cwd=project, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr


@pytest.mark.skipif("DISPLAY" not in os.environ, reason="no X server: run with make test, which brings one")
def test_a_real_window_opens_on_the_x_server(tmp_path):
    # Without libxcb-icccm4 and others of packaging/system-packages.txt Qt finds no platform plugin and aborts.
    script = tmp_path / "window.py"
    script.write_text(
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "application = QApplication([])\n"
        "window = QWidget()\n"
        "window.resize(640, 480)\n"
        "window.show()\n"
        "application.processEvents()\n"
        "print(application.platformName(), window.windowHandle().isExposed() or window.isVisible())\n"
    )
    result = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout == "xcb True\n", result.stderr
