"""Laws 1 to 4: what pressure and valves must never do, judged on the plant's truth and on what was told."""

from __future__ import annotations

import math

from app.status import TowerStatus
from hardware.readings import InsufflatorDrive, InsufflatorReading
from hardware.simulator.access import Tube
from tests.campaign.judging import (
    AT_ONCE_S,
    CEILING_MMHG,
    EXCURSION_S,
    LOOKING,
    OWN_LIMIT_S,
    SILENCE_S,
    TOLERANCE_MMHG,
    TRUTH_LAG_S,
    Law,
    both_stuck,
    higher_mmhg,
    left_out,
    p2_mmhg,
    passed_ml_s,
    supplies,
    supply_open,
    told_gas,
    truthful_sensor,
)
from tests.campaign.stack import STEP_SLACK_S, Stack, Told


class PressureCeiling(Law):
    """(1) The abdomen is never above 30 mmHg (+ 0.5, a sensor's tolerance) for over 0.5 s with a working relief path.

    Truth alone.  The relief path works while the relief valve is not stuck (but open), the tube is neither kinked nor
    pulled, a pressure sensor is right, and one of the two supply valves can close.

    While the gas in the abdomen alone would make more than 30 mmHg, 0.5 s is all there is.  Otherwise somebody presses
    or coughs, faster than any valve can let out: then the time is 0.5 s, and twice as long as the access passes
    what is above 30 mmHg beyond what it passes in 0.25 s: the valve must close in between to see the abdomen
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
        pressure = higher_mmhg(told[1], left_out(stack))
        if pressure is not None and pressure < told[1].pressure_setpoint_mmhg:
            return  # the status that the order was made from says that it is over
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
