"""Clauses S: setpoints are applied, answered, read back, and applied once however often they are sent."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardware.conformance.checks.supply import supply_s
from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.gas_modes import MODES, InsufflationMode
from hardware.protocol import (
    AllStop,
    Request,
    ResetGasUsed,
    SetExposure,
    SetExposureControl,
    SetFlow,
    SetGain,
    SetGas,
    SetIntensity,
    SetLight,
    SetMode,
    SetPressure,
    SetWhiteBalance,
    encode_request,
)
from hardware.protocol.repeat import MEMORY_S
from hardware.quantities import CAMERA_EXPOSURE, CAMERA_GAIN, CAMERA_WHITE_BALANCE, LIGHT_INTENSITY, SetpointRange
from hardware.readings import Address


@dataclass(frozen=True, slots=True)
class Knob:
    """A setpoint that may be turned without opening a valve or switching the LED on."""

    make: Callable[[Any], Request]
    values: tuple[float, ...]  # the lowest and the highest, then one to leave it at
    shown: Callable[[Any], float]  # in the status

    @property
    def name(self) -> str:
        return self.make.__name__


def _ends(allowed: SetpointRange) -> tuple[float, ...]:
    return allowed.minimum, allowed.maximum, allowed.default


_ADULT = MODES[InsufflationMode.ADULT]
KNOBS: dict[Address, tuple[Knob, ...]] = {
    Address.INSUFFLATOR: (
        Knob(SetMode, (1.0, 4.0, 2.0), lambda r: r.mode),
        Knob(SetPressure, _ends(_ADULT.pressure), lambda r: r.pressure_setpoint_mmhg),
        Knob(SetFlow, _ends(_ADULT.flow), lambda r: r.flow_setpoint_l_min),
        Knob(SetGas, (0.0,), lambda r: r.running),
    ),
    Address.LIGHT: (
        Knob(SetIntensity, _ends(LIGHT_INTENSITY), lambda r: r.intensity_setpoint_percent),
        Knob(SetLight, (0.0,), lambda r: r.on),
    ),
    Address.CAMERA: (
        Knob(SetExposure, _ends(CAMERA_EXPOSURE), lambda r: r.exposure_us / 1000.0),
        Knob(SetGain, _ends(CAMERA_GAIN), lambda r: r.gain_db),
        Knob(SetWhiteBalance, _ends(CAMERA_WHITE_BALANCE), lambda r: r.white_balance_k),
        Knob(SetExposureControl, (0.0, 1.0), lambda r: r.automatic),
    ),
}
_INTS: dict[Any, Callable[[float], Any]] = {
    SetMode: lambda v: InsufflationMode(int(v)),
    SetGas: bool,
    SetLight: bool,
    SetExposureControl: bool,
}


def turn(knob: Knob, value: float) -> Request:
    """The request that sets `value`."""
    return knob.make(_INTS.get(knob.make, float)(value))


@check("S1")
def applied_at_both_ends(p: Probe) -> None:
    for knob in KNOBS[p.address]:
        for value in knob.values:
            got = float(p.apply(turn(knob, value)))
            if not math.isclose(got, value, abs_tol=1e-6):
                raise DeviationError(f"{knob.name} answered with {value:g}", f"{got:g}")


@check("S2")
def shown_in_the_status(p: Probe) -> None:
    for knob in KNOBS[p.address]:
        for value in knob.values:
            applied = float(p.apply(turn(knob, value)))
            shown = float(knob.shown(p.status()))
            if not math.isclose(shown, applied, abs_tol=1e-6):
                raise DeviationError(f"{applied:g} in the status after {knob.name}", f"{shown:g}")


@check("S3")
def same_frame_same_reply(p: Probe) -> None:
    for knob in KNOBS[p.address]:
        data = encode_request(turn(knob, knob.values[-1]), p.sequence())
        first = p.exchange(data)
        p.exchange(p.poll())  # a drive or poll in between
        second = p.exchange(data)
        if not first.raw or first.raw != second.raw:
            raise DeviationError(f"the same reply again: {first}", str(second))


@check("S4")
def applied_once(p: Probe) -> None:
    reset = encode_request(ResetGasUsed(), p.sequence())
    _count_after(p, reset, 0.3)
    counted = supply_s(p)
    p.exchange(reset)
    if supply_s(p) < counted:
        raise DeviationError(
            f"the supply time to go on from {counted:.1f} s when ResetGasUsed is repeated within 500 ms",
            "it was set to zero once more",
        )


@check("S5")
def applied_again_later(p: Probe) -> None:
    reset = encode_request(ResetGasUsed(), p.sequence())
    _count_after(p, reset, MEMORY_S + 0.3 + p.line.allowance_s)
    counted = supply_s(p)
    p.exchange(reset)
    if (now := supply_s(p)) >= counted:
        raise DeviationError(
            "the same ResetGasUsed to act again when it comes later than 500 ms after the first",
            f"a supply time of {now:.1f} s after it",
        )


@check("S6")
def all_stop_clears_the_memory(p: Probe) -> None:
    gas = p.address is Address.INSUFFLATOR
    request = SetGas(True) if gas else SetLight(True)
    sequence = p.sequence()
    p.apply(request, sequence)
    p.put(encode_request(AllStop(), p.sequence()))
    p.hush(0.005)
    p.apply(request, sequence)
    status = p.status()
    if not (status.running if gas else status.on):  # type: ignore[union-attr]  # by the address
        raise DeviationError(
            f"the same {type(request).__name__} to act again after an all-stop", "it was answered but did not act"
        )


def _count_after(p: Probe, reset: bytes, seconds: float) -> None:
    """Supply time that counts, with both valves closed, for `seconds` since `reset`."""
    p.apply(SetGas(True))
    p.exchange(reset)
    p.keep(seconds, p.poll_request, 0.05)
