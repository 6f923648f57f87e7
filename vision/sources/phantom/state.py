"""What the tower tells the phantom (light, room, camera head) and what the phantom tells tests (the sharp truth)."""

from __future__ import annotations

from dataclasses import dataclass

from vision.frames import Picture

_RANGES = {
    "light_fraction": (0.0, 1.0),
    "insufflation": (0.0, 1.0),
    "exposure": (0.005, 1.0),
    "gain_db": (0.0, 30.0),
    "light_k": (1500.0, 20000.0),
    "white_balance_k": (1500.0, 20000.0),
}


@dataclass(frozen=True, slots=True)
class SceneState:
    """What the modules do to the picture, taken from values read back, never from requests.

    `light_fraction` (0..1): share of the lamp's full light; 0 is nearly black.
    `insufflation` (0..1): 0 is a collapsed abdomen (tissue against the scope), 1 is a fully opened room.
    `exposure` (0.005..1): share of the longest exposure; shorter is darker, and blurs less.
    `gain_db` (0..30): of the sensor's signal; brings its noise with it.
    `light_k`, `white_balance_k` (1500..20000): colour temperature of the lamp, and the one shown as white.
    """

    light_fraction: float = 0.7
    insufflation: float = 1.0
    exposure: float = 1.0
    gain_db: float = 0.0
    light_k: float = 5600.0
    white_balance_k: float = 5600.0

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # also refuses NaN
                raise ValueError(f"{name} is {value}; a number from {low:g} to {high:g} is needed")


@dataclass(frozen=True, slots=True)
class Exposure:
    """One exposed picture of the phantom, with what is known of it."""

    index: int  # frame index since the start of the scene
    image: Picture  # (H, W, 3) uint8 BGR, as the camera delivers it: shaken or not, with sensor noise
    blurred: bool  # the scope was shaken during this exposure
    shake_px: float  # length of the path of the picture on the sensor during the exposure; 0 when not blurred
    render_ms: float


@dataclass(frozen=True, slots=True)
class Truth:
    """The sharp picture at mid-exposure, without noise, of the frame that `read` gave last."""

    index: int
    sharp: Picture  # (H, W, 3) uint8 BGR
    blurred: bool
    shake_px: float


@dataclass(frozen=True, slots=True)
class RenderCost:
    """What drawing the phantom costs; a real camera costs none of it, so measurements report it apart."""

    last_ms: float
    median_ms: float  # over the last 120 frames
    frames: int  # drawn since opening
