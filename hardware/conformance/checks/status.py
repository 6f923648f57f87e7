"""Clauses P, V and T: who the slave is, what it is after power-on, and whether its status can be true."""

from __future__ import annotations

import math

from hardware.conformance.probe import DeviationError, Probe, UnseenError, frame_of
from hardware.conformance.registry import check
from hardware.gas_modes import MODES, InsufflationMode
from hardware.protocol import (
    PROTOCOL_VERSION,
    Identify,
    Identity,
    Reason,
    Refusal,
    ReplyMalformedError,
    ReplyMismatchError,
    decode_reply,
    identity_problem,
    reply_size,
)
from hardware.protocol.frame import OVERHEAD
from hardware.quantities import (
    CAMERA_WHITE_BALANCE,
    CYLINDER,
    FLOW,
    GAS_USED,
    LIGHT_CURRENT,
    LIGHT_FAN,
    LIGHT_INTENSITY,
    LIGHT_TEMPERATURE,
    PRESSURE,
    Quantity,
)
from hardware.readings import Address, InsufflatorFault, InsufflatorReading

_ADULT = MODES[InsufflationMode.ADULT]
# docs/protocol.md, Power-on; a test holds both to the same figures.
POWER_ON: dict[Address, dict[str, float]] = {
    Address.INSUFFLATOR: {
        "mode": InsufflationMode.ADULT,
        "pressure_setpoint_mmhg": _ADULT.pressure.default,
        "flow_setpoint_l_min": _ADULT.flow.default,
        "running": 0,
        "duty": 0,
        "solenoid_open": 0,
        "relief_open": 0,
        "gas_used_l": 0,
        "supply_s": 0,
        "faults": 0,
    },
    Address.LIGHT: {"intensity_setpoint_percent": LIGHT_INTENSITY.default, "on": 0, "drive": 0, "faults": 0},
    Address.CAMERA: {"automatic": 1, "white_balance_k": CAMERA_WHITE_BALANCE.default, "faults": 0},
}
# A camera has no rows in hardware/quantities.py for these: bounds that no head of its kind leaves.
_HEAD_C = Quantity("camera_temperature", "Camera temperature", "°C", -20.0, 100.0, 0.0, 60.0, 1, 0.0, 100.0, 1.0)
_FRAME_RATE = Quantity("frame_rate", "Frame rate", "1/s", 0.0, 240.0, 0.0, 120.0, 1, 0.0, 120.0, 1.0)
_HEAD_GAIN = Quantity("camera_gain", "Gain", "dB", -20.0, 60.0, 0.0, 24.0, 1, 0.0, 24.0, 1.0)
MEASURED: dict[Address, dict[str, Quantity]] = {
    Address.INSUFFLATOR: {
        "pressure_mmhg": PRESSURE,
        "pressure2_mmhg": PRESSURE,
        "flow_l_min": FLOW,
        "cylinder_bar": CYLINDER,
        "gas_used_l": GAS_USED,
    },
    Address.LIGHT: {"current_ma": LIGHT_CURRENT, "temperature_c": LIGHT_TEMPERATURE, "fan_percent": LIGHT_FAN},
    Address.CAMERA: {"temperature_c": _HEAD_C, "frame_rate": _FRAME_RATE, "gain_db": _HEAD_GAIN},
}
_SENSORS = {
    "pressure_mmhg": InsufflatorFault.PRESSURE_SENSOR_1,
    "pressure2_mmhg": InsufflatorFault.PRESSURE_SENSOR_2,
    "flow_l_min": InsufflatorFault.FLOW_SENSOR,
    "cylinder_bar": InsufflatorFault.CYLINDER_SENSOR,
}


@check("P1")
def power_on_state(p: Probe) -> None:
    try:
        reading = p.status()
    except DeviationError as error:
        raise UnseenError(f"the status can't be read: {error}") from error
    for name, expected in POWER_ON[p.address].items():
        value = float(getattr(reading, name))
        if not math.isclose(value, expected, abs_tol=1e-9):
            raise DeviationError(f"{name} {expected:g} after power-on", f"{value:g}")


@check("V1")
def identity(p: Probe) -> None:
    reply = p.ask(Identify(p.address))
    if isinstance(reply, Refusal):
        raise DeviationError(
            f"the slave to speak version {PROTOCOL_VERSION}",
            f"a refusal of Identify with {reply.reason.name}{_older_version(p)}",
        )
    assert isinstance(reply, Identity)
    if problem := identity_problem(reply, p.address):
        raise DeviationError(f"version {PROTOCOL_VERSION} and kind {int(p.address)}", problem)


def _older_version(p: Probe) -> str:
    """Which older version the slave speaks, in words; empty where it speaks none."""
    for version in range(PROTOCOL_VERSION - 1, 0, -1):
        reply = p.ask(Identify(p.address, version))
        if isinstance(reply, Identity):
            return f"; it speaks version {reply.protocol_version} (firmware {reply.firmware}): update it"
    return ""


@check("V2")
def identity_text(p: Probe) -> None:
    answer = p.exchange(p.frame(0x01, bytes((PROTOCOL_VERSION,))))
    if answer.frame is None or len(answer.frame.data) != reply_size(Identify(p.address)) - OVERHEAD:
        raise DeviationError("an identity of 23 data bytes", str(answer))
    for name, field in (("firmware", answer.frame.data[3:11]), ("serial_number", answer.frame.data[11:])):
        text = field.rstrip(b"\0")
        if not all(0x20 <= octet < 0x7F for octet in text):
            raise DeviationError(f"{name} in printable ASCII, filled up with zeros", field.hex(" ").upper())


@check("V3")
def other_versions(p: Probe) -> None:
    for version in (0, 250, 255):
        p.refused(p.frame(0x01, bytes((version,))), Reason.PROTOCOL_VERSION, f"version {version}")


@check("T1")
def status_is_well_built(p: Probe) -> None:
    request = p.poll()
    answer = p.exchange(request)
    if answer.frame is None:
        raise DeviationError("the status", str(answer))
    try:
        decode_reply(answer.frame, p.poll_request, frame_of(request).sequence, 0.0)
    except (ReplyMismatchError, ReplyMalformedError) as error:
        raise DeviationError("the status as the page says", f"{answer}: {error}") from error


@check("T2")
def measured_values_are_plausible(p: Probe) -> None:
    for _ in range(5):
        reading = p.status()
        for name, quantity in MEASURED[p.address].items():
            value = getattr(reading, name)
            if not math.isnan(value) and not quantity.plausible(value):
                raise DeviationError(
                    f"{name} from {quantity.absolute_min:g} to {quantity.absolute_max:g} {quantity.unit}, or no value"
                    " where the sensor gives none",
                    f"{value:g}",
                )
        p.hush(0.02)


@check("T3")
def a_broken_sensor_is_told(p: Probe) -> None:
    reading = p.status()
    assert isinstance(reading, InsufflatorReading)
    for name, bit in _SENSORS.items():
        value, told = getattr(reading, name), bool(reading.faults & bit)
        if math.isnan(value) != told:
            raise DeviationError(
                f"{bit.name} {'set' if not told else 'clear'} with {name} {'no value' if not told else f'{value:g}'}",
                "set" if told else "clear",
            )
