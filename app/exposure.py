"""How long the camera exposes, as a share of the time between two frames: what a movement does to the picture."""

from __future__ import annotations

from hardware.readings import CameraReading
from vision.frames import SourceInfo

HEARD_WITHIN_S = 2.0  # the camera is polled four times a second


def exposure_share(camera: CameraReading | None, source: SourceInfo | None, now_s: float) -> float | None:
    """Share above 0 up to 1 at `now_s` (monotonic); None where the bus does not tell it.

    A film was exposed by another camera, at another time: what the head on the bus says is nothing to it.
    """
    if camera is None or source is None or not source.live or now_s - camera.time_s > HEARD_WITHIN_S:
        return None
    rate_hz = source.frame_rate or camera.frame_rate  # of the frames that come here; a head may well run faster
    share = camera.exposure_us * 1e-6 * rate_hz
    return min(1.0, share) if share > 0.0 else None
