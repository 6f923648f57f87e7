"""The simulated gas path: cylinder, regulator, pulsed valve, solenoid, tube, trocar, relief, abdomen, sensors.

    cylinder -> regulator -> proportional valve -> solenoid -+- flow sensor -> node (pressure sensors 1 and 2)
                                                              node -> relief valve -> room
                                                              node -> tube and trocar -> abdomen -> leak, uptake

Pressures are mmHg above ambient, volumes ml, flows ml/s, inside; l/min and l at the edges.  The step is 1 ms, and
the valve's pulses keep their exact width: a step in which the drive switches gets the share of it that it was on.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from enum import StrEnum

from hardware.simulator.cylinder import Cylinder
from hardware.simulator.patient import Patient
from hardware.simulator.sensors import Sensor

AMBIENT_MMHG = 760.0
ML_S_PER_L_MIN = 1000.0 / 60.0
PWM_PERIOD_S = 0.020  # 50 pulses a second: equal, high-frequency ("breathe and pause")
STEP_S = 0.001


class Tube(StrEnum):
    """State of the tube between the insufflator and the patient."""

    CONNECTED = "connected"
    KINKED = "kinked"  # 1/400 of its conductance
    PULLED = "pulled"  # off at the trocar: the line blows into the room, the abdomen empties through the tap


@dataclass(frozen=True, slots=True)
class Access:
    """Resistance of tube with trocar or needle: drop = linear * q + quadratic * q^2, mmHg for q in ml/s."""

    name: str
    linear: float
    quadratic: float


# Trocar: about 2 mmHg at 10 l/min and 20 at 45; needle: about 3 mmHg at 1 l/min and 30 at 4 (general knowledge).
ACCESSES: dict[str, Access] = {a.name: a for a in (Access("trocar", 0.008, 2.5e-5), Access("veress", 0.1, 5e-3))}


@dataclass(slots=True)
class Displacement:
    """A fast volume step on the abdomen: a cough (half sine), or a hand that presses and lets go."""

    volume_ml: float
    start_s: float
    duration_s: float

    def at(self, time_s: float) -> float:
        """Displaced volume, ml, at `time_s`."""
        phase = (time_s - self.start_s) / self.duration_s
        return self.volume_ml * math.sin(math.pi * phase) if 0.0 < phase < 1.0 else 0.0


class Pneumatics:
    """The gas path in time.  Set the orders, call `advance`, read the sensors; `truth` is for judges only."""

    full_flow_ml_s = 50.0 * ML_S_PER_L_MIN  # proportional valve fully open at the regulator's nominal pressure
    regulator_mmhg = 375.0  # 0.5 bar
    node_compliance_ml_mmhg = 400.0 / AMBIENT_MMHG  # 0.4 l of tube and box
    valve_tau_s = 0.002
    valve_dead_travel = 0.1
    solenoid_tau_s = 0.005
    relief_tau_s = 0.010
    relief_ml_s_per_sqrt_mmhg = 60.0 * ML_S_PER_L_MIN / math.sqrt(15.0)  # 60 l/min at 15: above the supply's
    sensor_tau_s = 0.008
    flow_sensor_tau_s = 0.030
    leak_reference_mmhg = 12.0  # `leak_l_min` is what leaks at this pressure; an orifice, so with its square root
    pulled_tube = Access("open end", 0.004, 1e-5)
    kink_factor = 400.0

    def __init__(self, patient: Patient, *, seed: int = 0, step_s: float = STEP_S) -> None:
        self.patient = patient
        self.access = ACCESSES["trocar"]
        self.tube = Tube.CONNECTED
        self.leak_l_min = 0.2
        self.press_ml = 0.0  # steady displaced volume: a hand, a change of posture
        self.displacements: list[Displacement] = []
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
        self._steps_per_period = round(PWM_PERIOD_S / step_s)
        self._debt_s = 0.0
        self._step_in_period = 0
        self._periods = 0
        self._on_steps = 0.0  # width of this period's pulse, in steps
        self._valve = 0.0
        self._solenoid = 0.0
        self._relief = 0.0
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
        self._leak_ml_s = 0.0
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

    def fill_to(self, pressure_mmhg: float) -> None:
        """Put the abdomen and the line at a pressure, as if it had been insufflated before."""
        self._abdomen_ml = self.patient.gas_ml(pressure_mmhg)
        self._abdomen_mmhg = self._node_mmhg = self._node_sensed_mmhg = pressure_mmhg

    def cough(self, volume_ml: float, duration_s: float) -> None:
        """Displace `volume_ml` for `duration_s`, now."""
        self.displacements.append(Displacement(volume_ml, self.time_s, duration_s))

    def advance(self, dt_s: float) -> None:
        """Integrate over `dt_s`; what is left of a step is done in the next call."""
        self._debt_s += dt_s
        steps = int(self._debt_s / self.step_s + 1e-9)
        self._debt_s -= steps * self.step_s
        while steps > 0:
            now = min(steps, self._steps_per_period - self._step_in_period)
            self._integrate(now)
            steps -= now
            if self._step_in_period == self._steps_per_period:
                self._end_period()
                self._begin_period()

    def _begin_period(self) -> None:
        self._on_steps = self.duty * self._steps_per_period
        now_s = self._periods * PWM_PERIOD_S
        after_s = now_s + PWM_PERIOD_S
        self._displaced_slope = (self._displacement_ml(after_s) - self._displaced_ml) / self._steps_per_period
        ventilation = self.patient.ventilation_mmhg
        self._external_slope = (ventilation(after_s) - self._external_mmhg) / self._steps_per_period

    def _displacement_ml(self, time_s: float) -> float:
        total_ml = self.press_ml
        if self.displacements:
            self.displacements = [d for d in self.displacements if time_s < d.start_s + d.duration_s]
            total_ml += sum(d.at(time_s) for d in self.displacements)
        return total_ml

    def _end_period(self) -> None:
        """The module's converters average over exactly one pulse, so that pulses do not alias into the readings."""
        n = self._steps_per_period
        rng = self._rng
        node_mmhg, flow_l_min = self._node_sum / n, self._flow_sum / n / ML_S_PER_L_MIN
        self.pressure_1.convert(node_mmhg, PWM_PERIOD_S, rng)
        self.pressure_2.convert(node_mmhg, PWM_PERIOD_S, rng)
        counted = self.flow.convert(flow_l_min, PWM_PERIOD_S, rng)
        self.cylinder_sensor.convert(self.cylinder.pressure_bar, PWM_PERIOD_S, rng)
        if not math.isnan(counted) and counted > 0.15:  # the counter's own creep limit, three sigma of the sensor
            self.gas_used_l += counted / 60.0 * PWM_PERIOD_S
        self._node_sum = self._flow_sum = 0.0
        self._step_in_period = 0
        self._periods += 1

    def _line(self) -> tuple[float, float]:
        access = self.pulled_tube if self.tube is Tube.PULLED else self.access
        factor = self.kink_factor if self.tube is Tube.KINKED else 1.0
        return access.linear * factor, access.quadratic * factor

    def _integrate(self, steps: int) -> None:
        """`steps` steps inside one pulse period.  Locals throughout: this loop is the simulator's cost."""
        dt = self.step_s
        sqrt, log, exp = math.sqrt, math.log, math.exp
        patient = self.patient
        opening_ml, opening_mmhg = patient.opening_ml, patient.opening_mmhg
        scale_mmhg, asymptote_ml = patient.scale_mmhg, patient.volume_l * 1000.0
        closed_per_ml = 1.0 / patient.closed_compliance_ml_mmhg
        stiff_ml, stiff_per_ml = patient.stiff_ml, 1.0 / patient.stiff_compliance_ml_mmhg
        to_valve, to_solenoid = 1.0 - exp(-dt / self.valve_tau_s), 1.0 - exp(-dt / self.solenoid_tau_s)
        to_relief, to_sensor = 1.0 - exp(-dt / self.relief_tau_s), 1.0 - exp(-dt / self.sensor_tau_s)
        to_flow = 1.0 - exp(-dt / self.flow_sensor_tau_s)
        regulator_mmhg = min(self.regulator_mmhg, self.cylinder.pressure_bar * 750.06)
        full_per_sqrt = self.full_flow_ml_s / sqrt(self.regulator_mmhg)
        dead, live = self.valve_dead_travel, 1.0 / (1.0 - self.valve_dead_travel)
        linear, quadratic = self._line()
        pulled = self.tube is Tube.PULLED
        leak_per_sqrt = self.leak_l_min * ML_S_PER_L_MIN / sqrt(self.leak_reference_mmhg)
        if pulled:  # the open tap of the trocar
            leak_per_sqrt += 20.0 * ML_S_PER_L_MIN / sqrt(self.leak_reference_mmhg)
        uptake_ml_s = patient.uptake_ml_min / 60.0
        relief_per_sqrt = self.relief_ml_s_per_sqrt_mmhg
        dt_per_compliance = dt / self.node_compliance_ml_mmhg
        solenoid_to = self.solenoid_stuck if self.solenoid_stuck is not None else float(self.solenoid_open)
        relief_to = self.relief_stuck if self.relief_stuck is not None else float(self.relief_open)
        stuck, on_steps = self.valve_stuck, self._on_steps
        valve, solenoid, relief = self._valve, self._solenoid, self._relief
        node, node_sensed, flow_sensed = self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s
        node_sum, flow_sum = self._node_sum, self._flow_sum
        gas_ml, abdomen, supply, leak = self._abdomen_ml, self._abdomen_mmhg, 0.0, 0.0
        external, displaced = self._external_mmhg, self._displaced_ml
        external_slope, displaced_slope = self._external_slope, self._displaced_slope
        supplied = 0.0

        for step in range(self._step_in_period, self._step_in_period + steps):
            before = valve
            if stuck is None:
                drive = on_steps - step
                drive = 1.0 if drive >= 1.0 else (drive if drive > 0.0 else 0.0)
                valve += (drive - valve) * to_valve
            else:
                valve = stuck
            solenoid += (solenoid_to - solenoid) * to_solenoid
            relief += (relief_to - relief) * to_relief

            travel = 0.5 * (before + valve)  # over the step
            if travel > dead and solenoid > 0.01 and regulator_mmhg > node:
                supply = (travel - dead) * live * solenoid * full_per_sqrt * sqrt(regulator_mmhg - node)
            else:
                supply = 0.0

            external += external_slope
            displaced += displaced_slope
            filled = gas_ml + displaced
            if filled <= opening_ml:
                elastic = filled * closed_per_ml
            elif filled < stiff_ml:
                elastic = opening_mmhg - scale_mmhg * log(1.0 - (filled - opening_ml) / asymptote_ml)
            else:
                elastic = 25.0 + (filled - stiff_ml) * stiff_per_ml
            abdomen = elastic + external

            drop = node if pulled else node - abdomen
            if drop >= 0.0:
                line = (sqrt(linear * linear + 4.0 * quadratic * drop) - linear) / (2.0 * quadratic)
            else:
                line = (linear - sqrt(linear * linear - 4.0 * quadratic * drop)) / (2.0 * quadratic)
            vented = relief * relief_per_sqrt * sqrt(node) if node > 0.0 and relief > 0.001 else 0.0
            node += (supply - line - vented) * dt_per_compliance

            leak = leak_per_sqrt * sqrt(abdomen) if abdomen > 0.0 else 0.0
            into = -leak if pulled else line - leak
            gas_ml += (into - uptake_ml_s) * dt
            if gas_ml < 0.0:
                gas_ml = 0.0
            supplied += supply

            node_sensed += (node - node_sensed) * to_sensor
            flow_sensed += (supply - flow_sensed) * to_flow
            node_sum += node_sensed
            flow_sum += flow_sensed

        self._step_in_period += steps
        self._valve, self._solenoid, self._relief = valve, solenoid, relief
        self._node_mmhg, self._node_sensed_mmhg, self._flow_sensed_ml_s = node, node_sensed, flow_sensed
        self._node_sum, self._flow_sum = node_sum, flow_sum
        self._abdomen_ml, self._abdomen_mmhg = gas_ml, abdomen
        self._external_mmhg, self._displaced_ml = external, displaced
        self._supply_ml_s, self._leak_ml_s = supply, leak
        self.supplied_ml += supplied * dt
        self.cylinder.draw(supplied * dt / 1000.0)
