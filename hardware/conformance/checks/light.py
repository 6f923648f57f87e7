"""Clauses H: the light source in standby and on."""

from __future__ import annotations

from hardware.conformance.probe import DeviationError, Probe, UnseenError
from hardware.conformance.registry import check
from hardware.limits import BOARD_FULL_SCALE_MA, RATED_LED_CURRENT_MA, STANDBY_INTENSITY_PERCENT
from hardware.protocol import DriveLight, SetIntensity, SetLight
from hardware.readings import LightDrive, LightReading

STANDBY_DRIVE = STANDBY_INTENSITY_PERCENT / 100.0 * RATED_LED_CURRENT_MA / BOARD_FULL_SCALE_MA
MOST_IN_STANDBY = 1.3 * STANDBY_DRIVE
_COUNT = 0.0001
_SEEN_MA = 200.0  # of 720 at the drive below: more than the standby level
DIM = LightDrive(drive=0.2, fan=0.5)


def light_status(p: Probe, drive: LightDrive | None = None) -> LightReading:
    """The status in reply to `drive`, by default to one that darkens."""
    reading = p.status(DriveLight(drive or LightDrive()))
    assert isinstance(reading, LightReading)
    return reading


def shining(p: Probe) -> LightReading:
    """On, and driven for a second; the status with the current.  Raises `UnseenError` where the LED draws none."""
    p.apply(SetLight(True))
    p.keep(1.0, DriveLight(DIM))
    reading = light_status(p, DIM)
    if not reading.current_ma > _SEEN_MA:
        raise UnseenError(f"the LED draws {reading.current_ma:g} mA at drive {DIM.drive:g}: connect it")
    return reading


def standing_by(p: Probe, before: LightReading) -> None:
    """Raises `DeviationError` unless LED and fan have been set for standby without a drive, 2 s ago or longer.

    The status is the reply to a drive.  Current and fan speed in it are still those from before that drive, or, in a
    slave that measures at once, those of a dark LED."""
    after = light_status(p)
    most_ma = 2.0 * STANDBY_DRIVE * BOARD_FULL_SCALE_MA
    if after.current_ma > most_ma:
        raise DeviationError(f"the LED at its standby level, {most_ma:.0f} mA at most", f"{after.current_ma:.0f} mA")
    if before.fan_percent > 5.0 and not after.fan_percent > max(80.0, before.fan_percent):
        raise DeviationError("the fan at full speed, 80 % at least after 2 s", f"{after.fan_percent:.0f} %")


@check("H1")
def standby_cuts_the_drive(p: Probe) -> None:
    p.apply(SetLight(False))
    for order in (MOST_IN_STANDBY + 0.01, DIM.drive):
        reading = light_status(p, LightDrive(order, 0.3))
        light_status(p)
        if reading.on or abs(reading.drive - MOST_IN_STANDBY) > 1.5 * _COUNT:
            raise DeviationError(
                f"on 0 and drive {MOST_IN_STANDBY:.4f} for an order of {order:.4f}",
                f"on {reading.on:d} and drive {reading.drive:.4f}",
            )
    reading = light_status(p, LightDrive(STANDBY_DRIVE, 0.3))
    if abs(reading.drive - STANDBY_DRIVE) > 1.5 * _COUNT:
        raise DeviationError(f"drive {STANDBY_DRIVE:.4f}, which standby allows", f"{reading.drive:.4f}")


@check("H2")
def on_obeys_the_drive(p: Probe) -> None:
    p.apply(SetLight(True))
    for drive in (DIM, LightDrive(0.1, 0.3), LightDrive(0.0, 0.3)):
        reading = light_status(p, drive)
        if not reading.on or abs(reading.drive - drive.drive) > 1.5 * _COUNT:
            raise DeviationError(f"on 1 and drive {drive.drive:g}", f"on {reading.on:d} and drive {reading.drive:g}")


@check("H3")
def standby_is_never_refused(p: Probe) -> None:
    p.apply(SetLight(True))
    light_status(p, DIM)
    for _ in range(2):
        p.apply(SetLight(False))
        reading = light_status(p, DIM)
        if reading.on or reading.drive > MOST_IN_STANDBY + 1.5 * _COUNT:
            raise DeviationError(
                f"on 0 and drive {MOST_IN_STANDBY:.4f} at most", f"on {reading.on:d} and drive {reading.drive:.4f}"
            )


@check("H4")
def intensity_drives_nothing(p: Probe) -> None:
    p.apply(SetLight(True))
    before = light_status(p, DIM)
    p.apply(SetIntensity(100.0))
    p.keep(0.3)
    after = light_status(p, DIM)
    if after.drive != before.drive:
        raise DeviationError(f"drive {before.drive:g} still after SetIntensity", f"{after.drive:g}")
