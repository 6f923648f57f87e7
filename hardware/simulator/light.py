"""The simulated light source: obeys drives within its state, goes to standby by itself, off when too hot."""

from __future__ import annotations

import math

from hardware.limits import BOARD_FULL_SCALE_MA, RATED_LED_CURRENT_MA, STANDBY_INTENSITY_PERCENT
from hardware.protocol import Applied, DriveLight, ModuleKind, Reason, Reply, Request, SetIntensity, SetLight
from hardware.quantities import LIGHT_INTENSITY, LIGHT_TEMPERATURE
from hardware.readings import LightDrive, LightFault, LightReading
from hardware.simulator.lamp import Lamp
from hardware.simulator.slave import Slave, SlaveRefusalError

STANDBY_DRIVE = STANDBY_INTENSITY_PERCENT / 100.0 * RATED_LED_CURRENT_MA / BOARD_FULL_SCALE_MA
# Room for the control unit's trim.  No temperature is needed to allow this much: 195 mA at 30.2 V are 5.9 W, 4.1 W of
# heat; with the fan dead 5.9 K over the heat sink (0.7 W/K in still air) and 0.7 K over the LED board (6 W/K), so the
# LED is 7 K above the room at most.
STANDBY_DRIVE_LIMIT = 1.3 * STANDBY_DRIVE
OFF_C = 92.0  # above the control unit's own switching off
ON_AGAIN_C = 65.0
FAULT_DELAY_S = 0.5


class Light(Slave):
    """Its own limits: in standby or without a temperature the standby level; 92 degC at the LED switches it off."""

    kind = ModuleKind.LIGHT
    serial_number = "SIM-LGT-0001"

    def __init__(self, plant: Lamp) -> None:
        super().__init__()
        self.plant = plant
        self._power_on()

    def _power_on(self) -> None:
        self.intensity_percent = LIGHT_INTENSITY.default
        self.on = False
        self.too_hot = False
        self.heat_unknown = False
        self.led_open = False
        self.fan_fault = False
        self._ordered = LightDrive()
        self._silent = False
        self._dark_s = 0.0
        self._still_s = 0.0
        self._drive_lamp()

    def reset(self) -> None:
        super().reset()
        self._power_on()

    def _apply(self, request: Request) -> Reply:
        match request:
            case DriveLight(drive=drive):
                self._silent = False
                self._ordered = drive
                self._drive_lamp()
                return self.reading()
            case SetIntensity(intensity_percent=intensity):
                self.intensity_percent = intensity
                return Applied(self._now_s, intensity)
            case SetLight(on=on):
                if on and self.too_hot:
                    raise SlaveRefusalError(Reason.NOT_NOW)
                if on and self.led_open:
                    raise SlaveRefusalError(Reason.FAULT)
                self.watchdog_tripped = False
                self.on = on
                self._drive_lamp()
                return Applied(self._now_s, on)
        raise SlaveRefusalError(Reason.UNKNOWN_COMMAND)

    def _make_safe(self) -> None:
        self.on = False
        self._silent = True  # until the next drive: standby level and full fan by itself
        self._drive_lamp()

    def _guard(self, dt_s: float) -> None:
        plant = self.plant
        temperature = plant.temperature.value
        # What a broken wire reads is no temperature: going dark for it would harm more than a glow can.
        self.heat_unknown = not LIGHT_TEMPERATURE.plausible(temperature)
        self.too_hot = not self.heat_unknown and temperature >= (ON_AGAIN_C if self.too_hot else OFF_C)
        dark = plant.drive > 0.02 and plant.current.value < 0.2 * plant.drive * BOARD_FULL_SCALE_MA
        self._dark_s = self._dark_s + dt_s if dark else 0.0
        self.led_open = self._dark_s >= FAULT_DELAY_S
        still = plant.fan >= 0.2 and plant.tachometer.value < 5.0
        self._still_s = self._still_s + dt_s if still else 0.0
        self.fan_fault = self._still_s >= 4.0 * FAULT_DELAY_S
        self._drive_lamp()

    def _drive_lamp(self) -> None:
        """The order as far as the slave lets it through."""
        drive, fan = self._ordered.drive, self._ordered.fan
        if self._silent:
            drive, fan = STANDBY_DRIVE, 1.0
        elif not self.on or self.heat_unknown:
            drive = min(drive, STANDBY_DRIVE_LIMIT)
        self.plant.drive = 0.0 if self.too_hot else drive
        self.plant.fan = 1.0 if self.too_hot or self.heat_unknown else fan

    def reading(self) -> LightReading:
        """The status, as the slave reports it."""
        faults = LightFault.NONE
        for present, bit in (
            (self.watchdog_tripped, LightFault.WATCHDOG),
            (self.too_hot, LightFault.OVER_TEMPERATURE),
            (self.led_open, LightFault.LED_OPEN),
            (self.fan_fault, LightFault.FAN),
        ):
            if present:
                faults |= bit
        plant = self.plant
        speed = plant.tachometer.value
        return LightReading(
            time_s=self._now_s,
            current_ma=plant.current.value,
            drive=plant.drive,
            temperature_c=plant.temperature.value,
            fan_percent=speed if math.isnan(speed) else max(0.0, speed),
            on=self.on,
            intensity_setpoint_percent=self.intensity_percent,
            hours=plant.hours,
            faults=faults,
        )
