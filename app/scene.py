"""What the modules do to the phantom's picture: light, room and camera head, from what was read back."""

from __future__ import annotations

import math

from app.status import TowerStatus
from hardware.limits import LED_COLOUR_K
from hardware.quantities import CAMERA_EXPOSURE, CAMERA_GAIN, CAMERA_WHITE_BALANCE
from hardware.readings import CameraReading, InsufflatorReading, LightReading
from vision.sources.phantom import SceneState

FULL_ROOM_MMHG = 12.0  # the room is fully open at this pressure
LIGHT_LOST_S = 1.0  # a light that has not been heard of for so long is not counted on


def phantom_scene(status: TowerStatus, now_s: float) -> SceneState:
    """The phantom's state at `now_s` (monotonic), never from a setpoint.  A camera head that is silent stays as it
    was last heard of; one that never spoke is on the phantom's own exposure."""
    exposure, gain_db, white_balance_k = _camera(status.camera)
    return SceneState(
        light_fraction=_light(status.light, status.rated_current_ma, now_s),
        insufflation=_room(status.insufflator),
        exposure=exposure,
        gain_db=gain_db,
        light_k=LED_COLOUR_K,
        white_balance_k=white_balance_k,
    )


def _light(light: LightReading | None, rated_current_ma: float, now_s: float) -> float:
    """The LED's current as a share of the rated one, 0..1: also that of standby, whose glow is seen."""
    if light is None or not math.isfinite(light.current_ma) or now_s - light.time_s >= LIGHT_LOST_S:
        return 0.0
    return min(1.0, max(0.0, light.current_ma / rated_current_ma))


def _room(gas: InsufflatorReading | None) -> float:
    if gas is None or not math.isfinite(gas.pressure_mmhg):
        return 0.0
    return min(1.0, max(0.0, gas.pressure_mmhg / FULL_ROOM_MMHG))


def _camera(camera: CameraReading | None) -> tuple[float, float, float]:
    """Share of the longest exposure, gain in dB, white balance in K."""
    if camera is None:
        return 1.0, 0.0, LED_COLOUR_K
    exposure_ms = camera.exposure_us / 1000.0
    gain_db = camera.gain_db if math.isfinite(camera.gain_db) else 0.0
    return (
        min(1.0, max(CAMERA_EXPOSURE.minimum / CAMERA_EXPOSURE.maximum, exposure_ms / CAMERA_EXPOSURE.maximum)),
        min(CAMERA_GAIN.maximum, max(CAMERA_GAIN.minimum, gain_db)),
        min(CAMERA_WHITE_BALANCE.maximum, max(CAMERA_WHITE_BALANCE.minimum, camera.white_balance_k)),
    )
