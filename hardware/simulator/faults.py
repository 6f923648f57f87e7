"""Every fault that can be put into the simulated tower, one row each: its name, how it begins, how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardware.readings import Address
from hardware.simulator.pneumatics import Tube
from hardware.simulator.rig import Rig
from hardware.simulator.sensors import Sensor, SensorMode

SLOW_SLAVE_S = 0.2  # later than any master waits


@dataclass(frozen=True, slots=True)
class Fault:
    """One row.  `end` undoes `begin`; for what happens once (a reset) it does nothing."""

    name: str
    begin: Callable[[Rig], None]
    end: Callable[[Rig], None]


def _attribute(name: str, owner: Callable[[Rig], object], attribute: str, bad: object, good: object) -> Fault:
    return Fault(
        name,
        lambda rig: setattr(owner(rig), attribute, bad),
        lambda rig: setattr(owner(rig), attribute, good),
    )


def _sensor(part: str, sensor: Callable[[Rig], Sensor], drift_per_s: float) -> list[Fault]:
    def mode_setter(mode: SensorMode) -> Callable[[Rig], None]:
        def begin(rig: Rig) -> None:
            sensor(rig).mode = mode
            sensor(rig).drift_per_s = drift_per_s

        return begin

    return [
        Fault(f"{part}_{mode.value}", mode_setter(mode), lambda rig: sensor(rig).repair())
        for mode in SensorMode
        if mode is not SensorMode.OK
    ]


def _taps(name: str) -> list[Fault]:
    other = Address.CAMERA if name != "camera" else Address.LIGHT
    return [
        _attribute(f"{name}.mute", lambda rig: rig.taps[name], "mute", True, False),
        _attribute(f"{name}.wrong_address", lambda rig: rig.taps[name], "answer_as", int(other), None),
        _attribute(f"{name}.slow", lambda rig: rig.taps[name], "delay_s", SLOW_SLAVE_S, 0.0),
        Fault(f"{name}.reset", lambda rig: rig.slaves[name].reset(), lambda _rig: None),
    ]


_ROWS: tuple[Fault, ...] = (
    _attribute("insufflator.valve_stuck_open", lambda rig: rig.gas, "valve_stuck", 1.0, None),
    _attribute("insufflator.valve_stuck_closed", lambda rig: rig.gas, "valve_stuck", 0.0, None),
    _attribute("insufflator.solenoid_stuck_open", lambda rig: rig.gas, "solenoid_stuck", 1.0, None),
    _attribute("insufflator.solenoid_stuck_closed", lambda rig: rig.gas, "solenoid_stuck", 0.0, None),
    _attribute("insufflator.relief_stuck_open", lambda rig: rig.gas, "relief_stuck", 1.0, None),
    _attribute("insufflator.relief_stuck_closed", lambda rig: rig.gas, "relief_stuck", 0.0, None),
    _attribute("insufflator.tube_kinked", lambda rig: rig.gas, "tube", Tube.KINKED, Tube.CONNECTED),
    _attribute("insufflator.tube_pulled", lambda rig: rig.gas, "tube", Tube.PULLED, Tube.CONNECTED),
    *_sensor("insufflator.pressure1", lambda rig: rig.gas.pressure_1, 0.5),
    *_sensor("insufflator.pressure2", lambda rig: rig.gas.pressure_2, 0.5),
    *_sensor("insufflator.flow", lambda rig: rig.gas.flow, 0.2),
    *_sensor("insufflator.cylinder", lambda rig: rig.gas.cylinder_sensor, 0.2),
    _attribute("light.fan_dead", lambda rig: rig.lamp, "fan_dead", True, False),
    _attribute("light.led_open", lambda rig: rig.lamp, "led_open", True, False),
    *_sensor("light.current", lambda rig: rig.lamp.current, 50.0),
    *_sensor("light.temperature", lambda rig: rig.lamp.temperature, 1.0),
    *_sensor("light.tachometer", lambda rig: rig.lamp.tachometer, 2.0),
    _attribute("camera.no_signal", lambda rig: rig.camera, "no_signal", True, False),
    *_taps("insufflator"),
    *_taps("light"),
    *_taps("camera"),
    _attribute("line.cut", lambda rig: rig, "wire_cut", True, False),
)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in _ROWS}
