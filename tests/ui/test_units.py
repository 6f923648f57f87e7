"""Pressures in kPa and cmH2O: shown, typed, drawn, while what is held and sent stays in mmHg."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from ui import gallery_states, phrases, samples, units, viewmodels
from ui.appearance import Appearance
from ui.headline import HIGH_MMHG
from ui.intents import SetSetpoint
from ui.viewstate import SetpointSpec, SetpointState, SetpointView

PRESSURE = samples.SETPOINTS[0]
CHILD = replace(PRESSURE, maximum=15.0)


@pytest.fixture
def kpa():
    units.use("kPa")
    yield
    units.use("mmHg")


def show(window, unit: str) -> None:
    window.show_appearance(Appearance(pressure_unit=unit), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)


@pytest.mark.parametrize(("unit", "places"), [("kPa", 2), ("cmH2O", 1)])
def test_every_value_that_can_be_typed_is_sent_and_shown_again_as_typed(unit, places):
    units.use(unit)
    try:
        spec = units.setpoint(PRESSURE)
        first, last = round(spec.minimum * 10**places), round(spec.maximum * 10**places)
        for steps in range(first, last + 1):
            typed = f"{steps / 10**places:.{places}f}"
            sent_mmhg = units.held(float(typed), "mmHg")
            assert PRESSURE.minimum <= sent_mmhg <= PRESSURE.maximum
            on_the_wire = round(sent_mmhg / 0.01)  # docs/protocol.md: u16, 0.01 mmHg
            assert sent_mmhg == pytest.approx(on_the_wire * 0.01, abs=1e-9)
            assert viewmodels.setpoint_number(on_the_wire / 100, PRESSURE.decimals, "mmHg") == typed
    finally:
        units.use("mmHg")


@pytest.mark.parametrize(
    ("unit", "spec", "low", "high"),
    [
        ("kPa", PRESSURE, 0.14, 4.0),
        ("kPa", CHILD, 0.14, 2.0),
        ("cmH2O", PRESSURE, 1.4, 40.7),
        ("mmHg", PRESSURE, 1, 30),
    ],
)
def test_ranges_are_rounded_inwards(unit, spec, low, high):
    units.use(unit)
    try:
        shown = units.setpoint(spec)
        assert (shown.minimum, shown.maximum) == (low, high)
        beyond = (shown.minimum - 10**-shown.decimals, shown.maximum + 10**-shown.decimals)
        assert all(not spec.minimum <= units.held(value, spec.unit) <= spec.maximum for value in beyond)
    finally:
        units.use("mmHg")


def test_the_usual_pressures_look_as_expected(kpa):
    seen = [viewmodels.setpoint_number(value, 0, "mmHg") for value in (8, 12, 15)]
    assert seen == ["1.07", "1.60", "2.00"]
    assert viewmodels.setpoint_number(10.0, 1, "l/min") == "10.0"


def test_a_pressure_set_in_kpa_is_not_shown_as_a_whole_number_of_mmhg_that_it_is_not():
    assert viewmodels.setpoint_number(8.48, 0, "mmHg") == "8.5"
    assert viewmodels.setpoint_number(12.0, 0, "mmHg") == "12"


def test_typing_kpa_asks_for_mmhg_and_the_readback_stands_as_typed(window, intents, fingers):
    show(window, "kPa")
    try:
        gallery_states.play(window)
        fingers.tap(window.insufflator.set_pressure)
        assert window.pad.range.text() == "0.14 to 4.00 kPa"
        for key in "1.47":
            QTest.keyClicks(window.pad, key)
        fingers.tap(window.pad.apply)
        (asked,) = [intent for intent in intents if isinstance(intent, SetSetpoint)]
        assert asked.key == "pressure_setpoint"
        assert asked.value == pytest.approx(11.03)
        window.show_tower(
            replace(samples.tower(61.0), pressure_setpoint=SetpointView(11.03, None, SetpointState.ACTIVE))
        )
        assert window.insufflator.set_pressure.face.value == "1.47"
    finally:
        show(window, "mmHg")
    assert window.insufflator.set_pressure.face.value == "11"


def test_numbers_plots_modes_and_reasons_are_in_the_unit_and_histories_are_not(window):
    gallery_states.play(window)
    show(window, "kPa")
    try:
        pressure = window.insufflator.pressure
        view = samples.tower(60.0)
        refused = SetpointView(12, 31, SetpointState.REJECTED, "Set pressure must be 1 to 30 mmHg, got 31")
        window.show_tower(replace(view, pressure_setpoint=refused))
        window._show_numbers()
        assert pressure.unit.text() == "kPa"
        assert pressure.readout.text() == f"{view.abdomen.value * 0.133322:.2f}"
        assert pressure.other.text() == f"{view.pressure.value * 0.133322:.2f}"
        assert window.insufflator.set_pressure.face.reason.endswith("Set pressure must be 0.13 to 4.00 kPa, got 4.13")
        pressure.plot.refresh(view.time_s)
        assert "P2 2.93" in pressure.plot.names()
        assert window.mode_card.options["adult"].ranges[0] == "0.14–4.00 kPa"
        assert window.mode_card.options["adult"].ranges[1] == "0.5–20.0 l/min"
        assert units.words(HIGH_MMHG) == "0.40 kPa"
        assert 1.3 < pressure.plot.drawn()[1][-1] < 2.7
        held = window.histories["pressure"].at(view.time_s)[0]
        assert held is not None
        assert 10 < held[0] <= held[1] < 20  # mmHg
        window.show_tower(samples.with_alarms(view))
        assert window.alarm_bar.text.text() == "Pressure too high: 3.28 kPa"
    finally:
        show(window, "mmHg")
    assert window.insufflator.pressure.unit.text() == "mmHg"


def test_out_of_range_is_told_in_the_unit(window, intents, fingers):
    show(window, "cmH2O")
    try:
        gallery_states.play(window)
        fingers.tap(window.insufflator.set_pressure)
        for key in "40.8":
            QTest.keyClicks(window.pad, key)
        fingers.tap(window.pad.apply)
        assert "40.8 is outside 1.4 to 40.7 cmH₂O" in window.pad.message.text()
        assert not [intent for intent in intents if isinstance(intent, SetSetpoint)]
    finally:
        show(window, "mmHg")


def test_sentences_with_pressures_are_told_in_the_unit(kpa):
    assert phrases.say("the module applied 12 mmHg instead") == "the module applied 1.60 kPa instead"
    assert phrases.say("Gas was running: taken over (Adult, 12 mmHg, 10.0 l/min)") == (
        "Gas was running: taken over (Adult, 1.60 kPa, 10.0 l/min)"
    )
    assert phrases.say("Set flow must be 0.5 to 20.0 l/min, got 31") == "Set flow must be 0.5 to 20.0 l/min, got 31"


def test_a_plant_value_in_mmhg_goes_to_the_simulator_as_typed(kpa):
    spec = units.setpoint(SetpointSpec("plant.abdomen_mmhg", "Abdomen", "mmHg", 0.0, 60.0, 0.5, 1))
    assert spec.unit == "kPa"
    assert units.held(2.0, "mmHg") == pytest.approx(15.0)
