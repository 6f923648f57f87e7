"""Clauses C: exposure, gain and white balance of the camera head."""

from __future__ import annotations

import math

from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.protocol import (
    Applied,
    MeasureWhiteBalance,
    PollCamera,
    Reason,
    Refusal,
    SetExposure,
    SetExposureControl,
    SetGain,
    SetWhiteBalance,
)
from hardware.readings import CameraFault, CameraReading

# Gain and exposure of the automatic may move between two polls; what was fixed must not.
_GAIN_DB, _EXPOSURE_US = 0.011, 11


def camera_status(p: Probe) -> CameraReading:
    reading = p.status(PollCamera())
    assert isinstance(reading, CameraReading)
    return reading


@check("C1")
def exposure_ends_the_automatic(p: Probe) -> None:
    p.apply(SetExposureControl(True))
    p.apply(SetExposure(5.0))
    first = camera_status(p)
    p.apply(SetExposure(2.0))
    second = camera_status(p)
    if first.automatic or second.automatic:
        raise DeviationError("automatic 0 after SetExposure", "1")
    if abs(first.gain_db - second.gain_db) > _GAIN_DB:
        raise DeviationError(f"a gain of {first.gain_db:g} dB still", f"{second.gain_db:g} dB")


@check("C2")
def gain_ends_the_automatic(p: Probe) -> None:
    p.apply(SetExposureControl(True))
    p.apply(SetGain(6.0))
    first = camera_status(p)
    p.apply(SetGain(3.0))
    second = camera_status(p)
    if first.automatic or second.automatic:
        raise DeviationError("automatic 0 after SetGain", "1")
    if abs(first.exposure_us - second.exposure_us) > _EXPOSURE_US:
        raise DeviationError(f"an exposure of {first.exposure_us} us still", f"{second.exposure_us} us")


@check("C3")
def automatic_and_back(p: Probe) -> None:
    p.apply(SetExposure(4.0))
    p.apply(SetGain(9.0))
    p.apply(SetExposureControl(True))
    if not camera_status(p).automatic:
        raise DeviationError("automatic 1 after SetExposureControl 1", "0")
    p.apply(SetExposureControl(False))
    first = camera_status(p)
    p.keep(0.5)
    second = camera_status(p)
    if first.automatic or (first.exposure_us, first.gain_db) != (second.exposure_us, second.gain_db):
        raise DeviationError(
            f"exposure {first.exposure_us} us and gain {first.gain_db:g} dB to stand after SetExposureControl 0",
            f"automatic {second.automatic:d}, {second.exposure_us} us, {second.gain_db:g} dB",
        )


@check("C4")
def white_is_found_or_refused(p: Probe) -> None:
    p.apply(SetWhiteBalance(5000.0))
    reply = p.ask(MeasureWhiteBalance())
    expected = 5000.0
    if isinstance(reply, Refusal):
        if reply.reason is not Reason.NOT_NOW:
            raise DeviationError("a white balance, or a refusal with NOT_NOW", f"a refusal with {reply.reason.name}")
    else:
        assert isinstance(reply, Applied)
        expected = float(reply.value)
    shown = camera_status(p).white_balance_k
    if not math.isclose(shown, expected, abs_tol=0.5):
        raise DeviationError(f"{expected:g} K in the status", f"{shown:g} K")


@check("C5")
def picture_or_none(p: Probe) -> None:
    reading = camera_status(p)
    lost = bool(reading.faults & CameraFault.NO_SIGNAL)
    if reading.streaming != (reading.frame_rate > 0.0) or reading.streaming == lost:
        raise DeviationError(
            "streaming 1 with a frame rate and NO_SIGNAL clear, or 0 with none and NO_SIGNAL set",
            f"streaming {reading.streaming:d}, {reading.frame_rate:g} frames/s, NO_SIGNAL {lost:d}",
        )
