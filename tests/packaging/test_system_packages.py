"""System packages: installed only when missing and only with the right to; else the exact command is told."""

from __future__ import annotations

import pytest

from app.qt_probe import PACKAGES

# apt and its kin as stand-ins: what is installed and what can be had are files beside them.
DPKG_QUERY = '#!/bin/sh\nsed "s/^/installed /" "{folder}/installed"\n'
APT_CACHE = """#!/bin/sh
echo "$2:"
if grep -qx -- "$2" "{folder}/available"; then echo "  Candidate: 1.0"; else echo "  Candidate: (none)"; fi
"""
APT_GET = '#!/bin/sh\necho "$*" >> "{log}"\n[ "$1" != update ] || exit 100\n[ ! -e "{folder}/apt-fails" ]\n'


@pytest.fixture
def machine(tree):
    for name, text in (("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE), ("apt-get", APT_GET)):
        tree.program(name, text.format(folder=tree.programs, log=tree.log))
    tree.program("sudo", "#!/bin/sh\nexit 1\n")
    tree.program("id", "#!/bin/sh\necho 1000\n")
    (tree.root / "list.txt").write_text("# a comment\nlibfirst1\nlibsecond0t64|libsecond0\nlibthird2\n")
    (tree.programs / "installed").write_text("libfirst1\n")
    (tree.programs / "available").write_text("libfirst1\nlibsecond0\nlibthird2\n")
    return tree


def check(machine, *more: str):
    return machine.run("system_packages.sh", str(machine.root / "list.txt"), *more)


def test_nothing_is_done_when_all_is_there(machine):
    (machine.programs / "installed").write_text("libfirst1\nlibsecond0t64\nlibthird2\n")
    result = check(machine)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.calls() == []


def test_without_root_the_command_to_run_is_told(machine):
    result = check(machine, "--", "python3.11-venv")
    assert result.returncode == 1
    expected = "sudo apt-get install -y --no-install-recommends libsecond0 libthird2 python3.11-venv"
    assert expected in result.stderr
    assert machine.calls() == []


def test_a_renamed_package_is_taken_by_the_name_this_release_has(machine):
    (machine.programs / "available").write_text("libsecond0t64\nlibthird2\n")
    assert "libsecond0t64 libthird2" in check(machine).stderr


def test_root_installs_what_is_missing_even_if_a_foreign_source_fails(machine):
    machine.program("id", "#!/bin/sh\necho 0\n")
    result = check(machine)
    assert result.returncode == 0, result.stderr
    update, install = machine.calls()
    assert update.startswith("update")
    assert install.startswith("install -y --no-install-recommends libsecond0 libthird2 ")
    assert "libfirst1" not in install


def test_sudo_without_a_password_is_used(machine):
    machine.program("sudo", '#!/bin/sh\n[ "$1" = -n ] || exit 1\nshift\nexec "$@"\n')
    assert check(machine).returncode == 0
    assert len(machine.calls("install")) == 1


def test_a_failed_install_stops_with_the_command(machine):
    machine.program("id", "#!/bin/sh\necho 0\n")
    (machine.programs / "apt-fails").touch()
    result = check(machine)
    assert result.returncode == 1
    assert "sudo apt-get install -y" in result.stderr


def test_set_up_asks_for_venv_where_the_distribution_keeps_it_apart(machine):
    # Only a distribution's own Python can be helped by its packages: another is named as unfit.
    bare = machine.python("python3", "3.11")
    bare.write_text(bare.read_text().replace("case", '[ "$2" != "import ensurepip, venv" ] || exit 1\ncase', 1))
    result = machine.run("setup.sh", "runtime")
    assert result.returncode == 1
    assert "has no venv or ensurepip module" in result.stderr
    assert not (machine.root / ".venv").exists()


def test_what_the_doctor_tells_to_install_is_what_set_up_installs(project):
    listed = (project / "packaging" / "system-packages.txt").read_text().replace("|", "\n").splitlines()
    assert set(PACKAGES.values()) <= set(listed)
