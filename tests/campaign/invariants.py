"""The laws of the campaign, one class each: what must never be, judged on the plant's truth and on what was told.

Limits, ranges and age limits are written down here once more, on purpose: a wrong figure in the product must not make
the judge wrong with it.  Definitions in words, exclusions and their reasons: docs/campaign.md.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from app.status import TowerStatus
from hardware.protocol import SetExposure, SetFlow, SetGain, SetIntensity, SetPressure, SetWhiteBalance
from hardware.readings import Address, InsufflatorDrive, InsufflatorFault, InsufflatorReading
from hardware.simulator.access import Tube
from hardware.simulator.sensors import SensorMode
from tests.campaign.stack import STEP_SLACK_S, Stack, Told
from ui.viewstate import MeasuredView, SetpointState, TowerView, Validity

CEILING_MMHG = 30.0
MARGIN_MMHG = 10.0
SILENCE_S = 0.5
TOLERANCE_MMHG = 0.5  # what a healthy sensor may be off by: offset, noise and step of the simulated one
# A true pressure is at the control unit's output this much later: conversion and filter of the sensor 40 ms, wait for
# the next exchange 20 ms, two cycles 40 ms, and one cycle that ran over its beat.
TRUTH_LAG_S = 0.15
OWN_LIMIT_S = 0.10  # the module's own limit acts after this (docs/protocol.md)
EXCURSION_S = 0.5
AT_ONCE_S = 0.15  # of the 0.5 s an access passes gas for so long: P2 is to be seen, and there is a look in between
LOOKING = 4.0  # against a relief valve that is open all the time


def p2_mmhg(p1_mmhg: float) -> float:
    """The law's second pressure, mmHg."""
    return min(p1_mmhg + MARGIN_MMHG, CEILING_MMHG)


def told_gas(stack: Stack) -> tuple[Told, InsufflatorReading] | None:
    """The last status of the insufflator that the control unit was told."""
    told = stack.told.get(Address.INSUFFLATOR)
    if told is None or not isinstance(told.reading, InsufflatorReading):
        return None
    return told, told.reading


def left_out(stack: Stack) -> InsufflatorFault:
    """Pressure sensors that are truly out of order, as bits: the control unit may have found that out and be right."""
    bits = InsufflatorFault.NONE
    if stack.rig.gas.pressure_1.mode is not SensorMode.OK:
        bits |= InsufflatorFault.PRESSURE_SENSOR_1
    if stack.rig.gas.pressure_2.mode is not SensorMode.OK:
        bits |= InsufflatorFault.PRESSURE_SENSOR_2
    return bits


def higher_mmhg(reading: InsufflatorReading, but: InsufflatorFault = InsufflatorFault.NONE) -> float | None:
    """The higher of the pressures that are finite, possible (-5..100 mmHg), not reported as broken, not in `but`."""
    broken = reading.faults | but
    bits = InsufflatorFault.PRESSURE_SENSOR_1, InsufflatorFault.PRESSURE_SENSOR_2
    values = reading.pressure_mmhg, reading.pressure2_mmhg
    good = [v for v, bit in zip(values, bits, strict=True) if -5.0 <= v <= 100.0 and not broken & bit]
    return max(good, default=None)


def supplies(drive: InsufflatorDrive) -> bool:
    return drive.duty > 0.0 or drive.solenoid_open


def supply_open(stack: Stack) -> bool:
    """A supply valve is driven open in the module."""
    return stack.rig.gas.duty > 0.0 or stack.rig.gas.solenoid_open


def truthful_sensor(stack: Stack) -> bool:
    """At least one pressure sensor works."""
    gas = stack.rig.gas
    return gas.pressure_1.mode is SensorMode.OK or gas.pressure_2.mode is SensorMode.OK


def both_stuck(stack: Stack) -> bool:
    """Neither supply valve can close."""
    return bool(stack.rig.gas.valve_stuck) and bool(stack.rig.gas.solenoid_stuck)


def passed_ml_s(linear: float, quadratic: float) -> float:
    """Gas that an access lets out of an abdomen at 30 mmHg with 20 % of it left for the relief valve, ml/s."""
    drop_mmhg = 0.8 * CEILING_MMHG
    return (math.sqrt(linear * linear + 4.0 * quadratic * drop_mmhg) - linear) / (2.0 * quadratic)


class Law:
    """A judge that looks at nothing; each law looks where it must."""

    number = 0
    title = ""

    def on_truth(self, stack: Stack) -> None:
        pass

    def on_order(self, stack: Stack, order: InsufflatorDrive) -> None:
        pass

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        pass

    def on_view(self, stack: Stack, view: TowerView) -> None:
        pass


class PressureCeiling(Law):
    """(1) The abdomen is never above 30 mmHg (+ 0.5, a sensor's tolerance) for over 0.5 s with a working relief path.

    Truth alone.  The relief path works while the relief valve is not stuck (but open), the tube is neither kinked nor
    pulled, a pressure sensor is right, and one of the two supply valves can close.

    While the gas in the abdomen alone would make more than 30 mmHg, 0.5 s is all there is.  Otherwise somebody presses
    or coughs, faster than any valve can let out: then the time is 0.5 s, and four times as long as the access passes
    what is above 30 mmHg beyond what it passes in 0.15 s: the valve must close in between to see the abdomen
    (hardware/ccu/relief.py).  What took longer than 0.5 s is counted, as `pressed`.
    """

    number, title = 1, "abdomen above 30 mmHg for over 0.5 s"

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._excess_ml = 0.0
        self.pressed = 0
        self._counted = False

    def on_truth(self, stack: Stack) -> None:
        gas, now_s = stack.rig.gas, stack.wire.now_s
        relief = gas.relief_stuck is None or gas.relief_stuck >= 1.0
        works = relief and gas.tube is Tube.CONNECTED and truthful_sensor(stack) and not both_stuck(stack)
        if gas.abdomen_mmhg <= CEILING_MMHG + TOLERANCE_MMHG or not works:
            self._since_s, self._excess_ml, self._counted = None, 0.0, False
            return
        if self._since_s is None:
            self._since_s = now_s
        patient = gas.patient
        excess_ml = patient.gas_ml(gas.abdomen_mmhg) - patient.gas_ml(CEILING_MMHG)
        self._excess_ml = max(self._excess_ml, excess_ml)
        for_s = now_s - self._since_s
        if for_s <= EXCURSION_S:
            return
        by_gas_mmhg = patient.pressure_mmhg(gas.abdomen_ml)
        if by_gas_mmhg <= CEILING_MMHG:
            passes_ml_s = passed_ml_s(gas.access.linear, gas.access.quadratic)
            beyond_s = max(0.0, self._excess_ml / passes_ml_s - AT_ONCE_S)
            if for_s <= EXCURSION_S + LOOKING * beyond_s:
                self.pressed += not self._counted
                self._counted = True
                return
        stack.accuse(
            1,
            f"abdomen {gas.abdomen_mmhg:.1f} mmHg, above 30 for {for_s:.2f} s; gas alone makes {by_gas_mmhg:.1f}, "
            f"{self._excess_ml:.0f} ml too much; relief {'open' if gas.relief_open else 'closed'}",
        )


class SupplyAtP1(Law):
    """(2) No supply valve is open two cycles after P1 was reached.

    Order: in the cycle after a status with the higher good pressure at or above its P1, the control unit's order has
    both supply valves closed.  No exception.
    Module: two cycles after such a status, with none below P1 in between, both are driven closed in the module: on a
    clean bus always; otherwise as soon as a status has answered a closed order (drives that are lost lapse: law 4).
    Truth: on a clean bus with a pressure sensor that is right, the true line pressure 0.5 mmHg and more above P1 for
    0.15 s without a break finds both closed, and no gas flowing another 50 ms later; not judged while neither valve
    can close.
    """

    number, title = 2, "supply valve open at or above P1 two cycles later"

    def __init__(self) -> None:
        self._since_cycle: int | None = None
        self._obeyed = False
        self._seen: Told | None = None
        self._above_s: float | None = None
        self._p1 = math.nan

    def on_order(self, stack: Stack, order: InsufflatorDrive) -> None:
        if (told := told_gas(stack)) is None:
            return
        pressure, p1 = higher_mmhg(told[1]), told[1].pressure_setpoint_mmhg
        if pressure is not None and pressure >= p1 and supplies(order):
            stack.accuse(2, f"order opens a supply valve at {pressure:.2f} mmHg, P1 {p1:g}")

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        if (now := told_gas(stack)) is None:
            self._since_cycle = None
            return
        told, reading = now
        if told is not self._seen:
            self._seen = told
            pressure = higher_mmhg(reading)
            if pressure is None or pressure < reading.pressure_setpoint_mmhg:
                self._since_cycle = None
                return
            if self._since_cycle is None:
                self._since_cycle, self._obeyed = stack.cycle, False
            self._obeyed = self._obeyed or (told.drive is not None and not supplies(told.drive))
        if self._since_cycle is None or stack.cycle < self._since_cycle + 2:
            return
        if (stack.bus_clean or self._obeyed) and supply_open(stack):
            stack.accuse(2, f"a supply valve is open {stack.cycle - self._since_cycle} cycles after P1 was reported")

    def on_truth(self, stack: Stack) -> None:
        gas, now_s = stack.rig.gas, stack.wire.now_s
        p1 = stack.rig.insufflator.pressure_setpoint_mmhg
        above = gas.node_mmhg >= p1 + TOLERANCE_MMHG and p1 == self._p1
        self._p1 = p1
        if not (above and stack.bus_clean and truthful_sensor(stack)) or both_stuck(stack):
            self._above_s = None
            return
        if self._above_s is None:
            self._above_s = now_s
        for_s = now_s - self._above_s
        if for_s > TRUTH_LAG_S and supply_open(stack):
            stack.accuse(2, f"a supply valve is open with the true line pressure above P1 for {for_s:.3f} s")
        if for_s > TRUTH_LAG_S + 0.05 and gas.supply_l_min > 0.1:
            stack.accuse(2, f"{gas.supply_l_min:.1f} l/min flow with the line above P1 for {for_s:.3f} s")


class ReliefAtP2(Law):
    """(3) The relief valve is open two cycles after P2 was reached.

    P2 is the lower of P1 + 10 and 30 mmHg, of the P1 in the status; the pressure is the higher one of the sensors that
    are truly in order (one that is frozen or drifts may be found out and left aside).
    Order: from a status with the higher good pressure at or above P2 on, until one is below P1 or the last one is older
    than 0.25 s, the control unit's order has relief open and the supply closed.
    Module: two cycles after it, while that lasts, the relief valve is driven open: on a clean bus always, otherwise
    as soon as a status has answered such an order.  Counted anew from an all-stop.
    Truth, whatever bus and master do: with a pressure sensor that is right, the true line pressure 0.5 mmHg and more
    above the P2 of the module's own P1 finds the relief valve driven open within 0.1 s (the module's own limit) +
    0.15 s.  Whether a stuck valve follows is the plant's matter.
    """

    number, title = 3, "relief closed at or above P2 two cycles later"

    def __init__(self) -> None:
        self._since_cycle: int | None = None
        self._obeyed = False
        self._seen: Told | None = None
        self._closed_s: float | None = None
        self._p1 = math.nan

    def on_order(self, stack: Stack, order: InsufflatorDrive) -> None:
        if self._since_cycle is None or (told := told_gas(stack)) is None:
            return
        if stack.wire.now_s - told[0].at_s <= 0.25 and (not order.relief_open or supplies(order)):
            stack.accuse(3, f"order leaves relief closed, or supply open, P2 was reported: {order}")

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        if (now := told_gas(stack)) is None:
            self._since_cycle = None
            return
        told, reading = now
        if told is not self._seen:
            if self._seen is not None and told.at_s - self._seen.at_s > 0.25:
                self._since_cycle = None  # nothing was known for a while: what is known now counts
            self._seen = told
            self._take(stack, told, reading)
        if self._since_cycle is None or stack.cycle < max(self._since_cycle, stack.all_stop_cycle + 1) + 2:
            return
        if stack.wire.now_s - told.at_s > 0.25:
            return  # nothing is known any more: from here on the module's own limit
        if (stack.bus_clean or self._obeyed) and not stack.rig.gas.relief_open:
            stack.accuse(
                3, f"the relief valve is closed {stack.cycle - self._since_cycle} cycles after P2 was reported"
            )

    def _take(self, stack: Stack, told: Told, reading: InsufflatorReading) -> None:
        pressure, p1 = higher_mmhg(reading, left_out(stack)), reading.pressure_setpoint_mmhg
        if pressure is None or pressure < p1:
            self._since_cycle = None
        elif self._since_cycle is None and pressure >= p2_mmhg(p1):
            self._since_cycle, self._obeyed = stack.cycle, False
        elif self._since_cycle is not None:
            self._obeyed = self._obeyed or (told.drive is not None and told.drive.relief_open)

    def on_truth(self, stack: Stack) -> None:
        gas, now_s = stack.rig.gas, stack.wire.now_s
        p1 = stack.rig.insufflator.pressure_setpoint_mmhg
        must = gas.node_mmhg >= p2_mmhg(p1) + TOLERANCE_MMHG and truthful_sensor(stack) and p1 == self._p1
        self._p1 = p1
        if not must or gas.relief_open:
            self._closed_s = None
            return
        if self._closed_s is None:
            self._closed_s = now_s
        if now_s - self._closed_s > OWN_LIMIT_S + TRUTH_LAG_S:
            stack.accuse(3, f"line {gas.node_mmhg:.1f} mmHg, P2 {p2_mmhg(p1):g}, relief closed all the time")


class MasterSilence(Law):
    """(4) No valve is open after 500 ms of the master's silence.

    Silence: no bytes of the master have reached the modules (damaged ones count as heard, so the module's own count can
    only be longer).  Then both supply valves are driven closed and the supply is off; the relief valve is open only by
    the module's own limit.  The same for 500 ms without a drive to the insufflator, except that the supply may stay on.
    After a silence no supply valve opens again before a person has asked for it anew.
    """

    number, title = 4, "valve open after 500 ms of master silence"

    def __init__(self) -> None:
        self._silent_s: float | None = None

    def on_truth(self, stack: Stack) -> None:
        wire, gas, module = stack.wire, stack.rig.gas, stack.rig.insufflator
        if wire.now_s - wire.drive_heard_s > SILENCE_S + STEP_SLACK_S and supply_open(stack):
            stack.accuse(4, f"a supply valve is open {wire.now_s - wire.drive_heard_s:.3f} s after the last drive")
        if wire.now_s - wire.heard_s > SILENCE_S + STEP_SLACK_S:
            self._silent_s = wire.now_s
            if supply_open(stack) or module.running or (gas.relief_open and not module.own_limit):
                valves = f"duty {gas.duty:g}, solenoid {gas.solenoid_open}, relief {gas.relief_open}"
                stack.accuse(
                    4, f"after {wire.now_s - wire.heard_s:.3f} s of silence: {valves}, supply {module.running}"
                )
        elif self._silent_s is not None:
            # A request may be handed to the bus before its bytes end the silence.
            if min(stack.started_by_hand_s + 1.0, stack.gas_on_sent_s + 0.1) >= self._silent_s:
                self._silent_s = None
            elif supply_open(stack):
                stack.accuse(4, "a supply valve opened after a silence though nobody asked for gas since")


_FIELDS: dict[str, tuple[Address, Any, float]] = {  # where a status carries a setpoint, and half of the wire's step
    "pressure_setpoint": (Address.INSUFFLATOR, lambda r: r.pressure_setpoint_mmhg, 0.005),
    "flow_setpoint": (Address.INSUFFLATOR, lambda r: r.flow_setpoint_l_min, 0.005),
    "light_intensity": (Address.LIGHT, lambda r: r.intensity_setpoint_percent, 0.005),
    "camera_exposure": (Address.CAMERA, lambda r: r.exposure_us / 1000.0, 0.005),
    "camera_gain": (Address.CAMERA, lambda r: r.gain_db, 0.005),
    "camera_white_balance": (Address.CAMERA, lambda r: r.white_balance_k, 0.5),
}
_REQUESTS = {
    "pressure_setpoint": SetPressure,
    "flow_setpoint": SetFlow,
    "light_intensity": SetIntensity,
    "camera_exposure": SetExposure,
    "camera_gain": SetGain,
    "camera_white_balance": SetWhiteBalance,
}
_TRUTH = {
    "pressure_setpoint": lambda stack: stack.rig.insufflator.pressure_setpoint_mmhg,
    "flow_setpoint": lambda stack: stack.rig.insufflator.flow_setpoint_l_min,
    "light_intensity": lambda stack: stack.rig.light.intensity_percent,
}
LINK_LOST_S = 0.75  # after a standstill: the first question, 0.5 s without an answer, the camera's pace
OLDEST_S = 1.6  # a link counts as lost after 0.5 s, a control cycle as standing still after 1 s


class ActiveIsReadBack(Law):
    """(5) What is shown as active was read back.

    A setpoint's active value is that of the last status told, which is no older than 1.6 s, and the module truly held
    it within that time (not judged while the line is noisy: a damaged frame passes its CRC once in 65,536; nor for the
    0.75 s after the control cycle itself stood still, in which the link is asked anew).  It does
    not stand as `active` while a request for it is still under way.  P2, mode, gas on and light on are likewise those
    of the last status.
    """

    number, title = 5, "setpoint shown active that was not read back"

    def __init__(self) -> None:
        self._held: dict[str, deque[tuple[float, float]]] = {key: deque() for key in _TRUTH}

    def on_truth(self, stack: Stack) -> None:
        now_s = stack.wire.now_s
        for key, read in _TRUTH.items():
            history, value = self._held[key], read(stack)
            if not history or history[-1][1] != value:
                history.append((now_s, value))

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        for key, shown in status.setpoints.items():
            self._check(stack, key, shown.active, shown.state)

    def on_view(self, stack: Stack, view: TowerView) -> None:
        self._check(stack, "pressure_setpoint", view.pressure_setpoint.active, view.pressure_setpoint.state)
        self._check(stack, "flow_setpoint", view.flow_setpoint.active, view.flow_setpoint.state)
        self._check(stack, "light_intensity", view.light_intensity.active, view.light_intensity.state)
        self._check(stack, "camera_exposure", view.camera_exposure.active, view.camera_exposure.state)
        self._check(stack, "camera_gain", view.camera_gain.active, view.camera_gain.state)
        self._check(stack, "camera_white_balance", view.camera_white_balance.active, view.camera_white_balance.state)
        gas, light = told_gas(stack), stack.told.get(Address.LIGHT)
        reading = gas[1] if gas else None
        if view.p2_mmhg is not None and (
            reading is None or abs(view.p2_mmhg - p2_mmhg(reading.pressure_setpoint_mmhg)) > 0.005
        ):
            stack.accuse(5, f"P2 shown as {view.p2_mmhg:g}, P1 read back {reading and reading.pressure_setpoint_mmhg}")
        if view.gas_running is not None and (reading is None or view.gas_running is not reading.running):
            stack.accuse(5, f"gas shown {'on' if view.gas_running else 'off'}, which was not read back")
        if view.gas_mode is not None and (reading is None or view.gas_mode != reading.mode.name.lower()):
            stack.accuse(5, f"mode shown {view.gas_mode}, which was not read back")
        if view.light_on is not None and (light is None or view.light_on is not getattr(light.reading, "on", None)):
            stack.accuse(5, f"light shown {'on' if view.light_on else 'off'}, which was not read back")

    def _check(self, stack: Stack, key: str, active: float | None, state: SetpointState) -> None:
        if active is None:
            if state is SetpointState.ACTIVE:
                stack.accuse(5, f"{key} stands as active without a value")
            return
        address, field, tolerance = _FIELDS[key]
        told = stack.told.get(address)
        if told is None:
            stack.accuse(5, f"{key} shown as {active:g} before any status")
            return
        if abs(field(told.reading) - active) > tolerance * 1.01:
            stack.accuse(5, f"{key} shown as {active:g}, the last status says {field(told.reading):g}")
        resumed = stack.wire.now_s - stack.stood_still_until_s < LINK_LOST_S
        if stack.wire.now_s - told.at_s > OLDEST_S and not resumed:
            stack.accuse(5, f"{key} shown as {active:g}, read back {stack.wire.now_s - told.at_s:.2f} s ago")
        clean = not resumed and stack.wire.now_s - stack.noise_s > OLDEST_S
        if key in self._held and clean and not self._was_held(stack, key, active):
            stack.accuse(5, f"{key} shown as {active:g}, which the module never held lately")
        if state is SetpointState.ACTIVE and any(isinstance(r, _REQUESTS[key]) for r in stack.under_way.values()):
            stack.accuse(5, f"{key} stands as active at {active:g} while a request for it is under way")

    def _was_held(self, stack: Stack, key: str, active: float) -> bool:
        history, since_s = self._held[key], stack.wire.now_s - OLDEST_S
        while len(history) > 1 and history[1][0] < since_s:
            history.popleft()
        return any(abs(value - active) <= 0.0051 for _, value in history)


_SHOWN: dict[str, tuple[Address, str, float, float, float]] = {  # field, possible range, good for so long
    "pressure": (Address.INSUFFLATOR, "pressure_mmhg", -5.0, 100.0, 0.3),
    "flow": (Address.INSUFFLATOR, "flow_l_min", -1.0, 60.0, 0.3),
    "cylinder": (Address.INSUFFLATOR, "cylinder_bar", -1.0, 250.0, 0.3),
    "gas_used": (Address.INSUFFLATOR, "gas_used_l", 0.0, 1e6, 0.3),
    "light_temperature": (Address.LIGHT, "temperature_c", -20.0, 150.0, 1.0),
    "light_current": (Address.LIGHT, "current_ma", -50.0, 6000.0, 1.0),
    "light_fan": (Address.LIGHT, "fan_percent", 0.0, 100.0, 1.0),
}
_SENSORS: dict[str, Any] = {
    "pressure": lambda stack: stack.rig.gas.pressure_1.value,
    "flow": lambda stack: stack.rig.gas.flow.value,
    "light_temperature": lambda stack: stack.rig.lamp.temperature.value,
}


class GoodIsFresh(Law):
    """(6) What is shown as good is fresh and possible.

    The value is that of the last status told, came no longer ago than its age limit (gas side 0.3 s, light 1 s), is
    finite and inside what a healthy sensor can report; and the sensor truly converted to it within that time plus 0.1 s
    on the way (not judged while the line is noisy).  An estimate of the abdomen is good only while its status is fresh,
    a pressure sensor in it is good, and it lies in the possible range.  States in words for gas and light hold no
    longer than the readings.
    """

    number, title = 6, "stale or impossible value shown as good"

    def __init__(self) -> None:
        self._seen: dict[str, deque[tuple[float, float]]] = {key: deque() for key in _SENSORS}

    def on_truth(self, stack: Stack) -> None:
        now_s = stack.wire.now_s
        for key, read in _SENSORS.items():
            history, value = self._seen[key], read(stack)
            if not history or history[-1][1] != value:
                history.append((now_s, value))

    def on_view(self, stack: Stack, view: TowerView) -> None:
        for key in _SHOWN:
            self._check(stack, key, getattr(view, key))
        gas = told_gas(stack)
        age_s = stack.wire.now_s - gas[0].at_s if gas else math.inf
        if view.abdomen.validity is Validity.GOOD:
            value = view.abdomen.value
            if gas is None or age_s > 0.3 + 1e-6 or higher_mmhg(gas[1]) is None:
                stack.accuse(6, f"abdomen shown good as {value}, status {age_s:.2f} s old")
            elif value is None or not -5.0 <= value <= 100.0:
                stack.accuse(6, f"abdomen shown good as {value}")
        if view.gas_running is not None and age_s > 0.3 + 1e-6:
            stack.accuse(6, f"gas shown {'on' if view.gas_running else 'off'}, status {age_s:.2f} s old")
        light = stack.told.get(Address.LIGHT)
        light_age_s = stack.wire.now_s - light.at_s if light else math.inf
        if view.light_on is not None and light_age_s > 1.0 + 1e-6:
            stack.accuse(6, f"light shown {'on' if view.light_on else 'off'}, status {light_age_s:.2f} s old")

    def _check(self, stack: Stack, key: str, shown: MeasuredView) -> None:
        if shown.validity is not Validity.GOOD:
            return
        address, field, low, high, good_s = _SHOWN[key]
        value, told = shown.value, stack.told.get(address)
        if value is None or not low <= value <= high:
            stack.accuse(6, f"{key} shown good as {value}")
        elif told is None or stack.wire.now_s - told.at_s > good_s + 1e-6:
            age = "never told" if told is None else f"{stack.wire.now_s - told.at_s:.2f} s old"
            stack.accuse(6, f"{key} shown good as {value:g}, {age}")
        elif getattr(told.reading, field) != value:
            stack.accuse(6, f"{key} shown good as {value:g}, the last status says {getattr(told.reading, field):g}")
        elif key in _SENSORS and stack.wire.now_s - stack.noise_s > good_s and not self._converted(stack, key, value):
            stack.accuse(6, f"{key} shown good as {value:g}, which the sensor did not read within {good_s + 0.1:g} s")

    def _converted(self, stack: Stack, key: str, value: float) -> bool:
        history, since_s = self._seen[key], stack.wire.now_s - _SHOWN[key][4] - 0.1
        while len(history) > 1 and history[1][0] < since_s:
            history.popleft()
        return any(abs(seen - value) <= 0.006 for _, seen in history)


LAWS: tuple[type[Law], ...] = (
    PressureCeiling,
    SupplyAtP1,
    ReliefAtP2,
    MasterSilence,
    ActiveIsReadBack,
    GoodIsFresh,
)


def laws() -> tuple[Law, ...]:
    """A fresh set, for one sequence."""
    return tuple(law() for law in LAWS)
