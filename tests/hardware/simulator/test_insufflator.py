"""The simulated insufflator over real frames: modes, counts, valves, its own limit, its sensors."""

from __future__ import annotations

import math

import pytest

from hardware.gas_modes import MODES, InsufflationMode
from hardware.protocol import (
    Applied,
    DriveInsufflator,
    Reason,
    Refusal,
    ResetGasUsed,
    SetFlow,
    SetGas,
    SetMode,
    SetPressure,
)
from hardware.quantities import FLOW_SETPOINT, PRESSURE_SETPOINT
from hardware.readings import (
    InsufflatorDrive,
    InsufflatorFault,
)
from hardware.simulator.control import Control

OPEN = InsufflatorDrive(duty=0.3, solenoid_open=True)


def gas_setpoints(master) -> tuple[InsufflationMode, float, float]:
    reading = master.ask(DriveInsufflator(InsufflatorDrive()))
    return reading.mode, reading.pressure_setpoint_mmhg, reading.flow_setpoint_l_min


@pytest.mark.parametrize("mode", InsufflationMode)
def test_a_mode_brings_its_flow_and_its_ranges(master, mode):
    spec = MODES[mode]
    assert master.ask(SetPressure(spec.pressure.minimum)) == Applied(0.0, spec.pressure.minimum)
    assert master.ask(SetMode(mode)) == Applied(0.0, mode)
    assert gas_setpoints(master) == (mode, spec.pressure.minimum, spec.flow.default)
    for request, allowed in ((SetPressure, spec.pressure), (SetFlow, spec.flow)):
        for value in (allowed.minimum, allowed.maximum):
            assert master.ask(request(value)) == Applied(0.0, value)
    beyond: list[SetPressure | SetFlow] = []
    if spec.pressure.maximum < PRESSURE_SETPOINT.maximum:
        beyond.append(SetPressure(spec.pressure.maximum + 0.01))
    if spec.flow.maximum < FLOW_SETPOINT.maximum:
        beyond.append(SetFlow(spec.flow.maximum + 0.01))
    if spec.flow.minimum > FLOW_SETPOINT.minimum:
        beyond.append(SetFlow(spec.flow.minimum - 0.01))
    assert beyond
    for request in beyond:
        refusal = master.ask(request)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is Reason.OUT_OF_RANGE
    assert gas_setpoints(master) == (mode, spec.pressure.maximum, spec.flow.maximum)


def test_a_pressure_that_the_new_mode_forbids_falls_to_its_usual_one_and_an_allowed_one_stays(master):
    master.ask(SetPressure(25.0))
    master.ask(SetMode(InsufflationMode.HIGH_FLOW))
    assert gas_setpoints(master) == (InsufflationMode.HIGH_FLOW, 25.0, 25.0)
    master.ask(SetMode(InsufflationMode.PAEDIATRIC))
    assert gas_setpoints(master) == (InsufflationMode.PAEDIATRIC, 8.0, 1.5)


def test_from_the_needle_to_the_trocar_the_gas_goes_on(master):
    master.ask(SetMode(InsufflationMode.VERESS))
    master.ask(SetGas(True))
    master.keep(0.5)
    assert master.ask(SetMode(InsufflationMode.ADULT)).value == InsufflationMode.ADULT
    reading = master.keep(0.1)
    assert (reading.running, reading.solenoid_open, reading.flow_setpoint_l_min) == (True, True, 10.0)


def test_supply_time_runs_with_the_supply_and_is_reset_with_the_gas_count(rig, master):
    assert master.keep(0.5).supply_s == 0.0
    master.ask(SetGas(True))
    master.keep(1.0)
    rig.advance(0.1)
    assert master.ask(DriveInsufflator(InsufflatorDrive())).supply_s == pytest.approx(1.1, abs=0.05)
    master.ask(SetGas(False))
    assert master.keep(0.5).supply_s == pytest.approx(1.1, abs=0.05)
    master.ask(ResetGasUsed())
    assert master.ask(DriveInsufflator(InsufflatorDrive())).supply_s == 0.0


def test_valves_obey_only_while_gas_is_enabled_and_relief_always(rig, master):
    reading = master.ask(DriveInsufflator(OPEN))
    assert (reading.duty, reading.solenoid_open, reading.running) == (0.0, False, False)
    assert master.ask(DriveInsufflator(InsufflatorDrive(relief_open=True))).relief_open
    assert master.ask(SetGas(True)).value is True
    reading = master.ask(DriveInsufflator(OPEN))
    assert (reading.duty, reading.solenoid_open, reading.running) == (0.3, True, True)
    master.ask(SetGas(False))
    assert not rig.gas.solenoid_open
    assert rig.gas.duty == 0.0


def test_own_limit_vents_when_the_master_does_not(rig, master):
    master.ask(SetGas(True))
    rig.gas.fill_to(26.0)
    reading = master.keep(0.3)
    assert rig.gas.relief_open
    assert reading.faults & InsufflatorFault.OWN_LIMIT
    assert not reading.solenoid_open
    refusal = master.ask(SetGas(True))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_NOW
    refusal = master.ask(SetMode(InsufflationMode.PAEDIATRIC))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_NOW
    pressures = [(master.keep(0.1, InsufflatorDrive()), rig.gas.abdomen_mmhg)[1] for _ in range(150)]
    assert 8.0 < pressures[-1] < 12.5
    assert not master.keep(0.1).faults & InsufflatorFault.OWN_LIMIT


def test_own_limit_needs_no_master_at_all(rig, master):
    master.ask(SetGas(True))
    rig.advance(1.0)
    rig.gas.fill_to(35.0)
    for _ in range(250):
        rig.advance(0.02)
    assert rig.gas.abdomen_mmhg < 20.0


def test_own_limit_does_not_empty_the_patient_for_a_sensor_at_its_rail(rig, master):
    master.ask(SetGas(True))
    rig.gas.fill_to(12.0)
    Control(rig).obey({"fault": "insufflator.pressure1_out_of_range"})
    for _ in range(100):
        rig.advance(0.02)
    assert rig.gas.abdomen_mmhg > 10.0
    rig.gas.fill_to(35.0)  # the other sensor still guards
    for _ in range(250):
        rig.advance(0.02)
    assert rig.gas.abdomen_mmhg < 20.0


def test_own_limit_believes_two_sensors_that_are_both_beyond_their_range(rig):
    rig.gas.fill_to(12.0)
    rig.gas.press_ml = 12_000.0
    rig.advance(0.3)
    assert rig.gas.node_mmhg > 100.0
    assert rig.gas.relief_open


def test_a_converter_without_a_number_is_reported_and_forbids_a_start(rig, master):
    Control(rig).obey({"fault": "insufflator.pressure2_nan"})
    rig.advance(0.1)
    reading = master.ask(DriveInsufflator(OPEN))
    assert math.isnan(reading.pressure2_mmhg)
    assert reading.faults & InsufflatorFault.PRESSURE_SENSOR_2
    refusal = master.ask(SetGas(True))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.FAULT
