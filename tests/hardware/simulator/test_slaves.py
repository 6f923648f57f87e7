"""The slaves over real frames: obedience, refusals, repeats, all-stop, watchdog, own limits, faults of the line."""

from __future__ import annotations

import math

import pytest

from hardware.gas_modes import MODES, InsufflationMode
from hardware.limits import MASTER_SILENCE_S
from hardware.protocol import (
    REPLY_HEADER,
    REQUEST_HEADER,
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    FrameDecoder,
    Heartbeat,
    Identify,
    Identity,
    ModuleKind,
    PollCamera,
    Reason,
    Refusal,
    ReplyMismatchError,
    ResetGasUsed,
    SetFlow,
    SetGas,
    SetIntensity,
    SetLight,
    SetMode,
    SetPressure,
    decode_reply,
    encode_frame,
    encode_request,
)
from hardware.quantities import FLOW_SETPOINT, PRESSURE_SETPOINT
from hardware.readings import (
    MODULES,
    Address,
    CameraFault,
    CameraReading,
    InsufflatorDrive,
    InsufflatorFault,
    InsufflatorReading,
    LightDrive,
    LightFault,
    LightReading,
)
from hardware.simulator.control import Control
from hardware.simulator.rig import Rig

OPEN = InsufflatorDrive(duty=0.3, solenoid_open=True)


class Master:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.sequence = 0

    def ask(self, request, *, sequence: int | None = None):
        self.sequence = (self.sequence + 1) & 0xFF if sequence is None else sequence
        frames = FrameDecoder(REPLY_HEADER).feed(self.rig.exchange(encode_request(request, self.sequence)))
        return decode_reply(frames[0], request, self.sequence, self.rig.time_s) if frames else None

    def keep(self, seconds: float, drive: InsufflatorDrive = OPEN) -> InsufflatorReading:
        """Drive the insufflator at 50 Hz."""
        for _ in range(round(seconds * 50)):
            reading = self.ask(DriveInsufflator(drive))
            self.rig.advance(0.02)
        return reading


@pytest.fixture
def rig() -> Rig:
    return Rig(seed=5)


@pytest.fixture
def master(rig) -> Master:
    return Master(rig)


def test_every_module_says_who_it_is(master):
    for address in MODULES:
        identity = master.ask(Identify(address))
        assert isinstance(identity, Identity)
        assert identity.kind == ModuleKind(address)
    refusal = master.ask(Identify(Address.LIGHT, protocol_version=99))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.PROTOCOL_VERSION


def test_setpoints_are_applied_and_read_back(master):
    assert master.ask(SetPressure(15.0)) == Applied(0.0, 15.0)
    assert master.ask(SetFlow(17.5)) == Applied(0.0, 17.5)
    assert master.ask(SetIntensity(45.0)) == Applied(0.0, 45.0)
    gas = master.ask(DriveInsufflator(InsufflatorDrive()))
    assert (gas.pressure_setpoint_mmhg, gas.flow_setpoint_l_min) == (15.0, 17.5)
    light = master.ask(DriveLight(LightDrive()))
    assert light.intensity_setpoint_percent == 45.0


@pytest.mark.parametrize(
    ("address", "command", "data"),
    [
        (1, 0x11, (3100).to_bytes(2, "little")),  # 31.00 mmHg
        (1, 0x11, (0).to_bytes(2, "little")),
        (1, 0x12, (4500).to_bytes(2, "little")),  # 45 l/min
        (2, 0x21, (10_100).to_bytes(2, "little")),  # 101 %
    ],
)
def test_out_of_range_is_refused_and_changes_nothing(rig, master, address, command, data):
    before = rig.insufflator.reading(), rig.light.reading()
    reply = rig.exchange(encode_frame(REQUEST_HEADER, address, command, b"\x07" + data))
    (frame,) = FrameDecoder(REPLY_HEADER).feed(reply)
    assert frame.command == 0xFF
    assert tuple(frame.data) == (7, command, Reason.OUT_OF_RANGE)
    assert (rig.insufflator.reading(), rig.light.reading()) == before


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


@pytest.mark.parametrize(
    ("address", "command", "data", "reason"),
    [
        (1, 0x55, b"", Reason.UNKNOWN_COMMAND),
        (1, 0x21, b"\x00\x00", Reason.UNKNOWN_COMMAND),  # the light's
        (1, 0x11, b"\x00", Reason.BAD_LENGTH),
    ],
)
def test_what_a_slave_does_not_know_is_refused_with_the_reason(rig, address, command, data, reason):
    reply = rig.exchange(encode_frame(REQUEST_HEADER, address, command, b"\x09" + data))
    (frame,) = FrameDecoder(REPLY_HEADER).feed(reply)
    assert tuple(frame.data) == (9, command, reason)


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


def test_a_repeated_setpoint_is_answered_again_and_applied_once(rig, master):
    master.ask(SetGas(True))
    master.keep(3.0)
    assert rig.gas.gas_used_l > 0.1
    assert master.ask(ResetGasUsed(), sequence=77).value == 0.0
    master.keep(0.2)
    counted = rig.gas.gas_used_l
    assert counted > 0.0
    assert master.ask(ResetGasUsed(), sequence=77).value == 0.0  # the same request once more
    assert rig.gas.gas_used_l == counted


def test_all_stop_closes_the_gas_and_puts_the_light_to_standby_without_an_answer(rig, master):
    master.ask(SetGas(True))
    master.ask(SetLight(True))
    master.keep(0.5)
    assert rig.exchange(encode_request(AllStop(), 1)) == b""
    assert not rig.insufflator.running
    assert not rig.gas.solenoid_open
    assert not rig.light.on
    reading = master.ask(DriveInsufflator(OPEN))
    assert not reading.solenoid_open  # a late drive opens nothing


def test_after_500_ms_of_silence_every_slave_makes_itself_safe_and_says_so(rig, master):
    master.ask(SetGas(True))
    master.ask(SetIntensity(100.0))
    master.ask(SetLight(True))
    master.ask(DriveLight(LightDrive(0.8, 0.2)))
    master.keep(2.0)
    rig.advance(MASTER_SILENCE_S - 0.05)
    assert rig.gas.solenoid_open
    rig.advance(0.06)
    assert not rig.gas.solenoid_open
    assert rig.gas.duty == 0.0
    rig.advance(1.0)
    assert rig.lamp.current_ma < 200.0  # standby level: 150
    gas, light = master.ask(DriveInsufflator(OPEN)), master.ask(DriveLight(LightDrive(0.8, 0.2)))
    camera = master.ask(PollCamera())
    assert gas.faults & InsufflatorFault.WATCHDOG
    assert not gas.running
    assert not gas.solenoid_open
    assert light.faults & LightFault.WATCHDOG
    assert not light.on
    assert light.drive < 0.1
    assert camera.faults & CameraFault.WATCHDOG
    assert camera.streaming


def test_gas_and_light_come_back_only_when_somebody_starts_them_again(rig, master):
    master.ask(SetGas(True))
    master.ask(SetLight(True))
    rig.advance(1.0)
    reading = master.keep(3.0)
    assert reading.faults & InsufflatorFault.WATCHDOG
    assert not reading.running
    master.ask(SetGas(True))
    master.ask(SetLight(True))
    assert master.keep(0.1).faults == InsufflatorFault.NONE
    assert master.ask(DriveLight(LightDrive())).faults == LightFault.NONE
    assert master.ask(PollCamera()).faults == CameraFault.NONE


def test_any_valid_frame_of_the_master_counts_as_life_and_noise_does_not(rig, master):
    master.ask(SetGas(True))
    master.ask(DriveInsufflator(OPEN))
    for _ in range(20):
        rig.advance(0.1)
        rig.exchange(encode_request(Heartbeat(), 0))
    assert rig.insufflator.running
    for _ in range(6):
        rig.advance(0.1)
        rig.exchange(b"\x5a\x01\x04noise")
    assert not rig.insufflator.running


def test_a_drive_that_is_not_renewed_lapses_while_the_master_talks_to_others(rig, master):
    master.ask(SetGas(True))
    master.keep(1.0)
    assert rig.gas.solenoid_open
    for _ in range(30):
        master.ask(PollCamera())
        rig.advance(0.02)
    assert not rig.gas.solenoid_open
    assert rig.gas.duty == 0.0
    gas = master.ask(DriveInsufflator(OPEN))
    assert gas.running, "the supply itself was not ended: the watchdog has not tripped"
    assert gas.solenoid_open


def test_before_the_first_master_frame_there_is_no_watchdog_alarm(rig, master):
    rig.advance(5.0)
    assert master.ask(DriveInsufflator(InsufflatorDrive())).faults == InsufflatorFault.NONE


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


def test_the_light_switches_itself_off_when_too_hot_and_refuses_until_cool(rig, master):
    master.ask(SetLight(True))
    rig.lamp.fan_dead = True
    for _ in range(3000):
        reading = master.ask(DriveLight(LightDrive(0.9, 1.0)))
        rig.lamp.advance(0.1)
        rig.light.advance(0.1)
        if reading.faults & LightFault.OVER_TEMPERATURE:
            break
    assert reading.drive == 0.0
    assert rig.lamp.led_c < 96.0
    refusal = master.ask(SetLight(True))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_NOW
    assert reading.faults & LightFault.FAN


@pytest.mark.parametrize("fault", ["light.temperature_nan", "light.temperature_out_of_range"])
def test_a_lamp_without_a_temperature_glows_and_cools_and_is_not_called_too_hot(rig, master, fault):
    control = Control(rig)
    master.ask(SetLight(True))

    def drive(order: LightDrive):
        for _ in range(20):
            master.ask(DriveLight(order))
            rig.advance(0.1)
        return master.ask(DriveLight(order))

    assert drive(LightDrive(0.5, 0.1)).drive == pytest.approx(0.5)
    control.obey({"fault": fault})
    reading = drive(LightDrive(0.9, 0.1))
    assert reading.drive == pytest.approx(1.3 * 0.05 * 3000.0 / 3600.0, abs=1e-4)
    assert reading.fan_percent > 80.0
    assert reading.on
    assert reading.faults == LightFault.NONE
    assert drive(LightDrive(0.01, 0.1)).drive == pytest.approx(0.01)  # less is obeyed
    assert not isinstance(master.ask(SetLight(False)), Refusal)
    assert not isinstance(master.ask(SetLight(True)), Refusal)
    control.obey({"repair": fault})
    assert drive(LightDrive(0.5, 0.1)).drive == pytest.approx(0.5)


@pytest.mark.parametrize(("fault", "told"), [("nan", math.isnan), ("out_of_range", lambda speed: speed > 120.0)])
def test_a_broken_tachometer_is_told_as_it_reads(rig, master, fault, told):
    Control(rig).obey({"fault": f"light.tachometer_{fault}"})
    rig.advance(0.1)
    assert told(master.ask(DriveLight(LightDrive(0.1, 0.5))).fan_percent)


def test_half_a_frame_does_not_deafen_a_slave(rig, master):
    rig.receive(b"\x5a\x01\x40\x11")  # 64 data bytes announced, none come
    rig.advance(0.02)
    assert master.ask(SetPressure(15.0)).value == 15.0


def test_faults_of_the_line(rig, master):
    control = Control(rig)
    control.obey({"mute": "light"})
    assert master.ask(DriveLight(LightDrive())) is None
    assert isinstance(master.ask(PollCamera()), CameraReading)
    control.obey({"unmute": "light"})
    assert isinstance(master.ask(DriveLight(LightDrive())), LightReading)

    control.obey({"fault": "camera.wrong_address"})
    with pytest.raises(ReplyMismatchError, match="address"):
        master.ask(PollCamera())
    control.obey({"repair": "all"})

    control.obey({"fault": "camera.slow"})
    request = encode_request(PollCamera(), 9)
    assert rig.exchange(request) == b""
    rig.advance(0.19)
    assert rig.take_replies() == b""
    rig.advance(0.02)
    assert len(rig.take_replies()) > 10
    control.obey({"repair": "all"})

    control.obey({"fault": "line.cut"})
    assert master.ask(PollCamera()) is None
    control.obey({"repair": "line.cut"})

    control.obey({"set": {"bit_error_rate": 0.05}})
    replies = [rig.exchange(encode_request(PollCamera(), n)) for n in range(40)]
    good = sum(len(FrameDecoder(REPLY_HEADER).feed(r)) for r in replies)
    assert good < 5
    control.obey({"set": {"bit_error_rate": 0}})
    assert isinstance(master.ask(PollCamera()), CameraReading)


def test_a_reset_slave_has_forgotten_everything_but_the_patient(rig, master):
    master.ask(SetPressure(20.0))
    master.ask(SetGas(True))
    master.keep(2.0)
    gas_ml = rig.gas.abdomen_ml
    Control(rig).obey({"fault": "insufflator.reset"})
    reading = master.ask(DriveInsufflator(OPEN))
    assert (reading.pressure_setpoint_mmhg, reading.running, reading.gas_used_l) == (12.0, False, 0.0)
    assert rig.gas.abdomen_ml == gas_ml


def test_the_camera_shows_that_it_lacks_light(rig, master):
    dark = master.ask(PollCamera())
    rig.lamp.drive = 0.8
    rig.lamp.advance(1.0)
    bright = master.ask(PollCamera())
    assert bright.exposure_us < dark.exposure_us
    assert bright.gain_db < dark.gain_db
