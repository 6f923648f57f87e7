"""Laws 5 and 6: what the screen must never show, judged on what was told and on what is truly so."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from app.status import TowerStatus
from hardware.protocol import SetExposure, SetFlow, SetGain, SetIntensity, SetPressure, SetWhiteBalance
from hardware.readings import Address
from tests.campaign.judging import Law, higher_mmhg, p2_mmhg, told_gas
from tests.campaign.stack import Stack
from ui.viewstate import MeasuredView, SetpointState, TowerView, Validity

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
        standing = stack.wire.now_s < stack.stood_still_until_s  # a request that no cycle has taken up yet
        if (
            state is SetpointState.ACTIVE
            and not standing
            and any(isinstance(r, _REQUESTS[key]) for r in stack.under_way.values())
        ):
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
    "light_fan": (Address.LIGHT, "fan_percent", 0.0, 120.0, 1.0),
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
    longer than the readings.  Gas used may also be the last status's count with what a module that began anew had
    counted before.
    """

    number, title = 6, "stale or impossible value shown as good"

    def __init__(self) -> None:
        self._seen: dict[str, deque[tuple[float, float]]] = {key: deque() for key in _SENSORS}
        self._counted_l = self._counted_s = 0.0  # gas used and supply time as last told
        self._before_l = {0.0}  # what may have been counted before the module began anew

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        if (gas := told_gas(stack)) is not None:
            # Either count falls when a module begins anew; with a faulty flow sensor the gas may already have more.
            if gas[1].gas_used_l < self._counted_l or gas[1].supply_s < self._counted_s:
                self._before_l |= {before + self._counted_l for before in self._before_l}
            self._counted_l, self._counted_s = gas[1].gas_used_l, gas[1].supply_s

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
        elif key == "gas_used" and any(
            abs(getattr(told.reading, field) + before - value) < 1e-6 for before in self._before_l
        ):
            pass
        elif getattr(told.reading, field) != value:
            stack.accuse(6, f"{key} shown good as {value:g}, the last status says {getattr(told.reading, field):g}")
        elif key in _SENSORS and stack.wire.now_s - stack.noise_s > good_s and not self._converted(stack, key, value):
            stack.accuse(6, f"{key} shown good as {value:g}, which the sensor did not read within {good_s + 0.1:g} s")

    def _converted(self, stack: Stack, key: str, value: float) -> bool:
        history, since_s = self._seen[key], stack.wire.now_s - _SHOWN[key][4] - 0.1
        while len(history) > 1 and history[1][0] < since_s:
            history.popleft()
        return any(abs(seen - value) <= 0.006 for _, seen in history)
