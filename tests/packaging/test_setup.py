"""Set-up: which Python is taken, what a second call does, what an interrupted one leaves behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.14"])
def test_a_python_out_of_range_is_refused_by_name(tree, version):
    tree.python("python9", version)
    result = tree.run("find_python.sh", PYTHON="python9")
    assert result.returncode == 1
    assert f"Limpid needs Python 3.11, 3.12 or 3.13, but PYTHON=python9 is Python {version}." in result.stderr
    assert "apt-get install" in result.stderr


def test_without_a_fit_python_the_refusal_names_what_was_found(tree):
    tree.python("python3", "3.10")
    result = tree.run("setup.sh", "runtime", SYSTEM_PACKAGES="skip")
    assert result.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in result.stderr
    assert "python3 is 3.10" in result.stderr
    assert not (tree.root / ".venv").exists()


def test_a_missing_python_is_told_from_an_old_one(tree):
    result = tree.run("find_python.sh", PYTHON="python-that-is-not-here")
    assert result.returncode == 1
    assert "not a program that can be found" in result.stderr


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_machines_own_python_comes_first_when_it_fits(tree, version):
    own = tree.python("python3", version)
    tree.python("python3.11", "3.11")
    assert tree.run("find_python.sh").stdout == f"{own}\n"


def test_else_one_that_fits_is_found_past_those_that_do_not_run(tree):
    tree.python("python3", "3.14")
    fitting = tree.python("python3.12", "3.12")
    assert tree.run("find_python.sh").stdout == f"{fitting}\n"


def test_the_python_asked_for_wins(tree):
    tree.python("python3", "3.11")
    asked = tree.python("python3.13", "3.13")
    assert tree.run("find_python.sh", PYTHON="python3.13").stdout == f"{asked}\n"


def set_up(tree, level: str = "runtime", **environment: str):
    return tree.run("setup.sh", level, SYSTEM_PACKAGES="skip", **environment)


def pip_calls(tree) -> list[str]:
    return tree.calls("-m pip install")


def test_a_second_call_installs_nothing(tree):
    tree.python("python3", "3.11")
    first = set_up(tree)
    assert first.returncode == 0, first.stderr
    assert len(pip_calls(tree)) == 1
    assert "--constraint packaging/constraints.txt" in pip_calls(tree)[0]
    second = set_up(tree)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert len(pip_calls(tree)) == 1
    assert len(tree.calls("-m venv")) == 1


def test_a_moved_pin_is_installed(tree):
    tree.python("python3", "3.11")
    set_up(tree)
    with (tree.root / "packaging" / "constraints.txt").open("a") as file:
        file.write("another-package==1.0\n")
    assert set_up(tree).returncode == 0
    assert len(pip_calls(tree)) == 2
    assert len(tree.calls("-m venv")) == 1


def test_tests_need_more_than_the_demo(tree):
    tree.python("python3", "3.11")
    set_up(tree)
    set_up(tree, "dev")
    assert "requirements-dev.txt" not in pip_calls(tree)[0]
    assert "requirements-dev.txt" in pip_calls(tree)[1]
    set_up(tree, "dev")
    set_up(tree)
    assert len(pip_calls(tree)) == 2


def test_what_the_tests_need_holds_what_the_demo_needs(tree):
    tree.python("python3", "3.11")
    set_up(tree, "dev")
    set_up(tree, "bundle")
    assert set_up(tree).stdout == ""
    assert len(pip_calls(tree)) == 2


def test_a_failed_install_is_not_believed_done(tree):
    tree.python("python3", "3.11")
    (tree.root / "pip-fails").touch()
    failed = set_up(tree)
    assert failed.returncode == 1
    assert "run the same make command again" in failed.stderr
    (tree.root / "pip-fails").unlink()
    assert set_up(tree).returncode == 0
    assert len(pip_calls(tree)) == 2
    assert len(tree.calls("-m venv")) == 1, "the environment is finished, not begun again"


def test_a_half_copied_package_is_installed_again(tree):
    tree.python("python3", "3.11")
    (tree.root / "pip-fails").touch()
    set_up(tree)
    packages = tree.root / ".venv" / "lib" / "python3.11" / "site-packages"
    whole, half = packages / "whole-1.0.dist-info", packages / "half-1.0.dist-info"
    for info in (whole, half):
        info.mkdir()
        (info / "METADATA").touch()
    (whole / "INSTALLER").touch()
    (tree.root / "pip-fails").unlink()
    set_up(tree)
    assert whole.exists()
    assert not half.exists(), "pip would take it as installed"


def test_a_moved_checkout_gets_a_new_environment(tree):
    tree.python("python3", "3.11")
    set_up(tree)
    elsewhere = tree.root.with_name("elsewhere")
    shutil.copytree(tree.root, elsewhere)
    moved = type(tree)(elsewhere, tree.programs, tree.log)
    result = set_up(moved)
    assert "it was made in another folder" in result.stdout
    assert len(tree.calls("-m venv")) == 2


def test_another_python_gets_a_new_environment_only_when_asked_for(tree):
    tree.python("python3", "3.11")
    set_up(tree)
    tree.python("python3", "3.12")  # the distribution was upgraded beside the old one
    assert set_up(tree).stdout == ""
    result = set_up(tree, PYTHON="python3")
    assert "it is of Python 3.11, not that of PYTHON=python3" in result.stdout
    assert len(tree.calls("-m venv")) == 2


def test_an_environment_whose_python_is_gone_is_made_again(tree):
    tree.python("python3", "3.11")
    set_up(tree)
    python = tree.root / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\nexit 127\n")
    result = set_up(tree)
    assert result.returncode == 0, result.stderr
    assert "does not run any more" in result.stdout
    assert len(pip_calls(tree)) == 2


def test_another_index_for_torch_reaches_pip(tree):
    tree.python("python3", "3.11")
    set_up(tree, TORCH_INDEX="https://wheels.example/cpu")
    assert "--extra-index-url https://wheels.example/cpu" in pip_calls(tree)[0]


def test_no_package_of_tests_or_packaging_shadows_a_library(project: Path):
    found = [path for folder in ("tests", "packaging") for path in (project / folder).rglob("__init__.py")]
    assert found == []
