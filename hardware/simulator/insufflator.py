"""The simulated insufflator: obeys drives while gas is enabled, guards the patient by limits of its own."""

from __future__ import annotations

from hardware.gas_modes import MODES, InsufflationMode, entering
from hardware.limits import MASTER_SILENCE_S, relief_limit_mmhg
from hardware.protocol import (
    Applied,
    DriveInsufflator,
    ModuleKind,
    Reason,
    Reply,
    Request,
    ResetGasUsed,
    SetFlow,
    SetGas,
    SetMode,
    SetPressure,
)
from hardware.quantities import PRESSURE, SetpointRange
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading
from hardware.simulator.pneumatics import Pneumatics
from hardware.simulator.slave import Slave, SlaveRefusalError

POWER_ON_MODE = InsufflationMode.ADULT
# The control unit opens the relief valve within two of its cycles (40 ms).  The slave acts when it has not.
OWN_LIMIT_DELAY_S = 0.100
# While the relief valve is open the line reads below the abdomen: it stays open this long at least, ...
OWN_RELIEF_S = 0.300
OWN_LOOK_S = 0.200  # ... and opens again when the line, once settled, still shows P1 or more
OWN_LIMIT_CLEAR_S = 1.0  # below P1, with the relief valve closed


class Insufflator(Slave):
    """Its own limit: the higher sensor at or above P2 for 100 ms without relief ordered closes the valves at once and
    opens the relief valve, until the pressure stays below P1.  It needs no master for that, and no gas supply running.
    P1 and the standard flow are kept within the ranges of the mode; a mode may be entered with the supply running (from
    the needle to the trocar), and a P1 that it forbids falls to its usual one at once.
    A drive that is not renewed for 500 ms lapses, even while the master talks to other slaves.
    """

    kind = ModuleKind.INSUFFLATOR
    serial_number = "SIM-INS-0001"

    def __init__(self, plant: Pneumatics) -> None:
        super().__init__()
        self.plant = plant
        self._power_on()

    def _power_on(self) -> None:
        self.mode = POWER_ON_MODE
        self.pressure_setpoint_mmhg = MODES[POWER_ON_MODE].pressure.default
        self.flow_setpoint_l_min = MODES[POWER_ON_MODE].flow.default
        self.running = False
        self.supply_s = 0.0
        self.own_limit = False
        self._ordered = InsufflatorDrive()
        self._ordered_s = 0.0  # since the last order
        self._over_s = 0.0
        self._own_relief = False
        self._own_s = 0.0  # since the own relief opened or closed
        self._drive_valves()

    def reset(self) -> None:
        super().reset()
        self.plant.gas_used_l = 0.0
        self._power_on()

    def _apply(self, request: Request) -> Reply:
        match request:
            case DriveInsufflator(drive=drive):
                self._ordered, self._ordered_s = drive, 0.0
                self._drive_valves()
                return self.reading()
            case SetPressure(pressure_mmhg=pressure):
                self.pressure_setpoint_mmhg = _within(MODES[self.mode].pressure, pressure)
                return Applied(self._now_s, pressure)
            case SetFlow(flow_l_min=flow):
                self.flow_setpoint_l_min = _within(MODES[self.mode].flow, flow)
                return Applied(self._now_s, flow)
            case SetGas(running=running):
                return self._set_gas(running)
            case ResetGasUsed():
                self.plant.gas_used_l = 0.0
                self.supply_s = 0.0
                return Applied(self._now_s, 0.0)
            case SetMode(mode=mode):
                return self._enter(mode)
        raise SlaveRefusalError(Reason.UNKNOWN_COMMAND)

    def _set_gas(self, running: bool) -> Applied:
        if running and self._sensor_faults():
            raise SlaveRefusalError(Reason.FAULT)
        if running and self.own_limit:
            raise SlaveRefusalError(Reason.NOT_NOW)
        # Someone has decided about the gas since the silence, so it need not be told any more.
        self.watchdog_tripped = False
        self.running = running
        if not running:
            self._ordered = InsufflatorDrive(relief_open=self._ordered.relief_open)
        self._drive_valves()
        return Applied(self._now_s, running)

    def _enter(self, mode: InsufflationMode) -> Applied:
        if self.own_limit:
            raise SlaveRefusalError(Reason.NOT_NOW)  # what it vents to must not move while it vents
        self.mode = mode
        self.pressure_setpoint_mmhg, self.flow_setpoint_l_min = entering(mode, self.pressure_setpoint_mmhg)
        return Applied(self._now_s, mode)

    def _make_safe(self) -> None:
        self.running = False
        self._ordered = InsufflatorDrive()
        self._drive_valves()

    def _guard(self, dt_s: float) -> None:
        if self.running:
            self.supply_s += dt_s
        self._ordered_s += dt_s
        if self._ordered_s >= MASTER_SILENCE_S:
            # The master may live and talk to others: an order that is not renewed must not go on acting.
            self._ordered = InsufflatorDrive()
        pressure = self._higher_mmhg()
        if pressure is None:  # nothing to judge by: as it was, with the supply closed
            self._drive_valves()
            return
        over = pressure >= relief_limit_mmhg(self.pressure_setpoint_mmhg)
        below = pressure < self.pressure_setpoint_mmhg
        self._own_s += dt_s
        if not self.own_limit:
            self._over_s = self._over_s + dt_s if over and not self._ordered.relief_open else 0.0
            if self._over_s >= OWN_LIMIT_DELAY_S:
                self.own_limit = True
                self._set_own_relief(True)
        elif self._own_relief:
            if below and self._own_s >= OWN_RELIEF_S:
                self._set_own_relief(False)
        elif over or (not below and self._own_s >= OWN_LOOK_S):
            self._set_own_relief(True)
        elif below and self._own_s >= OWN_LIMIT_CLEAR_S:
            self.own_limit = False
            self._over_s = 0.0
        self._drive_valves()

    def _set_own_relief(self, is_open: bool) -> None:
        self._own_relief, self._own_s = is_open, 0.0

    def _drive_valves(self) -> None:
        """The order as far as the slave lets it through."""
        supply = self.running and not self.own_limit and not self._sensor_faults()
        self.plant.duty = self._ordered.duty if supply else 0.0
        self.plant.solenoid_open = self._ordered.solenoid_open and supply
        self.plant.relief_open = self._ordered.relief_open or self._own_relief

    def _higher_mmhg(self) -> float | None:
        """Of the sensors whose value can be; one at its rail would open the relief valve and empty the patient.

        Both above what they can report is no broken wire: then the line may truly be there.
        """
        values = [s.value for s in (self.plant.pressure_1, self.plant.pressure_2)]
        both_beyond = min(values) > PRESSURE.absolute_max  # False with NaN
        return max((value for value in values if both_beyond or PRESSURE.plausible(value)), default=None)

    def _sensor_faults(self) -> InsufflatorFault:
        """What the slave's own electronics can tell: a converter that gives no number."""
        plant, faults = self.plant, InsufflatorFault.NONE
        for sensor, bit in (
            (plant.pressure_1, InsufflatorFault.PRESSURE_SENSOR_1),
            (plant.pressure_2, InsufflatorFault.PRESSURE_SENSOR_2),
            (plant.flow, InsufflatorFault.FLOW_SENSOR),
        ):
            if sensor.broken:
                faults |= bit
        return faults

    def reading(self) -> InsufflatorReading:
        """The status, as the slave reports it."""
        plant, faults = self.plant, self._sensor_faults()
        if plant.cylinder_sensor.broken:
            faults |= InsufflatorFault.CYLINDER_SENSOR
        if self.watchdog_tripped:
            faults |= InsufflatorFault.WATCHDOG
        if self.own_limit:
            faults |= InsufflatorFault.OWN_LIMIT
        return InsufflatorReading(
            time_s=self._now_s,
            pressure_mmhg=plant.pressure_1.value,
            pressure2_mmhg=plant.pressure_2.value,
            flow_l_min=plant.flow.value,
            cylinder_bar=plant.cylinder_sensor.value,
            gas_used_l=plant.gas_used_l,
            duty=plant.duty,
            solenoid_open=plant.solenoid_open,
            relief_open=plant.relief_open,
            running=self.running,
            pressure_setpoint_mmhg=self.pressure_setpoint_mmhg,
            flow_setpoint_l_min=self.flow_setpoint_l_min,
            faults=faults,
            mode=self.mode,
            supply_s=self.supply_s,
        )


def _within(allowed: SetpointRange, value: float) -> float:
    """`value` where the mode allows it.  Raises `SlaveRefusalError`."""
    if not allowed.minimum <= value <= allowed.maximum:
        raise SlaveRefusalError(Reason.OUT_OF_RANGE)
    return value
