"""The choice of language, colours and unit: obeyed at once, kept over restarts, and what a bad file does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.adapters import gas_mode_specs, quantity_specs, setpoint_specs
from app.appearance import AppearanceDesk
from hardware.quantities import SETPOINTS
from ui.appearance import Appearance
from ui.intents import SetAppearance, StopGas
from ui.main_window import MainWindow

SPECS = (setpoint_specs(SETPOINTS), quantity_specs(), gas_mode_specs(SETPOINTS))
CONFIGURED = Appearance(px_per_mm=4.0)
CHOSEN = replace(CONFIGURED, language="zh", pressure_unit="kPa")


@pytest.fixture
def window(qtbot):
    made = MainWindow(SPECS[0], SPECS[1], gas_modes=SPECS[2])
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    yield made
    made.show_appearance(Appearance(), *SPECS)


def serve(window, file, configured=CONFIGURED):
    said: list[str] = []
    desk = AppearanceDesk(configured, SPECS, file)
    desk.serve(window, said.append)
    return desk, said


def test_a_choice_holds_at_once_and_after_a_restart(window, tmp_path):
    file = tmp_path / "new folder" / "appearance.json"
    desk, said = serve(window, file)
    assert desk.now == CONFIGURED
    window.intent.emit(StopGas())
    assert not file.exists()
    window.intent.emit(SetAppearance(CHOSEN))
    assert window.insufflator.stop.text() == "停止"
    assert window.insufflator.pressure.unit.text() == "kPa"
    assert window.appearance == CHOSEN
    assert said == []
    assert AppearanceDesk(CONFIGURED, SPECS, file).now == CHOSEN
    newer = replace(CONFIGURED, pressure_unit="cmH2O")  # changed in the configuration since: that is the newer wish
    assert AppearanceDesk(newer, SPECS, file).now == newer


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b'{"chosen": {"language": "xx"}}', b"\xff\xfe", b'{"chosen": 3, "configured": {}}']
)
def test_a_file_that_cannot_be_read_is_told_and_the_configuration_holds(window, tmp_path, damaged):
    file = tmp_path / "appearance.json"
    file.write_bytes(damaged)
    desk, said = serve(window, file)
    assert desk.now == CONFIGURED
    assert len(said) == 1
    assert str(file) in said[0]


def test_an_unknown_choice_in_the_file_is_told(tmp_path):
    file = tmp_path / "appearance.json"
    choice = {"language": "fr", "theme": "dark", "pressure_unit": "mmHg"}
    file.write_text(json.dumps({"chosen": choice, "configured": choice}))
    assert AppearanceDesk(CONFIGURED, SPECS, file).now == CONFIGURED


def test_a_choice_that_cannot_be_kept_holds_and_is_told(window, tmp_path):
    (tmp_path / "folder").write_text("a file in the folder's place")
    _, said = serve(window, tmp_path / "folder" / "appearance.json")
    window.intent.emit(SetAppearance(CHOSEN))
    assert window.insufflator.stop.text() == "停止"
    assert said[-1].startswith("Shown as chosen, but not kept")


def test_a_run_for_a_report_keeps_and_reads_nothing(window, tmp_path):
    desk, said = serve(window, None)
    window.intent.emit(SetAppearance(CHOSEN))
    assert desk.now == CHOSEN
    assert said == []
