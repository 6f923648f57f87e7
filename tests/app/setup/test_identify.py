"""Who answers on a port: asked on a real pty, and nothing in a module changes by it."""

from __future__ import annotations

import pytest

from app.setup.identify import identify
from app.setup.trials import try_folder, try_port
from hardware.bus import PortError
from hardware.readings import MODULES, Address
from hardware.simulator.faults import FAULTS
from ui.setup.view import SIMULATED, Choice


def mute(line, name: str) -> None:
    next(fault for fault in FAULTS.values() if fault.name == f"{name}.mute").begin(line.rig, 0.0)


def test_every_module_says_who_it_is_and_stays_at_rest(line) -> None:
    found = identify(line.url)
    assert [module.address for module in found] == list(MODULES)
    assert all(module.name.startswith("SIM") and not module.problem for module in found)
    again = identify(line.url)
    assert again == found, "the port was given back"


def test_one_that_is_silent_is_told_from_those_that_answer(line) -> None:
    mute(line, "light")
    found = {module.address: module for module in identify(line.url)}
    assert found[Address.LIGHT].name == ""
    assert found[Address.INSUFFLATOR].name
    assert found[Address.CAMERA].name
    tested = try_port(Choice(port=line.url))
    assert tested.good is False
    assert [row.good for row in tested.lines] == [True, False, True]


def test_a_port_that_is_not_there_says_what_to_do(tmp_path) -> None:
    with pytest.raises(PortError, match="no such port"):
        identify(str(tmp_path / "ttyUSB9"))
    tested = try_port(Choice(port=str(tmp_path / "ttyUSB9")))
    assert tested.good is False
    assert "plug in the adapter" in tested.lines[0].text


def test_simulated_modules_are_started_asked_and_ended() -> None:
    tested = try_port(Choice(port=SIMULATED))
    assert tested.good is True
    assert len(tested.lines) == 3


def test_a_folder_is_tried_as_the_doctor_does(tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    bad = try_folder(Choice(directory=str(tmp_path / "file" / "cases")))
    assert bad.good is False
    assert bad.lines[0].text
    assert not (tmp_path / "cases").exists()
    assert "can be written" in try_folder(Choice(directory=str(tmp_path / "cases"))).lines[0].text
    assert not (tmp_path / "cases").exists(), "it is only made by a recording"
