"""What the documents point to is there: files, targets, commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def documents(project: Path) -> list[Path]:
    return [project / "README.md", project / "ARCHITECTURE.md", *sorted((project / "docs").glob("*.md"))]


def test_every_link_leads_to_a_file(project):
    broken = []
    for document in documents(project):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
            if not target.startswith(("http://", "https://")) and not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")
    assert broken == []


def test_every_make_target_that_is_named_exists(project):
    targets = set(re.findall(r"^([a-z-]+):", (project / "Makefile").read_text(), re.MULTILINE))
    for document in documents(project):
        named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", document.read_text(), re.MULTILINE))
        assert named <= targets, document.name


@pytest.mark.parametrize("command", ["simulate", "enhance", "doctor", "bench", "train", "evaluate"])
def test_every_command_of_the_readme_knows_its_help(project, command):
    assert re.search(rf"`{command}\b", (project / "README.md").read_text())
    result = subprocess.run(
        [sys.executable, "main.py", command, "--help"],
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"usage: main.py {command}")


def test_every_test_that_the_safety_page_names_exists(project):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (project / "docs" / "safety.md").read_text())
    assert len(named) > 40
    missing = []
    for path, test in named:
        file = project / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text()):
            missing.append(f"{path}::{test}")
    assert missing == []


def test_every_file_that_the_safety_page_names_exists(project):
    text = (project / "docs" / "safety.md").read_text()
    named = re.findall(r"`((?:app|hardware|ui|vision|packaging)/[\w/]*(?:\.py)?)`", text)
    assert named
    assert [path for path in named if not (project / path).exists()] == []
