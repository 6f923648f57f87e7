"""A copy of the set-up scripts in an empty tree, with stand-ins for the programs of the machine that they call."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# A Python that knows its version and what set-up asks of it, and writes down what it was called with.
FAKE_PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
    *version_info*) echo {version} ;;
    "-m venv "*) mkdir -p "$3/bin" "$3/lib/python{version}/site-packages" && cp "$0" "$3/bin/python" ;;
    "-m pip "*) [ ! -e "{tree}/pip-fails" ] ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Tree:
    """A project folder with only the set-up in it.  `programs` is first on the path of what `run` starts."""

    root: Path
    programs: Path
    log: Path

    def program(self, name: str, text: str) -> Path:
        """Put an executable script `name` on the path."""
        path = self.programs / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def python(self, name: str, version: str) -> Path:
        """Put a stand-in for a Python of `version` on the path as `name`."""
        return self.program(name, FAKE_PYTHON.format(log=self.log, version=version, tree=self.root))

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run packaging/`script` with no terminal and no variables but these; takes 20 s at most."""
        variables = {"PATH": f"{self.programs}:/usr/bin:/bin", "HOME": str(self.root)} | environment
        return subprocess.run(
            ["sh", str(self.root / "packaging" / script), *arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self, start: str = "") -> list[str]:
        """What the stand-ins were called with, those beginning with `start`."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.startswith(start)]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "limpid"
    shutil.copytree(PROJECT / "packaging", root / "packaging")
    programs = tmp_path / "programs"
    programs.mkdir()
    made = Tree(root, programs, tmp_path / "calls")
    # The machine's own Pythons must not be found: they are tried and do not run, as pyenv's shims do.
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        made.program(name, "#!/bin/sh\nexit 127\n")
    return made


@pytest.fixture
def project() -> Path:
    """The root of this checkout."""
    assert os.access(PROJECT / "Makefile", os.R_OK)
    return PROJECT
