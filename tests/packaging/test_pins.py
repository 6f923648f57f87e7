"""Pins: every package is named at one version, and nothing is imported that set-up doesn't install."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = {"app", "ui", "hardware", "vision", "main", "tests"}


def lines(path: Path) -> list[str]:
    stripped = (re.sub(r"(^|\s)#.*", "", line).strip() for line in path.read_text().splitlines())
    return [line for line in stripped if line]


def pins(path: Path) -> dict[str, str]:
    """Canonical name -> version; fails on a line that pins nothing."""
    found = {}
    for line in lines(path):
        requirement = Requirement(line)
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", f"{path.name}: {line} is not pinned to one version"
        found[canonicalize_name(requirement.name)] = specifier.version
    return found


def requirement_files(project: Path) -> list[Path]:
    found = sorted((project / "packaging").glob("requirements*.txt"))
    assert len(found) == 3
    return found


def test_what_is_required_is_constrained_to_the_same_version(project):
    constraints = pins(project / "packaging" / "constraints.txt")
    for path in requirement_files(project):
        for name, version in pins(path).items():
            assert constraints.get(name) == version, f"{path.name}: {name}"


def test_what_the_requirements_pull_in_is_constrained_and_installed_so(project):
    constraints = pins(project / "packaging" / "constraints.txt")
    files = [path for path in requirement_files(project) if path.stem != "requirements-bundle"]
    waiting = [Requirement(line) for path in files for line in lines(path)]
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        distribution = metadata.distribution(name)
        assert name in constraints, f"constraints.txt does not name {name}, which is installed"
        installed = distribution.version.partition("+")[0]
        assert installed == constraints[name], f"{name}: {installed} is installed, {constraints[name]} pinned"
        for text in distribution.requires or ():
            further = Requirement(text)
            extras = requirement.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(further)
    assert len(seen) > 40, "the walk found too little to mean anything"


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (("app", "hardware", "ui", "vision"), ("requirements.txt",)),
        (("tests",), ("requirements.txt", "requirements-dev.txt")),
    ],
)
def test_nothing_is_imported_that_set_up_does_not_install(project, folders, files):
    allowed = {name for file in files for name in pins(project / "packaging" / file)}
    allowed |= {"shiboken6", "pydantic-core", "packaging"}  # parts of PySide6, of pydantic, of pytest
    distributions = metadata.packages_distributions()
    wrong = []
    for path in (path for folder in folders for path in sorted((project / folder).rglob("*.py"))):
        for name in sorted(set(imported(path)) - OWN - set(sys.stdlib_module_names)):
            owners = {canonicalize_name(owner) for owner in distributions.get(name, [])}
            # `bench codec` measures against pymodbus where that is installed, and says so where it isn't.
            if not owners & allowed and not (name == "pymodbus" and "bench" in path.parts):
                wrong.append(f"{path.relative_to(project)} imports {name}")
    assert wrong == []


def test_each_module_left_out_of_the_bundle_is_imported_by_nothing_in_it(project):
    spec = (project / "packaging" / "limpid.spec").read_text()
    (unused,) = re.findall(r"^unused = (\[.*?^\])", spec, re.MULTILINE | re.DOTALL)
    left_out = set(ast.literal_eval(unused)) - {"pymodbus"}
    used = set()
    for path in (path for folder in ("app", "hardware", "ui", "vision") for path in (project / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                used |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    assert used & left_out == set()
