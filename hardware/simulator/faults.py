"""Every fault that can be put into the simulated tower, one row each: name, what it occupies, beginning and end."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hardware.readings import Address
from hardware.simulator.access import KINK_FACTOR, Tube
from hardware.simulator.plant_values import checked_number
from hardware.simulator.rig import Rig
from hardware.simulator.sensors import Sensor, SensorMode


class FaultError(ValueError):
    """A fault that cannot begin or end; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Severity:
    """How much of it: a number a fault can be given, and what it is when none is given."""

    unit: str
    minimum: float
    maximum: float
    default: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One row.  Two faults of one `part` cannot be in force together; without a `part` it happens once (a reset)."""

    name: str
    part: str | None
    begin: Callable[[Rig, float], None]
    end: Callable[[Rig], None]
    severity: Severity | None = None


def _attribute(
    name: str, part: str, owner: Callable[[Rig], object], attribute: str, bad: object, good: object
) -> Fault:
    return Fault(
        name,
        part,
        lambda rig, _value: setattr(owner(rig), attribute, bad),
        lambda rig: setattr(owner(rig), attribute, good),
    )


def _measured(
    name: str, part: str, owner: Callable[[Rig], object], attribute: str, severity: Severity, good: object
) -> Fault:
    """A fault whose value is the attribute's."""
    return Fault(
        name,
        part,
        lambda rig, value: setattr(owner(rig), attribute, value),
        lambda rig: setattr(owner(rig), attribute, good),
        severity,
    )


def _sensor(name: str, sensor: Callable[[Rig], Sensor], unit: str, drift_per_s: float) -> list[Fault]:
    """One per mode; a drift's value is its speed."""

    def mode_setter(mode: SensorMode) -> Callable[[Rig, float], None]:
        def begin(rig: Rig, value: float) -> None:
            sensor(rig).mode = mode
            sensor(rig).drift_per_s = value

        return begin

    drift = Severity(f"{unit}/s", -100.0 * drift_per_s, 100.0 * drift_per_s, drift_per_s)
    return [
        Fault(
            f"{name}_{mode.value}",
            name,
            mode_setter(mode),
            lambda rig: sensor(rig).repair(),
            drift if mode is SensorMode.DRIFTING else None,
        )
        for mode in SensorMode
        if mode is not SensorMode.OK
    ]


def _valve(name: str, attribute: str) -> list[Fault]:
    part = f"insufflator.{name}"
    partly = Severity("", 0.0, 1.0, 0.3)

    def owner(rig: Rig) -> object:
        return rig.gas

    return [
        _attribute(f"{part}_stuck_open", part, owner, attribute, 1.0, None),
        _attribute(f"{part}_stuck_closed", part, owner, attribute, 0.0, None),
        _measured(f"{part}_stuck_partly", part, owner, attribute, partly, None),
    ]


def _tube(name: str, state: Tube) -> Fault:
    return _attribute(f"insufflator.{name}", "insufflator.tube", lambda rig: rig.gas, "tube", state, Tube.CONNECTED)


def _kinked_partly(rig: Rig, factor: float) -> None:
    rig.gas.tube, rig.gas.kink_factor = Tube.KINKED, factor


def _unkinked(rig: Rig) -> None:
    rig.gas.tube, rig.gas.kink_factor = Tube.CONNECTED, KINK_FACTOR


def _cylinder_runs_out(rig: Rig, _value: float) -> None:
    rig.cylinder_before_l = rig.gas.cylinder.left_l
    rig.gas.cylinder.left_l = 0.0


def _cylinder_is_changed(rig: Rig) -> None:
    rig.gas.cylinder.left_l = rig.cylinder_before_l


def _taps(name: str) -> list[Fault]:
    """`slow` (later than a master waits), `sluggish` (within its patience), and what else can happen to a slave."""
    other = Address.CAMERA if name != "camera" else Address.LIGHT

    def tap(rig: Rig) -> object:
        return rig.taps[name]

    late, tardy = Severity("s", 0.0, 2.0, 0.2), Severity("s", 0.0, 2.0, 0.03)
    never = Fault(f"{name}.reset", None, lambda rig, _value: rig.slaves[name].reset(), lambda _rig: None)
    return [
        _attribute(f"{name}.mute", f"{name} answering", tap, "mute", True, False),
        _attribute(f"{name}.deaf", f"{name} hearing", tap, "deaf", True, False),
        _attribute(f"{name}.wrong_address", f"{name} address", tap, "answer_as", int(other), None),
        _measured(f"{name}.slow", f"{name} pace", tap, "delay_s", late, 0.0),
        _measured(f"{name}.sluggish", f"{name} pace", tap, "delay_s", tardy, 0.0),
        _measured(f"{name}.jittery", f"{name} jitter", tap, "jitter_s", Severity("s", 0.0, 2.0, 0.06), 0.0),
        _measured(f"{name}.losing_replies", f"{name} losses", tap, "loss", Severity("", 0.0, 1.0, 0.2), 0.0),
        never,
    ]


_ROWS: tuple[Fault, ...] = (
    *_valve("valve", "valve_stuck"),
    *_valve("solenoid", "solenoid_stuck"),
    *_valve("relief", "relief_stuck"),
    _measured(
        "insufflator.relief_leak",
        "insufflator.relief seat",
        lambda rig: rig.gas,
        "relief_leak_l_min",
        Severity("l/min", 0.0, 20.0, 1.0),
        0.0,
    ),
    _tube("tube_kinked", Tube.KINKED),
    Fault(
        "insufflator.tube_kinked_partly", "insufflator.tube", _kinked_partly, _unkinked, Severity("", 1.0, 400.0, 20.0)
    ),
    _tube("tube_pulled", Tube.PULLED),
    Fault("insufflator.cylinder_empty", "insufflator.cylinder", _cylinder_runs_out, _cylinder_is_changed),
    _measured(
        "insufflator.regulator_low",
        "insufflator.regulator",
        lambda rig: rig.gas.cylinder,
        "regulator_share",
        Severity("", 0.0, 1.5, 0.3),
        1.0,
    ),
    *_sensor("insufflator.pressure1", lambda rig: rig.gas.pressure_1, "mmHg", 0.5),
    *_sensor("insufflator.pressure2", lambda rig: rig.gas.pressure_2, "mmHg", 0.5),
    *_sensor("insufflator.flow", lambda rig: rig.gas.flow, "l/min", 0.2),
    *_sensor("insufflator.cylinder", lambda rig: rig.gas.cylinder_sensor, "bar", 0.2),
    _attribute("light.fan_dead", "light.fan", lambda rig: rig.lamp, "fan_dead", True, False),
    _measured("light.fan_worn", "light.fan", lambda rig: rig.lamp, "fan_share", Severity("", 0.0, 1.0, 0.4), 1.0),
    _attribute("light.led_open", "light.led", lambda rig: rig.lamp, "led_open", True, False),
    _attribute("light.led_short", "light.led", lambda rig: rig.lamp, "led_short", True, False),
    _measured("light.led_aged", "light.led light", lambda rig: rig.lamp, "led_share", Severity("", 0.0, 1.0, 0.5), 1.0),
    *_sensor("light.current", lambda rig: rig.lamp.current, "mA", 50.0),
    *_sensor("light.temperature", lambda rig: rig.lamp.temperature, "degC", 1.0),
    *_sensor("light.tachometer", lambda rig: rig.lamp.tachometer, "%", 2.0),
    _attribute("camera.no_signal", "camera.signal", lambda rig: rig.camera, "no_signal", True, False),
    _measured("camera.hot", "camera.heat", lambda rig: rig.camera, "extra_c", Severity("K", 0.0, 60.0, 40.0), 0.0),
    *_taps("insufflator"),
    *_taps("light"),
    *_taps("camera"),
    _attribute("line.cut", "line.wire", lambda rig: rig, "wire_cut", True, False),
    _measured("line.noise", "line.noise", lambda rig: rig, "fault_bit_error_rate", Severity("", 0.0, 0.5, 1e-3), 0.0),
)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in _ROWS}


def check_begin(in_force: Mapping[str, object], name: object, value: object = None) -> float:
    """What `name` would begin with, beside those `in_force`.  Raises `FaultError` when it cannot begin."""
    fault = _known(name)
    if fault.name in in_force:
        raise FaultError(f"{fault.name} is in force already; repair it before it can begin again")
    for other in in_force:
        if fault.part is not None and FAULTS[other].part == fault.part:
            raise FaultError(f"{fault.name} cannot begin: {other} is in force on the same part; repair that first")
    if fault.severity is None:
        if value is not None:
            raise FaultError(f"{fault.name} takes no value, got {value!r}")
        return 0.0
    if value is None:
        return fault.severity.default
    try:
        return checked_number(f"the value of {fault.name}", value, fault.severity.minimum, fault.severity.maximum)
    except ValueError as error:
        raise FaultError(f"{error}{f' {fault.severity.unit}' if fault.severity.unit else ''}") from None


def check_repair(in_force: Mapping[str, object], name: object) -> list[str]:
    """The faults that a repair of `name` (or "all") would end.  Raises `FaultError` when there is nothing to end."""
    if name == "all":
        return sorted(in_force)
    fault = _known(name, "all repairs every one; ")
    if fault.part is None:
        raise FaultError(f"{fault.name} happens once: there is nothing to repair")
    if fault.name not in in_force:
        raise FaultError(f"{fault.name} is not in force; in force: {', '.join(sorted(in_force)) or 'none'}")
    return [fault.name]


def begin_fault(rig: Rig, name: object, value: object = None) -> str:
    """Begin a fault; returns its name.  Raises `FaultError`, having changed nothing."""
    checked = check_begin(rig.faults_in_force, name, value)
    fault = _known(name)
    fault.begin(rig, checked)
    if fault.part is not None:
        rig.faults_in_force[fault.name] = checked
    return fault.name


def repair_fault(rig: Rig, name: object) -> list[str]:
    """End a fault, or "all"; returns the names of those that ended.  Raises `FaultError`, having changed nothing."""
    ended = check_repair(rig.faults_in_force, name)
    for each in ended:
        FAULTS[each].end(rig)
        del rig.faults_in_force[each]
    return ended


def listing() -> list[dict[str, object]]:
    """Every fault, with the value it can be given, as JSON can have it."""
    rows: list[dict[str, object]] = []
    for fault in FAULTS.values():
        row: dict[str, object] = {"name": fault.name, "part": fault.part}
        if fault.severity is not None:
            severity = fault.severity
            bounds = {"minimum": severity.minimum, "maximum": severity.maximum, "default": severity.default}
            row["value"] = {"unit": severity.unit, **bounds}
        rows.append(row)
    return rows


def _known(name: object, also: str = "") -> Fault:
    fault = FAULTS.get(name) if isinstance(name, str) else None
    if fault is None:
        near = difflib.get_close_matches(name, FAULTS, 3, 0.0) if isinstance(name, str) else []
        told = f"nearest: {', '.join(near)}" if near else "a fault is named as a text"
        raise FaultError(f'no fault {name!r}; {also}{told} ({{"get": "faults"}} lists all {len(FAULTS)})')
    return fault
