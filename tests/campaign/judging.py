"""What every law of the campaign judges by: figures, what the control unit was told, what is truly so.

Limits, ranges and age limits are written down here and in the laws once more, on purpose: a wrong figure in the product
must not make the judge wrong with it.
"""

from __future__ import annotations

import math

from app.status import TowerStatus
from hardware.readings import Address, InsufflatorDrive, InsufflatorFault, InsufflatorReading
from hardware.simulator.sensors import SensorMode
from tests.campaign.stack import Stack, Told
from ui.viewstate import TowerView

CEILING_MMHG = 30.0
MARGIN_MMHG = 10.0
SILENCE_S = 0.5
TOLERANCE_MMHG = 0.5  # what a healthy sensor may be off by: offset, noise and step of the simulated one
# A true pressure is at the control unit's output this much later: conversion and filter of the sensor 40 ms, wait for
# the next exchange 20 ms, two cycles 40 ms, and one cycle that ran over its beat.
TRUTH_LAG_S = 0.15
OWN_LIMIT_S = 0.10  # the module's own limit acts after this (docs/protocol.md)
EXCURSION_S = 0.5
AT_ONCE_S = 0.25  # of the 0.5 s an access passes gas for so long: P2 is to be seen first, and the valve to move
TRUSTED_AGAIN_S = 5.0  # a sensor that was out of order may be left aside for so long after its repair
LOOKING = 2.0  # against a relief valve that is open all the time: it closes in between to see the abdomen


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
    """Pressure sensors that are truly out of order, or were lately, as bits: the control unit may have found that out,
    and does not trust them again at once."""
    bits = InsufflatorFault.NONE
    for sensor, bit in (
        (stack.rig.gas.pressure_1, InsufflatorFault.PRESSURE_SENSOR_1),
        (stack.rig.gas.pressure_2, InsufflatorFault.PRESSURE_SENSOR_2),
    ):
        if sensor.mode is not SensorMode.OK:
            stack.sensor_failed_s[bit] = stack.wire.now_s
        if stack.wire.now_s - stack.sensor_failed_s.get(bit, -math.inf) < TRUSTED_AGAIN_S:
            bits |= bit
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
