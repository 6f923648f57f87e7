"""The simulated gas path: cylinder, regulator, pulsed valve, solenoid, tube, trocar, relief, abdomen, sensors.

    cylinder -> regulator -> proportional valve -> solenoid -+- flow sensor -> node (pressure sensors 1 and 2)
                                                              node -> relief valve -> room
                                                              node -> tube and trocar -> abdomen -> leak, uptake

Pressures are mmHg above ambient, volumes ml, flows ml/s, inside; l/min and l at the edges.  The step is 1 ms; the
valve's travel over a pulse is exact whatever the step (`valve.py`).
A pulse period in which no gas can come or be let off, and in which line and abdomen have settled, is done in two
steps (`_rest`).
"""

from __future__ import annotations

import math
import random

from hardware.simulator.access import (
    ACCESSES,
    KINK_FACTOR,
    OPEN_TAP_L_MIN,
    POCKET_ML_PER_MMHG,
    POCKET_SEEPS_ML_S_MMHG,
    Placement,
    Tube,
    resistance,
)
from hardware.simulator.cylinder import DROOP_MMHG_PER_ML_S, REGULATOR_MMHG, Cylinder
from hardware.simulator.disturbances import Disturbances
from hardware.simulator.patient import Patient
from hardware.simulator.sensors import Sensor
from hardware.simulator.valve import pulse

AMBIENT_MMHG = 760.0
ML_S_PER_L_MIN = 1000.0 / 60.0
PWM_PERIOD_S = 0.020  # 50 pulses a second: equal, high-frequency ("breathe and pause")
STEP_S = 0.001
BLOCK_STEPS = 5  # the abdomen's curve is straight over so many steps
SETTLED_MMHG = 0.1  # between line and abdomen, for a period at rest
REST_STEPS = 2


class Pneumatics:
    """The gas path in time.  Set the orders, call `advance`, read the sensors; `truth` is for judges only."""

    full_flow_ml_s = 50.0 * ML_S_PER_L_MIN  # proportional valve fully open at the regulator's nominal pressure
    regulator_mmhg = REGULATOR_MMHG  # in front of that valve, without flow and with a full cylinder
    regulator_tau_s = 0.010
    node_compliance_ml_mmhg = 400.0 / AMBIENT_MMHG  # 0.4 l of tube and box
    valve_tau_s = 0.002
    valve_dead_travel = 0.1
    solenoid_tau_s = 0.005
    relief_tau_s = 0.010
    relief_ml_s_per_sqrt_mmhg = 60.0 * ML_S_PER_L_MIN / math.sqrt(15.0)  # 60 l/min at 15: above the supply's
    sensor_tau_s = 0.008
    flow_sensor_tau_s = 0.030
    leak_reference_mmhg = 12.0  # `leak_l_min` is what leaks at this pressure; an orifice, so with its square root

    def __init__(self, patient: Patient, *, seed: int = 0, step_s: float = STEP_S) -> None:
        self._patient = patient
        self._curve = patient.curve
        self.access = ACCESSES["trocar"]
        self.tube = Tube.CONNECTED
        self.kink_factor = KINK_FACTOR
        self.placement = Placement.PERITONEAL
        self.leak_l_min = 0.2
        self.relief_leak_l_min = 0.0  # past the relief valve's seat, at the same reference pressure
        self.press_ml = 0.0  # steady displaced volume: a hand, a change of posture
        self._disturbances = Disturbances()
        self.valve_stuck: float | None = None  # 0..1: the valve's travel whatever the drive says
        self.solenoid_stuck: float | None = None
        self.relief_stuck: float | None = None
        self.cylinder = Cylinder()

        self.duty = 0.0  # 0..1, latched by the pulse generator at each period's start
        self.solenoid_open = False
        self.relief_open = False

        self._rng = random.Random(seed)
        offsets = (self._rng.uniform(-0.15, 0.15), self._rng.uniform(-0.15, 0.15))
        self.pressure_1 = Sensor(noise=0.05, quantum=0.05, rail=999.0, offset=offsets[0])
        self.pressure_2 = Sensor(noise=0.05, quantum=0.05, rail=999.0, offset=offsets[1])
        self.flow = Sensor(noise=0.05, quantum=0.02, rail=999.0)
        self.cylinder_sensor = Sensor(noise=0.1, quantum=0.1, rail=400.0, value=self.cylinder.pressure_bar)

        self.step_s = step_s
        self._to_solenoid, self._to_relief, self._to_sensor, self._to_flow, self._to_regulator = (
            -math.expm1(-step_s / tau_s)
            for tau_s in (
                self.solenoid_tau_s,
                self.relief_tau_s,
                self.sensor_tau_s,
                self.flow_sensor_tau_s,
                self.regulator_tau_s,
            )
        )
        self._steps_per_period = round(PWM_PERIOD_S / step_s)
        self._debt_s = 0.0
        self._step_in_period = 0
        self._periods = 0
        self._valve = 0.0  # travel at the running period's start and end, 0..1
        self._valve_after = 0.0
        self._openings: list[float] = []  # mean opening beyond the dead travel, 0..1, in each step of the period
        self._solenoid = 0.0
        self._relief = 0.0
        self._regulator_mmhg = self.cylinder.regulator_mmhg
        self._node_mmhg = 0.0
        self._node_sensed_mmhg = 0.0
        self._flow_sensed_ml_s = 0.0
        self._node_sum = 0.0
        self._flow_sum = 0.0
        self._external_mmhg = 0.0  # ventilation now, and its slope over the running period
        self._external_slope = 0.0
        self._displaced_ml = 0.0
        self._displaced_slope = 0.0
        self._abdomen_ml = 0.0
        self._abdomen_mmhg = 0.0
        self._pocket_ml = 0.0
        self._passing_leak_l_min = 0.0  # over the running period, as are suction and line
        self._suction_ml_s = 0.0
        self._supply_ml_s = 0.0
        self.supplied_ml = 0.0  # true gas delivered
        self.gas_used_l = 0.0  # as the module counts it: from its flow sensor
        self._begin_period()

    @property
    def time_s(self) -> float:
        """Simulated time, s."""
        return self._periods * PWM_PERIOD_S + self._step_in_period * self.step_s

    @property
    def abdomen_mmhg(self) -> float:
        """True pressure in the abdomen, mmHg."""
        return self._abdomen_mmhg

    @property
    def abdomen_ml(self) -> float:
        """True gas in the abdomen, ml (standard)."""
        return self._abdomen_ml

    @property
    def node_mmhg(self) -> float:
        """True pressure at the sensors, mmHg."""
        return self._node_mmhg

    @property
    def supply_l_min(self) -> float:
        """True flow through the valves at this instant, l/min."""
        return self._supply_ml_s / ML_S_PER_L_MIN

    @property
    def patient(self) -> Patient:
        """Who is insufflated.  Another patient, or the same one less relaxed, keeps the gas that is in."""
        return self._patient

    @patient.setter
    def patient(self, patient: Patient) -> None:
        self._patient = patient
        self._curve = patient.curve

    def fill_to(self, pressure_mmhg: float) -> None:
        """Put the abdomen and the line at a pressure, as if it had been insufflated before."""
        self._abdomen_ml = self.patient.gas_ml(pressure_mmhg)
        self._abdomen_mmhg = self._node_mmhg = self._node_sensed_mmhg = pressure_mmhg

    def cough(self, volume_ml: float, duration_s: float) -> None:
        """Displace `volume_ml` for `duration_s`, now."""
        self._disturbances.cough(volume_ml, self.time_s, duration_s)

    def press(self, volume_ml: float, ramp_s: float, duration_s: float) -> None:
        """Press `volume_ml` away for `duration_s` from now, coming and going over `ramp_s`."""
        self._disturbances.press(volume_ml, ramp_s, self.time_s, duration_s)

    def leak_for(self, l_min: float, duration_s: float) -> None:
        """Leak so much more, at the reference pressure, for `duration_s` from now."""
        self._disturbances.leak(l_min, self.time_s, duration_s)

    def suck(self, l_min: float, duration_s: float) -> None:
        """Draw gas out of the abdomen for `duration_s` from now, as long as there is any."""
        self._disturbances.suction(l_min, self.time_s, duration_s)

    def advance(self, dt_s: float) -> None:
        """Integrate over `dt_s`; what is left of a step is done in the next call."""
        self._debt_s += dt_s
        steps = int(self._debt_s / self.step_s + 1e-9)
        self._debt_s -= steps * self.step_s
        while steps > 0:
            now = min(steps, self._steps_per_period - self._step_in_period)
            if now == self._steps_per_period and self._at_rest():
                self._rest()
            else:
                self._integrate(now)
            steps -= now
            if self._step_in_period == self._steps_per_period:
                self._end_period()
                self._begin_period()

    def _begin_period(self) -> None:
        """What holds for a whole pulse: its width, and how breathing and hands move over it."""
        n = self._steps_per_period
        self._open_valve()
        now_s = self._periods * PWM_PERIOD_S
        after_s = now_s + PWM_PERIOD_S
        disturbances = self._disturbances
        displaced_ml = self.press_ml + disturbances.displaced_ml(after_s)
        self._displaced_slope = (displaced_ml - self._displaced_ml) / n
        self._external_slope = (self._patient.ventilation_mmhg(after_s) - self._external_mmhg) / n
        self._passing_leak_l_min = disturbances.leak_l_min(now_s)
        self._suction_ml_s = disturbances.suction_l_min(now_s) * ML_S_PER_L_MIN

    def _open_valve(self) -> None:
        """This period's pulse: how far the valve opens in each step, and where it ends."""
        n, dead = self._steps_per_period, self.valve_dead_travel
        if self.valve_stuck is not None:
            self._valve_after = self.valve_stuck
            self._openings = [max(0.0, self.valve_stuck - dead) / (1.0 - dead)] * n
        else:
            on_s = min(1.0, max(0.0, self.duty)) * PWM_PERIOD_S
            self._openings, self._valve_after = pulse(self._valve, on_s, n, self.step_s, self.valve_tau_s, dead)

    def _end_period(self) -> None:
        """The module's converters average over exactly one pulse, so that pulses do not alias into the readings."""
        n = self._steps_per_period
        rng = self._rng
        node_mmhg, flow_l_min = self._node_sum / n, self._flow_sum / n / ML_S_PER_L_MIN
        self.pressure_1.convert(node_mmhg, PWM_PERIOD_S, rng)
        self.pressure_2.convert(node_mmhg, PWM_PERIOD_S, rng)
        counted = self.flow.convert(flow_l_min, PWM_PERIOD_S, rng)
        self.cylinder_sensor.convert(self.cylinder.pressure_bar, PWM_PERIOD_S, rng)
        if counted > 0.15:  # the counter's own creep limit, three sigma of the sensor; no number is not above it
            self.gas_used_l += counted / 60.0 * PWM_PERIOD_S
        self._node_sum = self._flow_sum = 0.0
        self._valve = self._valve_after
        self._step_in_period = 0
        self._periods += 1

    def _targets(self) -> tuple[float, float]:
        """Where solenoid and relief valve are going, 0..1."""
        solenoid, relief = self.solenoid_stuck, self.relief_stuck
        return (
            float(self.solenoid_open) if solenoid is None else solenoid,
            float(self.relief_open) if relief is None else relief,
        )

    def _at_rest(self) -> bool:
        """True when no gas can come or be let off in this period, and line and abdomen have settled."""
        solenoid_to, relief_to = self._targets()
        return (
            (not any(self._openings) or (solenoid_to <= 0.01 and self._solenoid <= 0.01))
            and relief_to <= 0.001
            and self._relief <= 0.001
            and self.relief_leak_l_min <= 0.0
            and self.tube is not Tube.PULLED
            and self.placement is not Placement.PREPERITONEAL
            and abs(self._node_mmhg - self._abdomen_mmhg) < SETTLED_MMHG
            and abs(self._displaced_slope) * self._curve.pressure_and_slope(self._abdomen_ml)[1] < 0.005
        )

    def _rest(self) -> None:
        """One whole period in which gas moves only by leak, uptake, suction and breathing."""
        n = self._steps_per_period
        share = n // REST_STEPS
        dt = PWM_PERIOD_S / REST_STEPS
        linear, _ = resistance(self.access, self.tube, self.kink_factor, self.placement)
        compliance = self.node_compliance_ml_mmhg
        to_node = -math.expm1(-dt / (linear * compliance))
        keep_sensor, keep_flow = (1.0 - self._to_sensor) ** share, (1.0 - self._to_flow) ** share
        leak_per_sqrt = (
            (self.leak_l_min + self._passing_leak_l_min) * ML_S_PER_L_MIN / math.sqrt(self.leak_reference_mmhg)
        )
        away_ml_s = self._patient.uptake_ml_min / 60.0 + self._suction_ml_s
        pressure_and_slope = self._curve.pressure_and_slope
        gas_ml, abdomen = self._abdomen_ml, self._abdomen_mmhg
        node, sensed, flow = self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s
        for _ in range(REST_STEPS):
            leak = leak_per_sqrt * math.sqrt(abdomen) if abdomen > 0.0 else 0.0
            gas_ml = max(0.0, gas_ml - (leak + away_ml_s) * dt)
            self._external_mmhg += self._external_slope * share
            self._displaced_ml += self._displaced_slope * share
            before, abdomen = abdomen, pressure_and_slope(gas_ml + self._displaced_ml)[0] + self._external_mmhg
            to_line = (0.5 * (before + abdomen) - node) * to_node
            node += to_line
            gas_ml -= to_line * compliance
            was = sensed
            sensed = node + (sensed - node) * keep_sensor
            self._node_sum += 0.5 * (was + sensed) * share
            self._flow_sum += flow * (1.0 - self._to_flow) * (1.0 - keep_flow) / self._to_flow
            flow *= keep_flow
        solenoid_to, relief_to = self._targets()
        self._solenoid += (solenoid_to - self._solenoid) * (1.0 - (1.0 - self._to_solenoid) ** n)
        self._relief += (relief_to - self._relief) * (1.0 - (1.0 - self._to_relief) ** n)
        self._regulator_mmhg = self.cylinder.regulator_mmhg
        self._abdomen_ml, self._abdomen_mmhg = gas_ml, abdomen
        self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s = node, sensed, flow
        self._supply_ml_s = 0.0
        self._step_in_period = n
        self.cylinder.draw(0.0, PWM_PERIOD_S)

    def _integrate(self, steps: int) -> None:
        """`steps` steps inside one pulse period.  Locals throughout: this loop is the simulator's cost."""
        dt = self.step_s
        sqrt = math.sqrt
        pressure_and_slope = self._curve.pressure_and_slope
        to_solenoid, to_relief = self._to_solenoid, self._to_relief
        to_sensor, to_flow, to_regulator = self._to_sensor, self._to_flow, self._to_regulator
        # A cylinder that runs out does so within a period: the regulator gives no more than there is.
        unloaded = self.cylinder.regulator_mmhg
        regulator = min(self._regulator_mmhg, unloaded)
        full_per_sqrt = self.full_flow_ml_s / sqrt(REGULATOR_MMHG)
        linear, quadratic = resistance(self.access, self.tube, self.kink_factor, self.placement)
        linear_squared, four_quadratic, per_two_quadratic = linear * linear, 4.0 * quadratic, 0.5 / quadratic
        pulled = self.tube is Tube.PULLED
        pocketed = self.placement is Placement.PREPERITONEAL and not pulled
        per_sqrt = ML_S_PER_L_MIN / sqrt(self.leak_reference_mmhg)
        leak_per_sqrt = (self.leak_l_min + self._passing_leak_l_min + (OPEN_TAP_L_MIN if pulled else 0.0)) * per_sqrt
        relief_leak_per_sqrt = self.relief_leak_l_min * per_sqrt
        away_ml_s = self._patient.uptake_ml_min / 60.0 + self._suction_ml_s
        relief_per_sqrt = self.relief_ml_s_per_sqrt_mmhg
        dt_per_compliance = dt / self.node_compliance_ml_mmhg
        half_implicit = 0.5 * dt_per_compliance
        solenoid_to, relief_to = self._targets()
        openings = self._openings
        solenoid, relief = self._solenoid, self._relief
        node, node_sensed, flow_sensed = self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s
        node_sum, flow_sum = self._node_sum, self._flow_sum
        gas_ml, abdomen, supply = self._abdomen_ml, self._abdomen_mmhg, 0.0
        external, displaced = self._external_mmhg, self._displaced_ml
        external_slope, displaced_slope = self._external_slope, self._displaced_slope
        pocket_ml, supplied = self._pocket_ml, 0.0
        step, end = self._step_in_period, self._step_in_period + steps

        while step < end:
            # Over a block the abdomen's curve is straight, and leak and uptake are steady.
            elastic, slope = pressure_and_slope(gas_ml + displaced)
            straight = elastic - slope * (gas_ml + displaced)
            leak = leak_per_sqrt * sqrt(abdomen) if abdomen > 0.0 else 0.0
            lost = (leak + away_ml_s) * dt
            block = min(BLOCK_STEPS, end - step)
            for at in range(step, step + block):
                solenoid += (solenoid_to - solenoid) * to_solenoid
                opening = openings[at]
                if opening > 0.0 and solenoid > 0.01 and regulator > node:
                    supply = opening * solenoid * full_per_sqrt * sqrt(regulator - node)
                    supplied += supply
                else:
                    supply = 0.0
                regulator += (unloaded - DROOP_MMHG_PER_ML_S * supply - regulator) * to_regulator

                external += external_slope
                displaced += displaced_slope
                abdomen = straight + slope * (gas_ml + displaced) + external

                # The line's flow and how it answers to the line's pressure: half implicit, so that a short, wide
                # line needs no shorter step.
                drop = node if pulled else (node - pocket_ml / POCKET_ML_PER_MMHG if pocketed else node - abdomen)
                if drop >= 0.0:
                    root = sqrt(linear_squared + four_quadratic * drop)
                    line = (root - linear) * per_two_quadratic
                else:
                    root = sqrt(linear_squared - four_quadratic * drop)
                    line = (linear - root) * per_two_quadratic
                net = supply - line
                relief += (relief_to - relief) * to_relief
                if node > 0.0 and (relief > 0.001 or relief_leak_per_sqrt > 0.0):
                    net -= (relief * relief_per_sqrt + relief_leak_per_sqrt) * sqrt(node)
                change = net * dt_per_compliance / (1.0 + half_implicit / root)
                node += change
                through = (line + 0.5 * change / root) * dt
                if pulled:
                    gas_ml -= lost
                elif pocketed:
                    pocket_ml += through - POCKET_SEEPS_ML_S_MMHG / POCKET_ML_PER_MMHG * pocket_ml * dt
                    gas_ml -= lost
                else:
                    gas_ml += through - lost
                if gas_ml < 0.0:
                    gas_ml = 0.0

                node_sensed += (node - node_sensed) * to_sensor
                flow_sensed += (supply - flow_sensed) * to_flow
                node_sum += node_sensed
                flow_sum += flow_sensed
            step += block

        self._step_in_period = end
        self._solenoid, self._relief = solenoid, relief
        self._regulator_mmhg, self._pocket_ml = regulator, pocket_ml
        self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s = node, node_sensed, flow_sensed
        self._node_sum, self._flow_sum = node_sum, flow_sum
        self._abdomen_ml, self._abdomen_mmhg = gas_ml, abdomen
        self._external_mmhg, self._displaced_ml = external, displaced
        self._supply_ml_s = supply
        self.supplied_ml += supplied * dt
        self.cylinder.draw(supplied * dt / 1000.0, steps * dt)
