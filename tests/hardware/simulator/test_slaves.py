"""The slaves over real frames: obedience, refusals, repeats, all-stop, watchdog, own limits, faults of the line."""

from __future__ import annotations

import pytest

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
    SetPressure,
    encode_frame,
    encode_request,
)
from hardware.readings import (
    MODULES,
    Address,
    CameraFault,
    CameraReading,
    InsufflatorDrive,
    InsufflatorFault,
    LightDrive,
    LightFault,
    LightReading,
)
from hardware.simulator.control import Control

OPEN = InsufflatorDrive(duty=0.3, solenoid_open=True)


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
