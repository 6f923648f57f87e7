"""Clauses H: the light source in standby and on."""

from __future__ import annotations

from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.limits import BOARD_FULL_SCALE_MA, RATED_LED_CURRENT_MA, STANDBY_INTENSITY_PERCENT
from hardware.protocol import DriveLight, SetIntensity, SetLight
from hardware.readings import LightDrive, LightReading

STANDBY_DRIVE = STANDBY_INTENSITY_PERCENT / 100.0 * RATED_LED_CURRENT_MA / BOARD_FULL_SCALE_MA
MOST_IN_STANDBY = 1.3 * STANDBY_DRIVE
_COUNT = 0.0001
DIM = LightDrive(drive=0.2, fan=0.5)


def light_status(p: Probe, drive: LightDrive | None = None) -> LightReading:
    """The status in reply to `drive`, by default to one that darkens."""
    reading = p.status(DriveLight(drive or LightDrive()))
    assert isinstance(reading, LightReading)
    return reading


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
